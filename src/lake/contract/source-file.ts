import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Breach } from './breach.ts';
import { Scanner } from './scanner.ts';
import { firstInvalid, incompleteTail } from './utf8.ts';

/** What one pass over a source file finds out. `sha256` and `size` are of the whole file; `rows` counts only if there is no breach. */
export type SourceFileCheck = {
  readonly rows: number;
  readonly size: number;
  readonly sha256: string;
  /** The first ones, in file order. */
  readonly breaches: readonly Breach[];
  /** Breaches beyond those. */
  readonly more: number;
};

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** Bytes read at a time: memory stays at a few of these whatever the size of the file. */
const CHUNK = 1024 * 1024;

/** Feeds chunks of one file to the scanner: byte-order mark off, sequences of UTF-8 kept whole, digest taken. */
export class SourceFileReader {
  readonly #scanner: Scanner;
  readonly #hash = createHash('sha256');
  #size = 0;
  #tail: Buffer = Buffer.alloc(0);
  #atStart = true;

  constructor(limit?: number, merge?: boolean) {
    this.#scanner = new Scanner(limit, merge);
  }

  push(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.#size += chunk.length;
    if (this.#scanner.stopped) return;
    const bytes = this.#tail.length > 0 ? Buffer.concat([this.#tail, chunk]) : chunk;
    const whole = bytes.length - incompleteTail(bytes);
    this.#tail = Buffer.from(bytes.subarray(whole));
    this.#scan(bytes.subarray(0, whole));
  }

  finish(): SourceFileCheck {
    if (this.#tail.length > 0) this.#scanner.fail('NOT_UTF8');
    this.#scanner.finish();
    const { rows, breaches, more } = this.#scanner;
    return { rows, size: this.#size, sha256: this.#hash.digest('hex'), breaches, more };
  }

  #scan(bytes: Buffer): void {
    let content = bytes;
    if (this.#atStart && bytes.length > 0) {
      this.#atStart = false;
      if (bytes.subarray(0, BOM.length).equals(BOM)) content = bytes.subarray(BOM.length);
    }
    const invalid = firstInvalid(content);
    this.#scanner.push(invalid < 0 ? content : content.subarray(0, invalid));
    if (invalid >= 0) this.#scanner.fail('NOT_UTF8');
  }
}

/**
 * Checks the file at `path` (absolute) against the contract and takes its SHA-256 in the same pass.
 * Breaches are in file order, the first `limit` of them (20), the others counted; `merge` allows columns after the six. Throws the file system's error if it cannot be read.
 */
export async function checkSourceFile(
  path: string,
  limit?: number,
  merge?: boolean,
): Promise<SourceFileCheck> {
  const reader = new SourceFileReader(limit, merge);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) reader.push(chunk as Buffer);
  return reader.finish();
}
