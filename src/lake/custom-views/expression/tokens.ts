import { unreadable } from './refusals.ts';

/**
 * A part of an expression, and where it begins. A `word` is a name or a keyword, `upper` in capital letters; a `name` one
 * in "…"; a `text` one in '…'. `value` is what stands between the quotes; for the others it is as written.
 */
export type Token = {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'sign' | 'end';
  readonly value: string;
  readonly upper: string;
  readonly at: number;
};

/** The blanks of Python's str.isspace, which sqlglot goes by; JavaScript's \s has U+FEFF as well. */
const BLANK = '(?!\\uFEFF)[\\s\\x1c-\\x1f\\x85]';
const PARTS: readonly (readonly [Token['kind'] | 'blank', RegExp])[] = [
  ['blank', new RegExp(`(?:${BLANK})+|--[^\\n\\r]*|/\\*[^]*?\\*/`, 'y')],
  ['text', /'(?:[^']|'')*'/y],
  ['name', /"(?:[^"]|"")*"/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['sign', /<>|!=|<=|>=|\|\||::|[()[\]{}&^:,.=><%!|+;/\\*~?@#`-]/y],
  ['word', new RegExp(`(?:(?!${BLANK})[^()[\\]{}&^:,.=><%!|+;/\\\\*~?@#'"\`-])+`, 'y')],
];

/** The parts of an expression as sqlglot's reader for Trino sees them, an `end` behind them. Throws Refusal. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const [kind, written] = partAt(text, at);
    const value = kind === 'text' || kind === 'name' ? unquoted(written) : written;
    if (kind !== 'blank') {
      tokens.push({ kind, value, upper: kind === 'word' ? value.toUpperCase() : '', at });
    }
    at += written.length;
  }
  return [...tokens, { kind: 'end', value: '', upper: '', at }];
}

function partAt(text: string, at: number): readonly [Token['kind'] | 'blank', string] {
  if (text.startsWith('/*', at) && !text.includes('*/', at + 2)) {
    throw unreadable('the comment that begins with /* has no end', at);
  }
  for (const [kind, form] of PARTS) {
    form.lastIndex = at;
    const written = form.exec(text)?.[0];
    if (written !== undefined) return [kind, written];
  }
  throw unreadable(`what begins with ${text.slice(at, at + 20)} has no closing ${text[at]}`, at);
}

function unquoted(written: string): string {
  const quote = written.charAt(0);
  return written.slice(1, -1).replaceAll(quote + quote, quote);
}
