/** Columns of a source file, in order: the contract's header. */
export const SOURCE_COLUMNS = ['entity1', 'entity2', 'entity3', 'entity4', 'key', 'value'] as const;

/** Longest value of one field, in bytes of the unquoted text. */
export const FIELD_LIMIT = 1024 * 1024;

/** Columns that the table has beside those of a source file: where a row came from. */
const PROVENANCE_COLUMNS = ['source_file', 'source_sha256', 'ingested_at'];

/** Columns of a file at most, where additional ones are allowed. */
const MOST_COLUMNS = 100;

export type BreachCode =
  | 'EMPTY_FILE'
  | 'HEADER'
  | 'ADDITIONAL_COLUMN'
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

/** `detail` is the code's own fact: the cell found in the header, the number of fields. */
const TEXTS: Readonly<Record<BreachCode, (column: string, detail: string) => Text>> = {
  EMPTY_FILE: () => ({
    problem: 'the file is empty',
    cure: `begin it with the line ${HEADER_LINE} and at least one record, or delete the file`,
  }),
  HEADER: (column, detail) => ({
    problem: `the header is not ${HEADER_LINE}: ${detail} where ${column} is expected`,
    cure: `make the first line exactly ${HEADER_LINE} (lower case, this order, commas, no spaces)`,
  }),
  ADDITIONAL_COLUMN: (column, detail) => ({
    problem: `${detail} cannot be the name of the additional column in ${column}`,
    cure:
      'begin with a lower-case letter, go on with lower-case letters, digits and _, up to 127; give each name once, ' +
      'none of source_file, source_sha256 and ingested_at; 100 columns at most',
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
    problem: `the record has ${detail}`,
    cure: 'write a field for each column in each record; put a value that holds a comma or a line break in double quotes',
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

/**
 * The first breach of a header, or `undefined`. `merge` allows additional columns after the six; without it they are
 * a breach as any other.
 */
export function headerBreach(cells: readonly string[], merge: boolean): Breach | undefined {
  const width = merge ? SOURCE_COLUMNS.length : Math.max(cells.length, SOURCE_COLUMNS.length);
  for (let index = 0; index < width; index++) {
    if (cells[index] !== SOURCE_COLUMNS[index]) {
      return breach('HEADER', 1, index + 1, `${shown(cells[index])} stands`);
    }
  }
  const taken = new Set<string>([...SOURCE_COLUMNS, ...PROVENANCE_COLUMNS]);
  for (const [index, name] of cells.entries()) {
    if (index < SOURCE_COLUMNS.length) continue;
    if (taken.has(name) || !/^[a-z][a-z0-9_]{0,126}$/.test(name) || index === MOST_COLUMNS) {
      return breach('ADDITIONAL_COLUMN', 1, index + 1, shown(name));
    }
    taken.add(name);
  }
  return undefined;
}

function shown(cell: string | undefined): string {
  if (cell === undefined) return 'nothing';
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
}
