const COMMA = 0x2c;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads the records of a source file, the header left out. For files that keep the contract: it judges nothing, and of
 * one that breaks it the records may be wrong. Memory is a chunk and the record that is cut by its end.
 *
 * @param chunks the file's bytes; cuts may fall anywhere
 * @param record gets the fields, quotes undone, and the physical line (from 1) on which the record begins
 */
export async function readRecords(
  chunks: AsyncIterable<Buffer>,
  record: (fields: readonly string[], line: number) => void,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let first = true;
  let header = true;
  const take = (fields: readonly string[], lines: number) => {
    if (!header) record(fields, line);
    header = false;
    line += lines;
  };
  for await (const chunk of chunks) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (first && bytes.length < BOM.length) {
      rest = bytes;
      continue;
    }
    if (first && bytes.subarray(0, BOM.length).equals(BOM)) bytes = bytes.subarray(BOM.length);
    first = false;
    rest = Buffer.from(bytes.subarray(wholeRecords(bytes, take)));
  }
  if (rest.length > 0) wholeRecords(Buffer.concat([rest, Buffer.from([LF])]), take);
}

/** Gives `take` every record that ends within `bytes`; returns where the first one begins that does not. */
function wholeRecords(bytes: Buffer, take: (fields: readonly string[], lines: number) => void): number {
  let at = 0;
  let quote = bytes.indexOf(QUOTE);
  for (;;) {
    let end = bytes.indexOf(LF, at);
    if (end < 0) return at;
    if (quote >= 0 && quote < at) quote = bytes.indexOf(QUOTE, at);
    if (quote < 0 || quote > end) {
      take(bytes.toString('utf8', at, withoutCr(bytes, at, end)).split(','), 1);
    } else {
      end = endOfQuoted(bytes, at);
      if (end < 0) return at;
      const text = bytes.subarray(at, withoutCr(bytes, at, end));
      take(quotedFields(text), 1 + count(text, LF));
    }
    at = end + 1;
  }
}

function withoutCr(bytes: Buffer, at: number, end: number): number {
  return end > at && bytes[end - 1] === CR ? end - 1 : end;
}

/** The line feed that ends the record which begins at `at`; -1 if it is not there. */
function endOfQuoted(bytes: Buffer, at: number): number {
  let quoted = false;
  for (let index = at; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === LF && !quoted) return index;
  }
  return -1;
}

function quotedFields(record: Buffer): string[] {
  const fields: string[] = [];
  let quoted = false;
  let begin = 0;
  for (let index = 0; index <= record.length; index++) {
    const byte = record[index];
    if (byte === QUOTE) quoted = !quoted;
    else if (index === record.length || (byte === COMMA && !quoted)) {
      fields.push(unquoted(record.toString('utf8', begin, index)));
      begin = index + 1;
    }
  }
  return fields;
}

function unquoted(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
}

function count(bytes: Buffer, wanted: number): number {
  let found = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) found++;
  return found;
}
