import { Cursor, isSign } from './cursor.ts';
import { Refusal, refuseDate, unknown, unreadable } from './refusals.ts';
import { ARGUMENTS, BETWEEN_ARGUMENTS, OWN_ARGUMENTS, RESERVED } from './words.ts';

/** What is known of a value without its columns: the text or NULL that it is, when it is no more than that. */
type Value = { readonly text?: string; readonly isNull?: boolean };

const LONGEST_INTEGER = 18;
const CONSTANTS = new Set(['NULL', 'TRUE', 'FALSE']);

/** Reads by sqlglot's levels: OR, AND, = <>, < <= > >=, IS IN BETWEEN LIKE, ||, + -, * / %, signs and NOT. */
export class Grammar extends Cursor {
  /** The expression from its beginning to its end. Throws Refusal. */
  all(): void {
    this.#or();
    if (this.is(';') && this.ahead(1).kind === 'end') return;
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
  #and = (): Value => this.#level(this.#equality, 'AND');
  #equality = (): Value => this.#level(this.#comparison, '=', '==', '<>', '!=');
  #comparison = (): Value => this.#level(this.#range, '<', '<=', '>', '>=');
  #joined = (): Value => this.#level(this.#sum, '||', '??');
  #sum = (): Value => this.#level(this.#product, '+', '-');
  #product = (): Value => this.#level(this.#signed, '*', '/', '%');

  #range = (): Value => {
    let value = this.#joined();
    while (this.#isPredicate(value)) value = {};
    return value;
  };

  /** Reads what is said of a value, if that comes next. */
  #isPredicate(about: Value): boolean {
    const start = this.position;
    const { at } = this.now;
    const negated = this.took('NOT', '!');
    if (this.took('ISNULL', 'NOTNULL') || (negated && this.took('NULL'))) return true;
    if (this.took('REGEXP', 'RLIKE')) this.#joined();
    else if (this.took('IS')) {
      this.took('NOT', '!');
      if (this.now.upper === 'DISTINCT') throw unknown('IS DISTINCT FROM', at);
      // Where no value follows sqlglot takes the word for a name.
      if (this.now.kind === 'end' || RESERVED.has(this.now.upper)) {
        this.position = start;
        return false;
      }
      const isNull = this.took('NULL') || this.#joined().isNull === true;
      if (!isNull) throw new Refusal('IS takes NULL and NOT NULL', at);
    } else if (this.took('IN')) {
      const isList = this.took('(') && !['SELECT', 'WITH'].includes(this.now.upper);
      if (!isList || this.#arguments() === 0) throw new Refusal('IN takes a list of values', at);
      this.expect(')');
    } else if (this.took('BETWEEN')) {
      this.#joined();
      this.took('AND');
      this.#joined();
    } else if (this.took('LIKE', '~~')) {
      const { text } = this.#joined();
      if (this.now.upper === 'ESCAPE') throw unknown('LIKE … ESCAPE', at);
      if (text === undefined) throw new Refusal('LIKE takes a pattern in quotes', at);
      if (`${about.text}${text}`.includes('\\')) {
        throw new Refusal('LIKE with a \\ is another pattern in each engine; use regexp_like', at);
      }
    } else {
      this.position = start;
      return false;
    }
    return true;
  }

  #signed = (): Value => {
    if (this.took('+')) return this.#signed();
    if (this.took('-')) {
      this.#signed();
      return {};
    }
    if (this.took('NOT', '!')) {
      this.#equality();
      return {};
    }
    const value = this.#value();
    if (this.is('.')) throw this.unexpected();
    const { at } = this.now;
    if (!this.took('::')) return value;
    this.#dateOnly(value, at);
    this.skip();
    return {};
  };

  #value(): Value {
    const { kind, value, upper, at } = this.now;
    const called = isSign(this.ahead(1), '(');
    if (kind === 'end') throw this.unexpected();
    this.skip();
    if (kind === 'number') return this.#number(value, at);
    if (kind === 'text') return this.#texts(value);
    if (kind === 'sign') return this.#paren(value, at);
    if (CONSTANTS.has(upper)) return { isNull: upper === 'NULL' };
    if (upper === 'CASE') return this.#case();
    if (called) return this.#call(value, upper || value.toUpperCase(), at);
    if (upper === 'DATE' && this.now.kind === 'text') {
      refuseDate(this.now.value, at);
      this.skip();
      return {};
    }
    if (/^0X[\dA-F]+$/.test(upper)) throw unknown(value, at);
    if (RESERVED.has(upper)) {
      const isValue = upper.startsWith('CURRENT_') || upper.startsWith('LOCALTIME');
      throw isValue ? unknown(value, at) : unreadable(`a value is missing before ${value}`, at);
    }
    return {};
  }

  #number(written: string, at: number): Value {
    const value = written.startsWith('.') ? `0.${written.slice(1).trim()}` : written;
    if (/^\d+\.?\d*$/.test(value) && value.length <= LONGEST_INTEGER) return {};
    throw new Refusal(
      `${value} is no number of at most ${LONGEST_INTEGER} digits, with or without a point`,
      at,
    );
  }

  #texts(first: string): Value {
    if (this.now.kind !== 'text') return { text: first };
    while (this.now.kind === 'text') this.skip();
    return {};
  }

  #paren(sign: string, at: number): Value {
    if (sign === '*') throw unknown(sign, at);
    if (sign !== '(') {
      throw '&^|~?@:['.includes(sign)
        ? unknown(sign, at)
        : unreadable(`a value is missing before ${sign}`, at);
    }
    while (this.took(','));
    const query = ['SELECT', 'WITH', 'VALUES', 'FROM'].includes(this.now.upper);
    if (query || this.is(')')) throw unknown(query ? `(${this.now.value} …)` : '()', at);
    this.#or();
    if (this.is(',')) throw unknown('a list in ( )', at);
    this.expect(')');
    return {};
  }

  #case(): Value {
    if (this.now.upper !== 'WHEN') this.#or();
    if (this.now.upper !== 'WHEN') throw unreadable('WHEN is missing after CASE', this.now.at);
    while (this.took('WHEN')) {
      this.#or();
      this.took('THEN');
      this.#or();
    }
    if (this.took('ELSE')) this.#or();
    this.expect('END');
    return {};
  }

  #call(written: string, name: string, at: number): Value {
    this.skip();
    if (name === 'CAST') return this.#cast(at);
    const takes = ARGUMENTS.get(name);
    if (takes === undefined) throw unknown(this.writtenCall(at), at);
    if (name.startsWith('DATE_')) this.#unitOfDays(name);
    let found = this.#arguments(name === 'POSITION' || name === 'SUBSTRING' ? this.#joined : this.#or);
    while (BETWEEN_ARGUMENTS.has(this.now.upper) && ['SUBSTRING', 'CEIL', 'FLOOR'].includes(name)) {
      this.skip();
      if (this.now.kind !== 'end' && !this.is(')')) this.#joined();
    }
    if (name === 'POSITION' && this.took('IN')) {
      this.#joined();
      found += 1;
    }
    this.#close(name);
    const [least, most] = takes;
    if (found >= least && found <= most) return {};
    const wanted =
      least === most
        ? least
        : most === Number.POSITIVE_INFINITY
          ? `at least ${least}`
          : `${least} to ${most}`;
    throw unreadable(
      `${written} takes ${wanted} ${wanted === 1 ? 'argument' : 'arguments'}, not ${found}`,
      at,
    );
  }

  /** How many there are, up to a closing parenthesis that is left. sqlglot takes empty ones for none. */
  #arguments(argument: () => void = this.#or): number {
    let count = 0;
    do {
      if (this.now.upper === 'DISTINCT') throw unknown('DISTINCT', this.now.at);
      if (this.now.kind === 'end' || this.is(',', ')')) continue;
      argument();
      count += 1;
    } while (this.took(','));
    return count;
  }

  /** Of a text or a name as the unit, and of a text as the number of days; else columns decide. */
  #unitOfDays(name: string): void {
    const { kind, value, upper, at } = this.now;
    const isNamed = kind === 'text' || kind === 'name' || (kind === 'word' && !CONSTANTS.has(upper));
    if (isNamed && isSign(this.ahead(1), ',', ')') && value.toUpperCase() !== 'DAY') {
      throw new Refusal(`date_diff and date_add take 'day', not '${value.toUpperCase()}'`, at);
    }
    const days = this.ahead(2);
    const isText = days.kind === 'text' && isSign(this.ahead(3), ',');
    if (name === 'DATE_ADD' && isText && !/^[+-]?\d{1,18}$/.test(days.value)) {
      throw new Refusal(`date_add takes a number of days, not '${days.value}'`, days.at);
    }
  }

  #cast(at: number): Value {
    const value = this.#or();
    if (!this.took('AS')) throw this.unexpected();
    this.#dateOnly(value, at);
    this.skip();
    this.#close('CAST');
    return {};
  }

  /** sqlglot does without the parenthesis where it reads a function's arguments in a way of their own. */
  #close(name: string): void {
    if (!this.took(')') && !OWN_ARGUMENTS.has(name)) this.expect(')');
  }

  /** DATE, the type that is next, as the only one, and of a text as the only value. */
  #dateOnly({ text }: Value, at: number): void {
    if (text === undefined || this.now.value.toUpperCase() !== 'DATE') {
      throw new Refusal(
        'CAST is not for expressions: give the key a type by `cast`, or the column by `type`',
        at,
      );
    }
    refuseDate(text, at);
  }
}
