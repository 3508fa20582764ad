import type { Snapshot } from '../lake/history.ts';
import { code, number, table } from '../report/markdown.ts';
import type { HistoryResult } from '../verbs/history.ts';
import { counted } from '../verbs/progress.ts';
import { defineAction } from './action.ts';

const STATES = { current: '**current**', past: '', undone: 'undone' } as const;

export const action = defineAction({
  verb: 'history',
  inputs: {},
  async run(lake) {
    const { history } = await import('../verbs/history.ts');
    return history(lake);
  },
  isResult: (result): result is HistoryResult => 'snapshots' in result,
  outputNames: ['snapshots', 'current'],
  outputs: ({ snapshots }) => ({
    snapshots: snapshots.length,
    current: snapshots.find(({ state }) => state === 'current')?.snapshot_id ?? '',
  }),
  headline: ({ table: name, snapshots }) => `${name} has ${counted(snapshots.length, 'snapshot')}`,
  summary: ({ snapshots }) =>
    snapshots.length === 0
      ? ''
      : table(['Time (UTC)', 'Snapshot', '', 'Added', 'Removed', 'Rows', 'Files'], snapshots.map(row), [
          'Added',
          'Removed',
          'Rows',
        ]),
});

function row(snapshot: Snapshot): string[] {
  const { time, snapshot_id, state, rows_added, rows_removed, rows, files, files_more } = snapshot;
  const told = files.map(({ path, change }) => `${code(path)} ${change}`);
  if (files_more > 0) told.push(`${number(files_more)} more`);
  const count = (of: number) => (of === 0 ? '' : number(of));
  return [
    time.slice(0, 16).replace('T', ' '),
    code(snapshot_id),
    STATES[state],
    count(rows_added),
    count(rows_removed),
    number(rows),
    told.join(', '),
  ];
}
