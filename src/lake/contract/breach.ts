/** Columns of a source file, in order: the contract's header. */
export const SOURCE_COLUMNS = ['entity1', 'entity2', 'entity3', 'entity4', 'key', 'value'] as const;

/** Longest value of one field, in bytes of the unquoted text. */
export const FIELD_LIMIT = 1024 * 1024;

export type BreachCode =
  | 'EMPTY_FILE'
  | 'HEADER'
  | 'NO_ROWS'
  | 'NOT_UTF8'
  | 'NUL'
  | 'FIELD_COUNT'
  | 'EMPTY_LINE'
  | 'EMPTY_REQUIRED'
  | 'QUOTE_IN_UNQUOTED'
  | 'TEXT_AFTER_QUOTE'
  | 'UNCLOSED_QUOTE'
  | 'LONE_CR'
  | 'FIELD_TOO_LARGE';

/** One place where a source file breaks the contract. */
export type Breach = {
  readonly code: BreachCode;
  /** 1-based physical line (line feeds counted) where the offending field begins. */
  readonly line: number;
  /** 1-based position of the field in its record. */
  readonly column: number;
  /** The contract's name of that column; `null` beyond the sixth. */
  readonly name: string | null;
  readonly problem: string;
  readonly cure: string;
};

const HEADER_LINE = SOURCE_COLUMNS.join(',');

type Text = { readonly problem: string; readonly cure: string };

/** `detail` is the code's own fact: the cell found in the header, the number of fields found. */
const TEXTS: Readonly<Record<BreachCode, (column: string, detail: string) => Text>> = {
  EMPTY_FILE: () => ({
    problem: 'the file is empty',
    cure: `begin it with the line ${HEADER_LINE} and at least one record, or delete the file`,
  }),
  HEADER: (column, detail) => ({
    problem: `the header is not ${HEADER_LINE}: ${detail} where ${column} is expected`,
    cure: `make the first line exactly ${HEADER_LINE} (lower case, this order, commas, no spaces)`,
  }),
  NO_ROWS: () => ({
    problem: 'there is no record after the header',
    cure: 'add at least one record, or delete the file',
  }),
  NOT_UTF8: (column) => ({
    problem: `${column} holds bytes that are not UTF-8`,
    cure: 'save the file as UTF-8 (a file from Excel: "CSV UTF-8"; else: iconv -f WINDOWS-1252 -t UTF-8)',
  }),
  NUL: (column) => ({
    problem: `${column} holds a NUL byte`,
    cure: 'remove the NUL byte; if there is one after every character, the file is UTF-16: save it as UTF-8',
  }),
  FIELD_COUNT: (_, detail) => ({
    problem: `the record has ${detail} where 6 are expected`,
    cure: 'write six fields in each record; put a value that holds a comma or a line break in double quotes',
  }),
  EMPTY_LINE: () => ({
    problem: 'the line is empty',
    cure: 'remove the empty line; if it belongs to a value, put that value in double quotes',
  }),
  EMPTY_REQUIRED: (column) => ({
    problem: `${column} is empty`,
    cure: `give ${column} a text, or remove the record: each record must say its entity1 and its key`,
  }),
  QUOTE_IN_UNQUOTED: (column) => ({
    problem: `${column} holds a double quote but does not begin with one`,
    cure: 'put the whole value in double quotes and double each quote inside: 5" pipe becomes "5"" pipe"',
  }),
  TEXT_AFTER_QUOTE: (column) => ({
    problem: `text follows the closing quote of ${column}`,
    cure: 'after a closing quote write a comma or end the line; double each quote that belongs to the value',
  }),
  UNCLOSED_QUOTE: (column) => ({
    problem: `the double quote that opens ${column} is never closed`,
    cure: 'close the value with a double quote; double each quote that belongs to the value',
  }),
  LONE_CR: (column) => ({
    problem: `a carriage return without a line feed in or after ${column}`,
    cure: 'end records with LF or CRLF; put a value that holds a carriage return in double quotes',
  }),
  FIELD_TOO_LARGE: (column) => ({
    problem: `${column} is longer than 1 MiB`,
    cure: 'shorten the value to 1,048,576 bytes; if it should be short, look for a quote that is not closed',
  }),
};

/** The breach as a person reads it; `detail` is what TEXTS says of it. */
export function breach(code: BreachCode, line: number, column: number, detail = ''): Breach {
  const name = SOURCE_COLUMNS[column - 1] ?? null;
  const text = TEXTS[code](name ?? `field ${column}`, detail);
  return { code, line, column, name, ...text };
}
