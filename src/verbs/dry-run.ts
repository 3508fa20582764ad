import { z } from 'zod';
import { awsErrorName } from '../aws/connection.ts';
import type { Glue } from '../aws/glue.ts';
import { openLogs } from '../aws/logs.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { parseState, viewWarning } from '../lake/state.ts';
import { endedJobRun } from './ended-job-run.ts';
import { jobFailure } from './job-failure.ts';
import { lastLines } from './job-log.ts';
import type { Conversation } from './verb.ts';
import { printedResult } from './verification.ts';

const text = z.string();
/** Column to type, of those that are no texts. */
const types = z.record(text, text).default({});
const view = z.object({ entity1: text, columns: z.array(text), types });

/** What a dry run of the publisher prints (glue-scripts/mydatahub_glue/view_difference.py). */
const jobDifference = z.object({
  version: z.literal(1),
  snapshot_id: text,
  new: z.record(text, view),
  changed: z.record(text, view.extend({ columns_now: z.array(text), types_now: types, why: text })),
  unchanged: z.number().int().nonnegative(),
  without_data: z.record(text, text),
  /** Views that would not be published, and why. */
  refused: z.record(text, text).default({}),
  warnings: z.array(viewWarning).optional(),
  warnings_more: z.number().int().nonnegative().optional(),
});
export type JobDifference = z.infer<typeof jobDifference>;

/** Runs the publisher without letting it change anything; an interrupt stops it. Throws ExplainedError. */
export async function dryRun(lake: Lake, glue: Glue, conversation: Conversation): Promise<JobDifference> {
  const name = lake.config.jobs.views;
  const id = await start(lake, glue, name);
  conversation.started({ kind: 'job-run', name, id });
  conversation.say(`${name} finds out what it would do, and changes nothing (job run ${id})`);
  const run = await endedJobRun(lake, glue, name, id, conversation);
  const logs = openLogs(lake.connection);
  if (run.state !== 'SUCCEEDED') {
    for (const line of await lastLines(logs, run)) conversation.log(name, line);
    throw jobFailure(run, lake.call, {});
  }
  const printed = await printedResult(run, logs);
  if (printed !== undefined) return parseState(jobDifference, printed, `the output of job run ${id}`);
  throw new ExplainedError({
    what: 'the dry run has printed no difference',
    where: `job run ${id} of ${name}`,
    why: "the lake has the Glue scripts of another version than this checkout, or the job's log is not there yet",
    cure: `${lake.call('upload-assets')}, then the same again`,
  });
}

async function start(lake: Lake, glue: Glue, name: string): Promise<string> {
  try {
    return await glue.startJobRun(name, { '--dry_run': 'true' });
  } catch (cause) {
    if (awsErrorName(cause) !== 'ConcurrentRunsExceededException') throw cause;
    throw new ExplainedError({
      what: `a run of ${name} is under way`,
      why: 'it publishes views just now; one run goes at a time',
      cure: `${lake.call('wait-for-views')}, then the same again`,
      cause,
    });
  }
}
