import type { JobRun } from '../aws/glue.ts';
import type { Call } from '../lake/lake.ts';
import { RULES_FILE } from '../lake/view-warnings.ts';
import { VerbFailure } from './verb.ts';

/** What to do when a job has ended in this state; the job's own message names the cause. */
const CURES: Readonly<Record<string, string>> = {
  STOPPED: 'somebody stopped the run; start it again',
  TIMEOUT: 'raise job_timeout_minutes in the tfvars, or send fewer files in one push, then start it again',
  EXPIRED: 'Glue had no capacity in time; start it again',
};

/** Rules of views reach the lake by upload-assets alone. */
function mended({ error }: JobRun, call: Call): string {
  const sent = error?.includes(RULES_FILE) === true ? `, ${call('upload-assets')}` : '';
  return `mend what the message names${sent}, then start it again`;
}

/** The failure of a verb that followed `run` to a bad end. */
export function jobFailure(run: JobRun, call: Call, result: object): VerbFailure {
  return new VerbFailure(result, {
    what: `the job ${run.job} ended as ${run.state}`,
    where: `job run ${run.id}, logs in ${run.logGroup}/output and ${run.logGroup}/error`,
    why: run.error ?? undefined,
    cure: `${CURES[run.state] ?? mended(run, call)}: ${call('run-ingestion')}; nothing is ingested twice`,
  });
}
