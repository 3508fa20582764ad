import type { Glue, JobRun } from '../aws/glue.ts';
import type { Logs } from '../aws/logs.ts';
import type { Lake } from '../lake/lake.ts';
import { readVerified } from '../lake/lake-state.ts';
import { resultInLines } from '../lake/result-lines.ts';
import { parseState, type Verified, verified } from '../lake/state.ts';

/** Runs of the verify job whose output is looked at. */
const RUNS = 3;

/**
 * What Spark read last: the newer of state/verified.json and what the verify job printed, because fine-grained access
 * control may forbid the job to write to S3. `undefined` when Spark has not read anything yet.
 */
export async function readVerification(lake: Lake, glue: Glue, logs: Logs): Promise<Verified | undefined> {
  const [stored, runs] = await Promise.all([readVerified(lake), glue.jobRuns(lake.config.jobs.verify)]);
  for (const run of runs.slice(0, RUNS)) {
    if (run.id === stored?.job_run_id) return stored;
    const printed = await printedResult(run, logs);
    if (printed !== undefined) return parseState(verified, printed, `the output of job run ${run.id}`);
  }
  return stored;
}

/** The document that a job run printed, or `undefined`. */
export async function printedResult(run: JobRun, logs: Logs): Promise<string | undefined> {
  const { lines } = await logs.read(`${run.logGroup}/output`, run.id);
  return resultInLines(lines);
}
