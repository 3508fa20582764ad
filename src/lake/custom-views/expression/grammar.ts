import { Cursor, isForeign } from './cursor.ts';
import { Refusal, refuseDate, unknown, unreadable } from './refusals.ts';
import { ARGUMENTS, likeFunction, MANY, RESERVED } from './words.ts';

/** What is known of a value without its columns: the text that it is, when it is no more than that. */
type Value = { readonly text?: string };

const LONGEST_INTEGER = 18;
const CONSTANTS = new Set(['NULL', 'TRUE', 'FALSE']);
const QUERIES = new Set(['SELECT', 'WITH', 'VALUES', 'FROM']);
const NO_CAST = 'CAST is not for expressions: give the key a type by `cast`, or the column by `type`';

/** Reads an expression by levels: OR, AND, NOT, predicates, ||, + -, * / %, signs. */
export class Grammar extends Cursor {
  /** The expression from its beginning to its end. Throws Refusal. */
  all(): void {
    this.#or();
    if (this.now.kind !== 'end') throw this.unexpected();
  }

  #level(operand: () => Value, ...operators: string[]): Value {
    let value = operand();
    while (this.took(...operators)) {
      operand();
      value = {};
    }
    return value;
  }

  #or = (): Value => this.#level(this.#and, 'OR');
  #and = (): Value => this.#level(this.#not, 'AND');
  #joined = (): Value => this.#level(this.#sum, '||');
  #sum = (): Value => this.#level(this.#product, '+', '-');
  #product = (): Value => this.#level(this.#signed, '*', '/', '%');

  #not = (): Value => {
    if (!this.took('NOT')) return this.#predicates();
    this.#not();
    return {};
  };

  #predicates(): Value {
    let value = this.#joined();
    while (this.#isPredicate(value)) value = {};
    return value;
  }

  /** Reads what is said of a value, if that comes next. */
  #isPredicate(about: Value): boolean {
    const { at } = this.now;
    if (this.took('=', '<>', '!=', '<', '<=', '>', '>=')) this.#joined();
    else if (this.took('IS')) {
      this.took('NOT');
      if (this.now.upper === 'DISTINCT') throw unknown('IS DISTINCT FROM', at);
      if (!this.took('NULL')) throw new Refusal('IS takes NULL and NOT NULL', at);
    } else {
      const negated = this.took('NOT');
      if (this.took('IN')) this.#list(at);
      else if (this.took('BETWEEN')) {
        this.#joined();
        this.expect('AND');
        this.#joined();
      } else if (this.took('LIKE')) this.#pattern(about, at);
      else if (negated) throw this.unexpected();
      else return false;
    }
    return true;
  }

  #list(at: number): void {
    const isList = this.took('(') && !QUERIES.has(this.now.upper) && !this.is(')');
    if (!isList) throw new Refusal('IN takes a list of values', at);
    this.#arguments();
    this.expect(')');
  }

  #pattern(about: Value, at: number): void {
    const { text } = this.#joined();
    if (this.now.upper === 'ESCAPE') throw unknown('LIKE … ESCAPE', at);
    if (text === undefined) throw new Refusal('LIKE takes a pattern in quotes', at);
    if (`${about.text}${text}`.includes('\\')) {
      throw new Refusal('LIKE with a \\ is another pattern in each engine; use regexp_like', at);
    }
  }

  #signed = (): Value => {
    if (this.took('+', '-')) {
      this.#signed();
      return {};
    }
    const value = this.#value();
    if (this.is('::')) throw new Refusal(NO_CAST, this.now.at);
    if (this.is('.')) throw this.unexpected();
    return value;
  };

  #value(): Value {
    const { kind, value, upper, at } = this.now;
    if (kind === 'end') throw this.unexpected();
    this.skip();
    if (kind === 'number') return this.#number(value, at);
    if (kind === 'text') return { text: value };
    if (kind === 'sign') return this.#paren(value, at);
    if (CONSTANTS.has(upper)) return {};
    if (upper === 'CASE') return this.#case();
    if (this.is('(')) return this.#call(value, upper || value.toUpperCase(), at);
    if (upper === 'DATE' && this.now.kind === 'text') {
      refuseDate(this.now.value, at);
      this.skip();
    } else if (upper.startsWith('CURRENT_') || upper.startsWith('LOCALTIME')) throw unknown(value, at);
    else if (RESERVED.has(upper)) throw unreadable(`a value is missing before ${value}`, at);
    return {};
  }

  #number(written: string, at: number): Value {
    const value = written.startsWith('.') ? `0${written}` : written;
    if (/^\d+\.?\d*$/.test(value) && value.length <= LONGEST_INTEGER) return {};
    throw new Refusal(
      `${value} is no number of at most ${LONGEST_INTEGER} digits, with or without a point`,
      at,
    );
  }

  #paren(sign: string, at: number): Value {
    if (sign !== '(') {
      throw isForeign(sign) || sign === '*'
        ? unknown(sign, at)
        : unreadable(`a value is missing before ${sign}`, at);
    }
    const isQuery = QUERIES.has(this.now.upper);
    if (isQuery || this.is(')')) throw unknown(isQuery ? `(${this.now.value} …)` : '()', at);
    const value = this.#or();
    if (this.is(',')) throw unknown('a list in ( )', at);
    this.expect(')');
    return value;
  }

  #case(): Value {
    if (this.now.upper !== 'WHEN') this.#or();
    if (this.now.upper !== 'WHEN') throw unreadable('WHEN is missing after CASE', this.now.at);
    while (this.took('WHEN')) {
      this.#or();
      this.expect('THEN');
      this.#or();
    }
    if (this.took('ELSE')) this.#or();
    this.expect('END');
    return {};
  }

  #call(written: string, name: string, at: number): Value {
    this.skip();
    if (name === 'CAST') throw new Refusal(NO_CAST, at);
    const takes = ARGUMENTS.get(name);
    if (takes === undefined) throw unknown(this.writtenCall(at), at, likeFunction(written));
    if (name.startsWith('DATE_')) this.#unitOfDays(name);
    const found = this.is(')') ? 0 : this.#arguments();
    this.expect(')');
    const [least, most] = takes;
    if (found >= least && found <= most) return {};
    const wanted = most === least ? least : most === MANY ? `at least ${least}` : `${least} to ${most}`;
    const argument = wanted === 1 ? 'argument' : 'arguments';
    throw unreadable(`${written} takes ${wanted} ${argument}, not ${found}`, at);
  }

  #arguments(): number {
    let count = 0;
    do {
      if (this.now.upper === 'DISTINCT') throw unknown('DISTINCT', this.now.at);
      this.#or();
      count += 1;
    } while (this.took(','));
    return count;
  }

  /** Of a text or a name as the unit, and of a text as the number of days; else columns decide. */
  #unitOfDays(name: string): void {
    const { kind, value, at } = this.now;
    if ((kind === 'text' || kind === 'name') && value.toUpperCase() !== 'DAY') {
      throw new Refusal(`date_diff and date_add take 'day', not '${value.toUpperCase()}'`, at);
    }
    const days = this.ahead(2);
    if (name === 'DATE_ADD' && days.kind === 'text' && !/^[+-]?\d{1,18}$/.test(days.value)) {
      throw new Refusal(`date_add takes a number of days, not '${days.value}'`, days.at);
    }
  }
}
