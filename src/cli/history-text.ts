import type { Snapshot } from '../lake/history.ts';
import type { HistoryResult } from '../verbs/history.ts';
import { counted } from '../verbs/progress.ts';

/** The history as people read it, newest first: a line for each snapshot, and below it one for each file. */
export function historyText({ table, snapshots }: HistoryResult): string {
  if (snapshots.length === 0) return `${table} has no history: nothing was ingested yet\n`;
  return `${snapshots.map(snapshotText).join('\n')}\n`;
}

function snapshotText(snapshot: Snapshot): string {
  const { rows_added: added, rows_removed: removed } = snapshot;
  const change = [added > 0 ? `+${number(added)}` : '', removed > 0 ? `-${number(removed)}` : '']
    .filter((part) => part !== '')
    .join(' ');
  const mark = { current: '  <- current', past: '', undone: '  (undone by a rollback)' }[snapshot.state];
  const head =
    `${snapshot.time.slice(0, 19)}Z  ${snapshot.snapshot_id.padEnd(19)}  ${snapshot.operation.padEnd(9)}  ` +
    `${change === '' ? 'no row changed' : change}, ${counted(snapshot.rows, 'row')}${mark}`;
  const files = snapshot.files.map(
    ({ path, rows, change }) => `    ${change.padEnd(8)}  ${shown(path)} (${counted(rows, 'row')})`,
  );
  const more = snapshot.files_more > 0 ? [`    … and ${counted(snapshot.files_more, 'file')} more`] : [];
  return [head, ...files, ...more].join('\n');
}

/** A control character in a path would break the lines. */
function shown(path: string): string {
  return path.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

function number(count: number): string {
  return count.toLocaleString('en');
}
