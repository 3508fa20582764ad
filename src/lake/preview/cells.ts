import { hash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Words (32 bit) of a row: three of its cell's hash, two of its value's, then view, source and line. */
const WIDTH = 8;
const PARTS = 256;
/** Rows of a part that are kept in memory before they go to a file; this many are 16 MiB over all parts. */
const KEPT = 2048;

/** A row as the ledger knows it. `view` and `source` are the numbers that it was added with. */
export type CellRow = {
  readonly value: string;
  readonly view: number;
  readonly source: number;
  readonly line: number;
};

/**
 * Rows by their cell, which is entity1 to entity4 and key: what a view shows in one place. Texts are kept as hashes (96
 * bits of SHA-1 for a cell, 64 for a value), and what does not fit into a few megabytes in files that it removes, so
 * memory does not grow with the rows: one of 256 parts is looked at at a time.
 */
export class CellRows implements Disposable {
  readonly #parts: { readonly rows: Uint32Array; length: number; file: number | undefined }[];
  readonly #kept: number;
  #folder: string | undefined;

  constructor(kept = KEPT) {
    this.#kept = kept;
    this.#parts = Array.from({ length: PARTS }, () => ({
      rows: new Uint32Array(kept * WIDTH),
      length: 0,
      file: undefined,
    }));
  }

  /** `fields` are those of a record: entity1 to entity4, key, value. */
  add(fields: readonly string[], view: number, source: number, line: number): void {
    const [entity1, entity2, entity3, entity4, key, value] = fields;
    // No field holds a NUL, so two cells never become the same text.
    const cell = hash('sha1', `${entity1}\0${entity2}\0${entity3}\0${entity4}\0${key}`, 'buffer');
    const text = hash('sha1', value ?? '', 'buffer');
    const part = this.#parts[cell[12] ?? 0];
    if (part === undefined) return;
    const at = part.length * WIDTH;
    part.rows[at] = cell.readUInt32LE(0);
    part.rows[at + 1] = cell.readUInt32LE(4);
    part.rows[at + 2] = cell.readUInt32LE(8);
    part.rows[at + 3] = text.readUInt32LE(0);
    part.rows[at + 4] = text.readUInt32LE(4);
    part.rows[at + 5] = view;
    part.rows[at + 6] = source;
    part.rows[at + 7] = line;
    part.length++;
    if (part.length === this.#kept) this.#spill(cell[12] ?? 0);
  }

  /** All rows, those of one cell together; cells are in no order that means anything. */
  *cells(): Generator<CellRow[]> {
    for (const [index, part] of this.#parts.entries()) {
      const kept = part.rows.subarray(0, part.length * WIDTH);
      if (part.file === undefined) {
        yield* groups(kept);
        continue;
      }
      const stored = readFileSync(this.#path(index));
      const all = new Uint32Array(stored.length / 4 + kept.length);
      new Uint8Array(all.buffer).set(stored);
      all.set(kept, stored.length / 4);
      yield* groups(all);
    }
  }

  [Symbol.dispose](): void {
    for (const { file } of this.#parts) if (file !== undefined) closeSync(file);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true });
  }

  #spill(index: number): void {
    const part = this.#parts[index];
    if (part === undefined) return;
    part.file ??= openSync(this.#path(index), 'a');
    writeSync(part.file, new Uint8Array(part.rows.buffer, 0, part.length * WIDTH * 4));
    part.length = 0;
  }

  #path(index: number): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'mydatahub-cells-'));
    return join(this.#folder, String(index));
  }
}

function* groups(rows: Uint32Array): Generator<CellRow[]> {
  const word = (row: number, offset: number): number => rows[row * WIDTH + offset] ?? 0;
  const order = Uint32Array.from({ length: rows.length / WIDTH }, (_, row) => row);
  order.sort(
    (a, b) => word(a, 0) - word(b, 0) || word(a, 1) - word(b, 1) || word(a, 2) - word(b, 2) || a - b,
  );
  const same = (a: number, b: number) =>
    word(a, 0) === word(b, 0) && word(a, 1) === word(b, 1) && word(a, 2) === word(b, 2);
  let group: CellRow[] = [];
  let last = -1;
  for (const row of order) {
    if (last >= 0 && !same(last, row)) {
      yield group;
      group = [];
    }
    group.push({
      value: `${word(row, 3)}.${word(row, 4)}`,
      view: word(row, 5),
      source: word(row, 6),
      line: word(row, 7),
    });
    last = row;
  }
  if (group.length > 0) yield group;
}
