import { runContext } from '../github/event.ts';
import { whoIsInTheTable } from '../lake/files-outside.ts';
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
  headline: (result) =>
    result.run_id === null
      ? `nothing to do: ${whoIsInTheTable(result)}, its views are published and verified`
      : `${whoIsInTheTable(result)}; workflow run ${result.run_id} goes on with their views`,
  summary: ({ jobs, files, files_more, held, quarantined }) =>
    parts(
      jobTable(jobs),
      fileTable(files, files_more),
      outsideList('Held by a rollback until `release` lets them in', held),
      outsideList('Quarantined, so that nothing of them is in the table', quarantined),
    ),
  warnings: ({ quarantined }) =>
    quarantined.map((path) => ({
      title: 'Source files',
      message: `${path} breaks the contract and is quarantined: nothing of it is in the table; a report beside its copy names each problem`,
    })),
});

/** At most so many files are named. */
const NAMED = 20;

function outsideList(what: string, paths: readonly string[]): string {
  if (paths.length === 0) return '';
  const more = paths.length > NAMED ? ` and ${number(paths.length - NAMED)} more` : '';
  return `${what}: ${paths.slice(0, NAMED).map(code).join(', ')}${more}`;
}

function fileTable(files: RunIngestionResult['files'], more: number): string {
  if (files.length === 0) return '';
  const rows = files.map(({ path, change, rows: count }) => [code(path), change, number(count)]);
  if (more > 0) rows.push([`and ${number(more)} more`, '', '']);
  return table(['File', 'In the table', 'Rows'], rows, ['Rows']);
}
