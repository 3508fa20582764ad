import { code, number, parts, plain, table } from '../report/markdown.ts';
import { differenceLines } from '../verbs/difference-lines.ts';
import { counted } from '../verbs/progress.ts';
import type { SmokeTestResult, SmokeTestView } from '../verbs/smoke-test.ts';
import { defineAction } from './action.ts';

export const action = defineAction({
  verb: 'smoke-test',
  inputs: {},
  async run(lake, _values, conversation) {
    const { smokeTest } = await import('../verbs/smoke-test.ts');
    return smokeTest(lake, conversation);
  },
  isResult: (result): result is SmokeTestResult => 'snapshot_id' in result,
  outputNames: ['same', 'views', 'snapshot-id'],
  outputs: ({ ok, snapshot_id, views }) => ({ same: ok, views: views.length, 'snapshot-id': snapshot_id }),
  headline: ({ views, snapshot_id }) =>
    `${counted(views.length, 'view')}: the same answer in Athena and in Spark at snapshot ${snapshot_id}`,
  summary: ({ views }) => parts(viewTable(views), ...views.map(differences)),
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
