import { code, table } from '../report/markdown.ts';
import type { IngestionJob, RunIngestionResult } from '../verbs/run-ingestion.ts';
import { defineAction } from './action.ts';
import { flag } from './inputs.ts';

export const action = defineAction({
  verb: 'run-ingestion',
  inputs: {
    refresh: flag(),
    full: flag(),
    'confirm-removals': flag(),
    republish: flag(),
    'wait-for-running': flag(),
  },
  async run(lake, values, conversation) {
    const { runIngestion } = await import('../verbs/run-ingestion.ts');
    const { refresh, full, republish } = values;
    const confirmRemovals = values['confirm-removals'];
    const waitForRunning = values['wait-for-running'];
    return runIngestion(lake, { refresh, full, confirmRemovals, republish, waitForRunning }, conversation);
  },
  isResult: (result): result is RunIngestionResult => 'run_id' in result,
  outputNames: ['workflow-run-id', 'started', 'status'],
  outputs: ({ run_id, status }) => ({ 'workflow-run-id': run_id ?? '', started: run_id !== null, status }),
  headline: ({ run_id }) =>
    run_id === null
      ? 'nothing to do: every source file is in the table, its views are published and verified'
      : `the source files are in the table; workflow run ${run_id} goes on with their views`,
  summary: ({ jobs }) => jobTable(jobs),
});

/** Job runs of a workflow run. */
export function jobTable(jobs: readonly IngestionJob[]): string {
  const rows = jobs.map(({ job, id, state }) => [code(job), state, code(id)]);
  return rows.length === 0 ? '' : table(['Job', 'State', 'Job run'], rows);
}
