import { code, number, table } from '../report/markdown.ts';
import type { JobResult } from '../verbs/job-result.ts';
import { duration } from './runner-conversation.ts';

/** Job runs of a workflow run, each with the way to its page in the console of AWS. */
export function jobTable(jobs: readonly JobResult[]): string {
  if (jobs.length === 0) return '';
  const rows = jobs.map(({ job, state, seconds, dpu_seconds, id, console }) => [
    code(job),
    state,
    duration(seconds * 1000),
    number(Math.round(dpu_seconds)),
    console === null ? code(id) : `[${code(id)}](${console})`,
  ]);
  return table(['Job', 'State', 'Ran for', 'DPU-seconds', 'Job run'], rows, ['Ran for', 'DPU-seconds']);
}
