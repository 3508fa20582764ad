/**
 * A token of Athena's SQL. `quoted` is a double-quoted name, `backquoted` a name in backticks, `string` a literal in
 * single quotes. `start` and `end` are offsets into the text in UTF-16 units, `end` exclusive.
 */
export type Token = {
  readonly kind: 'word' | 'quoted' | 'backquoted' | 'string' | 'number' | 'symbol';
  readonly text: string;
  readonly start: number;
  readonly end: number;
};

const BLANK = /\s+/y;
const LINE_COMMENT = /--[^\r\n]*/y;
const BLOCK_COMMENT = /\/\*[\s\S]*?(?:\*\/|$)/y;
const TOKENS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['string', /'[^']*(?:''[^']*)*(?:'|$)/y],
  ['quoted', /"[^"]*(?:""[^"]*)*(?:"|$)/y],
  ['backquoted', /`[^`]*(?:``[^`]*)*(?:`|$)/y],
  ['number', /(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?(?![\p{L}_])/uy],
  ['word', /[\p{L}\p{N}_$]+/uy],
];

/**
 * Cuts a text into tokens; blanks and comments fall away. Every text has tokens: what SQL does not know becomes a
 * symbol of one character, and an open quote reaches to the end of the text.
 */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const skipped = [BLANK, LINE_COMMENT, BLOCK_COMMENT].map((blank) => match(blank, text, at)).find(Boolean);
    if (skipped) {
      at += skipped.length;
      continue;
    }
    const token = tokenAt(text, at, found.at(-1));
    found.push(token);
    at = token.end;
  }
  return found;
}

function tokenAt(text: string, at: number, previous: Token | undefined): Token {
  for (const [kind, form] of TOKENS) {
    const body = match(form, text, at);
    // `t.1` does not hold a number: the dot belongs to the name before it.
    const afterName = body?.startsWith('.') && previous?.end === at && previous.kind !== 'symbol';
    if (body && !(kind === 'number' && afterName))
      return { kind, text: body, start: at, end: at + body.length };
  }
  return { kind: 'symbol', text: text.slice(at, at + 1), start: at, end: at + 1 };
}

function match(form: RegExp, text: string, at: number): string | undefined {
  form.lastIndex = at;
  return form.exec(text)?.[0];
}

/** The upper-case word of a token; empty for everything that is not a bare word. */
export function wordOf(token: Token | undefined): string {
  return token?.kind === 'word' ? token.text.toUpperCase() : '';
}

/** Whether the token is that symbol. */
export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.text === symbol;
}

/** The name that a token means: quotes taken off, lower-case as Athena keeps all names; `undefined` for no name. */
export function nameOf(token: Token | undefined): string | undefined {
  switch (token?.kind) {
    case 'word':
      return token.text.toLowerCase();
    case 'quoted':
      return unquote(token.text, '"').toLowerCase();
    case 'backquoted':
      return unquote(token.text, '`').toLowerCase();
    default:
      return undefined;
  }
}

/** The text inside quotes, with doubled quotes made single. */
export function unquote(text: string, quote: string): string {
  return text
    .slice(1, text.endsWith(quote) && text.length > 1 ? -1 : undefined)
    .replaceAll(quote + quote, quote);
}

/** Line and column of an offset, both from 1, as Trino counts them in its messages. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
