import type { JobRun } from '../aws/glue.ts';
import type { Call, CallOption } from '../lake/lake.ts';
import { RULES_FILE } from '../lake/view-warnings.ts';
import { toldFailure } from './told-failure.ts';
import { VerbFailure } from './verb.ts';

/** What to do when a job has ended in this state; the job's own message names the cause. */
const CURES: Readonly<Record<string, string>> = {
  STOPPED: 'somebody stopped the run; start it again',
  TIMEOUT: 'raise job_timeout_minutes in the tfvars, or send fewer files in one push, then start it again',
  EXPIRED: 'Glue had no capacity in time; start it again',
};

/** Of a message without a cure. Rules of views reach the lake by upload-assets alone. */
function mended({ error }: JobRun, call: Call): string {
  const sent = error?.includes(RULES_FILE) === true ? `, ${call('upload-assets')}` : '';
  return `mend what the message names${sent}, then start it again`;
}

/** What a job's own cure names of these is told as somebody calls it on this lake. */
const CALLED =
  /npx mydatahub (upload-data|upload-assets|run-ingestion|rollback|release|history)(?: --(full|confirm-removals))?/g;

function called(cure: string, call: Call): string {
  return cure.replaceAll(CALLED, (_, verb: string, option?: CallOption) => call(verb, option));
}

/** The failure of a verb that followed `run` to a bad end: what the job itself has said, once. */
export function jobFailure(run: JobRun, call: Call, result: object): VerbFailure {
  const told = toldFailure(run);
  const again = `${call('run-ingestion')}; nothing is ingested twice`;
  const own = told?.cure === undefined ? undefined : called(told.cure, call);
  return new VerbFailure(result, {
    what: `the job ${run.job} ended as ${run.state}`,
    where: `job run ${run.id}, logs in ${run.logGroup}/output and ${run.logGroup}/error`,
    why: told?.why ?? run.error ?? undefined,
    cure: own === undefined ? `${CURES[run.state] ?? mended(run, call)}: ${again}` : withRun(own, again),
  });
}

function withRun(cure: string, again: string): string {
  return cure.includes('run-ingestion') ? cure : `${cure}. Start it again by ${again}`;
}
