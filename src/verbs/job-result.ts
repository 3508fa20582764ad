import { jobRunPage } from '../aws/console.ts';
import type { WorkflowRun } from '../aws/glue.ts';
import type { Lake } from '../lake/lake.ts';

/** A job run of a workflow run, as results show it. `seconds` and `dpu_seconds` are what it has consumed by now. */
export type JobResult = {
  readonly job: string;
  readonly id: string;
  readonly state: string;
  readonly seconds: number;
  readonly dpu_seconds: number;
  /** Its page in the console of AWS; a local lake has none. */
  readonly console: string | null;
};

export function jobResults(lake: Lake, run: WorkflowRun | undefined): JobResult[] {
  return (run?.jobs ?? []).map(({ job, id, state, seconds, dpuSeconds }) => ({
    job,
    id,
    state,
    seconds,
    dpu_seconds: dpuSeconds,
    console: jobRunPage(lake.connection, job, id),
  }));
}
