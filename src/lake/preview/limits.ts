import { ATHENA_STATEMENT } from '../view-size.ts';
import type { NamedKey, ViewColumns } from './inventory.ts';

/** GitHub refuses files above 100 MiB and warns above 50 (GitHub docs, "About large files on GitHub"). */
const LARGE_FILE = 50 * 1024 * 1024;
const LARGEST_FILE = 100 * 1024 * 1024;
/** Share of the rows that a run may take from the table before somebody has to confirm it (docs/ingestion.md). */
const MOST_LOST = 0.2;
/** Of a statement with many keys: what each column takes beside its key and name, and what stands around all of them. */
const COLUMN_BYTES = 21.5;
const FRAME_BYTES = 3_000;
/** Where a limit counts as near. */
const NEAR = 0.8;

export type LimitNote = { readonly level: 'over' | 'near'; readonly text: string };

type Size = { readonly path: string; readonly size: number };
type Rows = { readonly before: number; readonly after: number };

/** What is beyond a limit or within a fifth of it. Sizes are bytes. */
export function limitNotes(views: readonly ViewColumns[], files: readonly Size[], rows: Rows): LimitNote[] {
  return [...views.flatMap(statementNote), ...files.flatMap(fileNote), ...lossNote(rows)];
}

function statementNote({ view, columns }: ViewColumns): LimitNote[] {
  const bytes = statementBytes(columns);
  if (bytes <= ATHENA_STATEMENT * NEAR) return [];
  const share = Math.round((100 * bytes) / ATHENA_STATEMENT);
  const keys = columns.length.toLocaleString('en');
  const text = `${view} would have ${keys} keys: about ${share} % of what one statement of Athena takes; beyond that there are further views (docs/views.md)`;
  return [{ level: 'near', text }];
}

/**
 * About how many bytes the statement of a view with many keys has (glue-scripts/mydatahub_glue/pivot.py, its form for
 * Athena): test/vectors/statement-bytes.json holds both to the same sizes.
 */
export function statementBytes(columns: readonly NamedKey[]): number {
  return columns.reduce(
    (sum, { key, column }) =>
      sum + COLUMN_BYTES + Buffer.byteLength(key.replaceAll("'", "''")) + Buffer.byteLength(column),
    FRAME_BYTES,
  );
}

function fileNote({ path, size }: Size): LimitNote[] {
  if (size <= LARGE_FILE) return [];
  const text =
    `${path} has ${Math.round(size / 1024 / 1024)} MiB: GitHub warns above 50 MiB and refuses files above 100 MiB; ` +
    'split the file';
  return [{ level: size > LARGEST_FILE ? 'over' : 'near', text }];
}

function lossNote({ before, after }: Rows): LimitNote[] {
  const share = before === 0 ? 0 : (before - after) / before;
  if (share <= MOST_LOST * NEAR) return [];
  const percent = `${(100 * share).toFixed(1)} %`;
  const text = `the table would lose ${percent} of its rows; above 20 % the ingestion stops until confirm-removals says that it is meant`;
  return [{ level: share > MOST_LOST ? 'over' : 'near', text }];
}
