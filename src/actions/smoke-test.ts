import { code, number, parts, plain, table } from '../report/markdown.ts';
import { differenceLines } from '../verbs/difference-lines.ts';
import { counted } from '../verbs/progress.ts';
import type { SmokeTestResult, SmokeTestView } from '../verbs/smoke-test.ts';
import { defineAction } from './action.ts';
import { costTable } from './cost-table.ts';
import { price } from './inputs.ts';
import { WORKFLOW_RUN } from './lake-inputs.ts';

/** List prices of us-east-1 in US dollars ("AWS Glue pricing", "Amazon Athena pricing", 2026). */
const GLUE_PRICE = 0.44;
const ATHENA_PRICE = 5;

export const action = defineAction({
  verb: 'smoke-test',
  inputs: {
    'workflow-run-id': WORKFLOW_RUN,
    'glue-price-per-dpu-hour': price(GLUE_PRICE),
    'athena-price-per-tb': price(ATHENA_PRICE),
  },
  async run(lake, values, conversation) {
    const { smokeTest } = await import('../verbs/smoke-test.ts');
    return smokeTest(lake, values['workflow-run-id'], conversation);
  },
  isResult: (result): result is SmokeTestResult => 'snapshot_id' in result,
  outputNames: ['same', 'views', 'snapshot-id'],
  outputs: ({ ok, snapshot_id, views }) => ({ same: ok, views: views.length, 'snapshot-id': snapshot_id }),
  headline: ({ views, snapshot_id }) =>
    `${counted(views.length, 'view')}: the same answer in Athena and in Spark at snapshot ${snapshot_id}`,
  summary: ({ views, jobs, queries }, values) => {
    const prices = {
      gluePerDpuHour: values['glue-price-per-dpu-hour'],
      athenaPerTb: values['athena-price-per-tb'],
    };
    return parts(viewTable(views), ...views.map(differences), costTable(jobs, queries, prices));
  },
});

function viewTable(views: readonly SmokeTestView[]): string {
  const count = (value: number | null) => (value === null ? '' : number(value));
  const rows = views.map(({ view, columns, rows: athena, spark_rows, ok, problems }) => [
    code(view),
    count(columns),
    count(athena),
    count(spark_rows),
    ok ? 'yes' : `**no**: ${plain(problems.join('; '))}`,
  ]);
  const header = ['View', 'Columns', 'Rows in Athena', 'Rows in Spark', 'Same'];
  return table(header, rows, header.slice(1, 4));
}

function differences({ view, differences: found }: SmokeTestView): string {
  if (found === undefined) return '';
  const lines = differenceLines(found).map((line) => `- ${plain(line)}`);
  return parts(`First rows of ${code(view)} that differ:`, lines.join('\n'));
}
