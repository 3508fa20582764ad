import { type FileHandle, open } from 'node:fs/promises';
import { type Cell, csvLine, csvRows } from './csv.ts';

/** Rows of a result, the header row included where the statement has one. */
export type ResultRows = {
  readonly count: number;
  /** Rows `from` to `to`, the latter exclusive. */
  slice(from: number, to: number): Promise<Cell[][]>;
};

/** Rows kept in memory: what SHOW, DESCRIBE and EXPLAIN answer. */
export function memoryRows(rows: readonly (readonly Cell[])[]): ResultRows {
  return {
    count: rows.length,
    slice: async (from, to) => rows.slice(from, to).map((row) => [...row]),
  };
}

/** A result file that is being written. */
export type ResultFile = {
  readonly path: string;
  append(rows: readonly (readonly Cell[])[]): Promise<void>;
  /** Ends writing; the rows stay readable as long as the file is there. */
  finish(): Promise<ResultRows>;
  /** Ends writing without a result. */
  discard(): Promise<void>;
};

/** Rows between two remembered offsets: what is read to reach one row. */
const STRIDE = 250;

/**
 * A CSV result on disk that doubles as the store GetQueryResults reads from, so that memory stays flat however long
 * the result is: one offset is remembered for each {@link STRIDE} rows.
 */
export async function createResultFile(path: string): Promise<ResultFile> {
  const file = await open(path, 'w');
  const offsets: number[] = [];
  let count = 0;
  let size = 0;
  return {
    path,
    async append(rows) {
      const lines: Buffer[] = [];
      for (const row of rows) {
        if (count % STRIDE === 0) offsets.push(size);
        const line = Buffer.from(csvLine(row));
        lines.push(line);
        size += line.length;
        count += 1;
      }
      await file.appendFile(Buffer.concat(lines));
    },
    async finish() {
      await file.close();
      return fileRows(path, count, [...offsets, size]);
    },
    discard: () => file.close(),
  };
}

function fileRows(path: string, count: number, offsets: readonly number[]): ResultRows {
  return {
    count,
    async slice(from, to) {
      const last = Math.min(to, count);
      if (from >= last) return [];
      const firstStride = Math.floor(from / STRIDE);
      const start = offsets[firstStride] ?? 0;
      const end = offsets[Math.ceil(last / STRIDE)] ?? offsets.at(-1) ?? 0;
      const rows = csvRows(await bytes(path, start, end));
      const skipped = firstStride * STRIDE;
      return rows.slice(from - skipped, last - skipped);
    },
  };
}

async function bytes(path: string, start: number, end: number): Promise<string> {
  const file: FileHandle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(end - start);
    await file.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}
