import { createReadStream } from 'node:fs';

const COMMA = 0x2c;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const BOM_LENGTH = 3;

/** A field as a breach names it: physical line and number of the field in its record, both from 1. */
export type FieldPlace = { readonly line: number; readonly column: number };

/**
 * For each place, in file order, the character of its line (from 1) at which the field begins; the end of the line for
 * a field that is missing. Reads the file (absolute path) once, no further than the last place.
 */
export async function characterColumns(file: string, places: readonly FieldPlace[]): Promise<number[]> {
  const found: number[] = [];
  let line = 1;
  let field = 1;
  /** Characters of the line before the current byte, without a CR that ends it. */
  let characters = 0;
  let afterCr = 0;
  let quoted = false;
  let atStart = true;

  const note = (here: (place: FieldPlace) => boolean) => {
    for (let place = places[found.length]; place !== undefined && here(place); place = places[found.length])
      found.push(characters + 1);
  };
  const atField = (place: FieldPlace) => place.line === line && place.column === field;
  const inLine = (place: FieldPlace) => place.line <= line;

  note(atField);
  for await (const chunk of createReadStream(file)) {
    const bytes = chunk as Buffer;
    const begin = atStart && bytes.subarray(0, BOM_LENGTH).equals(Buffer.from('\ufeff')) ? BOM_LENGTH : 0;
    atStart = false;
    for (let at = begin; at < bytes.length && found.length < places.length; at++) {
      const byte = bytes[at];
      if (byte === LF) {
        note(inLine);
        line++;
        characters = 0;
        if (!quoted) field = 1;
        if (!quoted) note(atField);
      } else if (byte === COMMA && !quoted) {
        characters += afterCr + 1;
        field++;
        note(atField);
      } else {
        if (byte === QUOTE) quoted = !quoted;
        // Bytes that go on with a character are none of their own; a CR counts only if the line goes on.
        if (((byte ?? 0) & 0xc0) !== 0x80 && byte !== CR) characters += afterCr + 1;
      }
      afterCr = byte === CR ? afterCr + 1 : 0;
    }
    if (found.length === places.length) return found;
  }
  note(inLine);
  while (found.length < places.length) found.push(1);
  return found;
}
