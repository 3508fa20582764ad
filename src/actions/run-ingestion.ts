import { runContext } from '../github/event.ts';
import { code, number, parts, table } from '../report/markdown.ts';
import type { RunIngestionResult } from '../verbs/run-ingestion.ts';
import { defineAction } from './action.ts';
import { flag } from './inputs.ts';
import { jobTable } from './job-table.ts';

export const action = defineAction({
  verb: 'run-ingestion',
  inputs: {
    refresh: flag(),
    full: flag(),
    'confirm-removals': flag(),
    republish: flag(),
    'wait-for-running': flag(),
  },
  check: ({ full, refresh }) =>
    full === true && refresh === true
      ? [
          {
            problem: 'full and refresh are both true: one ingests everything again, the other nothing',
            line: 'full: true   # and leave refresh out',
          },
        ]
      : [],
  async run(lake, values, conversation, { env }) {
    const { runIngestion } = await import('../verbs/run-ingestion.ts');
    const { refresh, full, republish } = values;
    const confirmRemovals = values['confirm-removals'];
    const waitForRunning = values['wait-for-running'];
    const origin = runContext(env).runUrl;
    return runIngestion(
      lake,
      { refresh, full, confirmRemovals, republish, waitForRunning, origin },
      conversation,
    );
  },
  isResult: (result): result is RunIngestionResult => 'run_id' in result,
  outputNames: ['workflow-run-id', 'started', 'status'],
  outputs: ({ run_id, started, status }) => ({ 'workflow-run-id': run_id ?? '', started, status }),
  headline: ({ run_id }) =>
    run_id === null
      ? 'nothing to do: every source file is in the table, its views are published and verified'
      : `the source files are in the table; workflow run ${run_id} goes on with their views`,
  summary: ({ jobs, files, files_more }) => parts(jobTable(jobs), fileTable(files, files_more)),
});

function fileTable(files: RunIngestionResult['files'], more: number): string {
  if (files.length === 0) return '';
  const rows = files.map(({ path, change, rows: count }) => [code(path), change, number(count)]);
  if (more > 0) rows.push([`and ${number(more)} more`, '', '']);
  return table(['File', 'In the table', 'Rows'], rows, ['Rows']);
}
