import { code, parts, plain, table } from '../report/markdown.ts';
import { counted } from '../verbs/progress.ts';
import type { WaitForViewsResult } from '../verbs/wait-for-views.ts';
import { defineAction } from './action.ts';
import { jobTable } from './job-table.ts';
import { WORKFLOW_RUN } from './lake-inputs.ts';
import { warningAnnotations, warningList } from './view-warnings.ts';

export const action = defineAction({
  verb: 'wait-for-views',
  inputs: {
    'workflow-run-id': WORKFLOW_RUN,
  },
  async run(lake, values, conversation) {
    const { waitForViews } = await import('../verbs/wait-for-views.ts');
    return waitForViews(lake, values['workflow-run-id'], conversation);
  },
  isResult: (result): result is WaitForViewsResult => 'views' in result && 'run_id' in result,
  outputNames: ['workflow-run-id', 'status', 'views'],
  outputs: ({ run_id, status, views }) => ({
    'workflow-run-id': run_id ?? '',
    status,
    views: views.filter(({ problem }) => problem === null).length,
  }),
  headline: ({ views }) => `${counted(views.length, 'view')}, each in both dialects`,
  summary: (result) => {
    const { jobs, views } = result;
    const rows = views.map(({ view, state, problem }) => [code(view), state, plain(problem ?? '')]);
    const shown = rows.length === 0 ? '' : table(['View', 'State', 'Problem'], rows);
    return parts(jobTable(jobs), shown, warningList(result));
  },
  warnings: warningAnnotations,
});
