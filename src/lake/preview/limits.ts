import { mostPercent, NEAR_LIMIT, sizeLine, viewSize } from '../view-size.ts';
import type { ViewChanges } from './view-changes.ts';

/** GitHub refuses files above 100 MiB and warns above 50 (GitHub docs, "About large files on GitHub"). */
const LARGE_FILE = 50 * 1024 * 1024;
const LARGEST_FILE = 100 * 1024 * 1024;
/** Share of the rows that a run may take from the table before somebody has to confirm it (docs/ingestion.md). */
const MOST_LOST = 0.2;
/** Where it counts as near. */
const NEAR = 0.8;

/** `unknown`: whether it is so is not known here. */
export type LimitNote = { readonly level: 'over' | 'near' | 'unknown'; readonly text: string };

type Size = { readonly path: string; readonly size: number };
type Rows = { readonly before: number; readonly after: number };

/** What is beyond a limit or within a fifth of it. Sizes are bytes. */
export function limitNotes(views: readonly ViewChanges[], files: readonly Size[], rows: Rows): LimitNote[] {
  return [...views.flatMap(viewNotes), ...files.flatMap(fileNote), ...lossNote(rows)];
}

/** About views that get columns: new ones, or others because they are named anew. */
function viewNotes(changes: ViewChanges): LimitNote[] {
  const { view, added, renamed, parts, wanted } = changes;
  if (wanted === undefined || added.length + renamed.length === 0) return [];
  if (!wanted.placed) {
    const text =
      `${view} has rules with types or expressions, whose SQL the job alone writes, and many keys or several views: which ` +
      'of its views holds a new key is not known here; npx mydatahub views diff --job tells it when rules and data are in the lake';
    return [{ level: 'unknown', text }];
  }
  const fresh = parts.filter(({ change }) => change === 'appears').map((part) => part.view);
  const split =
    fresh.length === 0
      ? []
      : [note('near', `${view} has more keys than one view can hold: ${named(fresh)} (docs/views.md)`)];
  return [...split, ...wanted.views.flatMap((one) => sizeNote(one, one === wanted.views.at(-1)))];
}

function named(fresh: readonly string[]): string {
  const [last] = fresh.slice(-1);
  const few = fresh.length > 3 ? [`${fresh[0]} … ${last}`] : fresh;
  return fresh.length === 1 ? `${last} appears beside it` : `${few.join(', ')} appear beside it`;
}

/** Of several views all but the last are full, and that is as it should be. */
function sizeNote(
  { view, columns, lengths }: NonNullable<ViewChanges['wanted']>['views'][number],
  last: boolean,
) {
  const size = lengths === null ? null : viewSize(lengths);
  if (size === null || (!last && mostPercent(size) <= 100) || mostPercent(size) < NEAR_LIMIT) return [];
  const keys = columns.size === 1 ? '1 key' : `${columns.size.toLocaleString('en')} keys`;
  const text = `${view} would have ${keys} and take ${sizeLine(size)}`;
  return mostPercent(size) > 100
    ? [note('over', `${text}: no engine takes it, so it would not be published; give its key a shorter text`)]
    : [note('near', `${text}; beyond that there are further views (docs/views.md)`)];
}

function note(level: LimitNote['level'], text: string): LimitNote {
  return { level, text };
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
