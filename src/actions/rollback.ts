import { parts } from '../report/markdown.ts';
import { counted } from '../verbs/progress.ts';
import type { RollbackResult } from '../verbs/rollback.ts';
import { defineAction } from './action.ts';
import { heldTable } from './held-table.ts';
import { flag, required } from './inputs.ts';
import { jobTable } from './job-table.ts';
import { warningAnnotations, warningList } from './view-warnings.ts';

export const action = defineAction({
  verb: 'rollback',
  inputs: {
    to: required('2026-01-31T18:00Z', /^[\w:.+-]+$/, 'neither the id of a snapshot nor a time'),
    'wait-for-running': flag(),
  },
  async run(lake, values, conversation) {
    const { rollback } = await import('../verbs/rollback.ts');
    return rollback(lake, { to: values.to, waitForRunning: values['wait-for-running'] }, conversation);
  },
  isResult: (result): result is RollbackResult => 'held' in result && 'to' in result,
  outputNames: ['workflow-run-id', 'from', 'to', 'held'],
  outputs: ({ run_id, from, to, held }) => ({
    'workflow-run-id': run_id ?? '',
    from: from ?? '',
    to,
    held: held.length,
  }),
  headline: ({ run_id, to, held }) =>
    run_id === null
      ? `the table is at snapshot ${to} already`
      : `the table and its views are at snapshot ${to}; ${counted(held.length, 'content')} held`,
  summary: (result) => parts(jobTable(result.jobs), heldTable(result.held), warningList(result)),
  warnings: warningAnnotations,
});
