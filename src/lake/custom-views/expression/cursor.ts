import { Refusal, unknown, unreadable } from './refusals.ts';
import type { Token } from './tokens.ts';

const END: Token = { kind: 'end', value: '', upper: '', at: 0 };

/** A place in the tokens of an expression, which goes forward with what is read. */
export class Cursor {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  /** How many tokens were read. */
  position = 0;

  /** @param tokens those of the text, an `end` as the last */
  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  get now(): Token {
    return this.ahead(0);
  }

  ahead(by: number): Token {
    return this.#tokens[this.position + by] ?? this.#tokens.at(-1) ?? END;
  }

  skip(): void {
    this.position += 1;
  }

  /** Whether one of these signs is next. */
  is(...signs: string[]): boolean {
    return isSign(this.now, ...signs);
  }

  /** Whether one of these words (in capital letters) or signs is next; then it is read. */
  took(...wanted: string[]): boolean {
    const { kind, value, upper } = this.now;
    const found = (kind === 'word' || kind === 'sign') && wanted.includes(upper || value);
    if (found) this.skip();
    return found;
  }

  /** Reads this word or sign. Throws Refusal when another is next. */
  expect(wanted: string): void {
    if (this.took(wanted)) return;
    throw this.now.kind === 'end'
      ? unreadable(`${wanted} is missing at its end`, this.now.at)
      : this.unexpected();
  }

  /** What is said of a token that cannot be here. */
  unexpected(): Refusal {
    const { kind, value, at } = this.now;
    if (kind === 'end') return unreadable('a value is missing at its end', at);
    if (this.is('.')) return new Refusal('a value has a point; columns are named without view or table', at);
    return kind === 'word' || kind === 'name' || isForeign(value)
      ? unknown(value, at)
      : unreadable(`${kind === 'text' ? `'${value}'` : value} is not expected there`, at);
  }

  /** A call that begins at this place of the text, as it is written; its opening parenthesis was read. */
  writtenCall(from: number): string {
    let open = 1;
    for (let by = 0; ; by++) {
      const token = this.ahead(by);
      if (token.kind === 'end') return this.#text.slice(from).trim();
      if (isSign(token, '(')) open += 1;
      if (isSign(token, ')')) open -= 1;
      if (open === 0) return this.#text.slice(from, token.at + 1);
    }
  }
}

/** Whether the token is one of these signs, and no text that says the same. */
export function isSign({ kind, value }: Token, ...signs: string[]): boolean {
  return kind === 'sign' && signs.includes(value);
}

/** Whether the sign means something to one engine or the other, but nothing here. */
export function isForeign(sign: string): boolean {
  return '&^|~?@:['.includes(sign);
}
