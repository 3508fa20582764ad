import type { ViewColumns } from './inventory.ts';

/** Athena takes statements up to this size, in bytes (Athena User Guide, "Service Quotas"). */
const STATEMENT = 262_144;
/** GitHub refuses files above 100 MiB and warns above 50 (GitHub docs, "About large files on GitHub"). */
const LARGE_FILE = 50 * 1024 * 1024;
const LARGEST_FILE = 100 * 1024 * 1024;
/** Share of the rows that a run may take from the table before somebody has to confirm it (docs/ingestion.md). */
const MOST_LOST = 0.2;
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
  const bytes = columns.reduce((sum, { key, column }) => sum + columnBytes(key, column), 200);
  if (bytes <= STATEMENT * NEAR) return [];
  const share = Math.round((100 * bytes) / STATEMENT);
  const keys = columns.length.toLocaleString('en');
  const text = `${view} would have ${keys} keys: about ${share} % of what one statement of Athena takes; beyond that there are further views (docs/views.md)`;
  return [{ level: 'near', text }];
}

/** Bytes of one column in the statement of a view with many (glue-scripts/mydatahub_glue/pivot.py, its form for Athena). */
function columnBytes(key: string, column: string): number {
  return 38 + Buffer.byteLength(key.replaceAll("'", "''")) + Buffer.byteLength(column);
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
