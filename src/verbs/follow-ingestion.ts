import { type Glue, hasEnded, type JobRun, type WorkflowRun } from '../aws/glue.ts';
import { openLogs } from '../aws/logs.ts';
import { paceFor, poll } from '../aws/poller.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import { type FilesOutside, filesOutside, NONE_OUTSIDE, outsideLines } from '../lake/files-outside.ts';
import type { Lake } from '../lake/lake.ts';
import { history } from './history.ts';
import { jobFailure } from './job-failure.ts';
import { followLog, lastLines } from './job-log.ts';
import { jobResults } from './job-result.ts';
import type { RunIngestionResult } from './run-ingestion.ts';
import { isUnderWay } from './running-run.ts';
import type { FoundRun } from './start-run.ts';
import type { Conversation } from './verb.ts';

/**
 * Follows a run of the workflow until its ingestion job has ended; views and their check go on in the same run. Throws
 * VerbFailure when the job fails.
 */
export async function followIngestion(
  lake: Lake,
  glue: Glue,
  { id, started }: FoundRun,
  conversation: Conversation,
): Promise<RunIngestionResult> {
  const { workflow, jobs } = lake.config;
  const logs = openLogs(lake.connection);
  const sayLog = followLog(logs, conversation);
  let state = '';
  const run = await poll({
    async look() {
      const now = await glue.workflowRun(workflow, id);
      const job = jobOf(now, jobs.ingestion);
      if (job !== undefined) {
        if (job.state !== state) conversation.stage(job.job, job.state, job.id);
        state = job.state;
        await sayLog(job);
      }
      return now;
    },
    done: (now) => {
      const job = jobOf(now, jobs.ingestion);
      return job === undefined ? !isUnderWay(now) : hasEnded(job);
    },
    news: () => state,
    waiting: (seconds) => conversation.say(`  … ${seconds} s`),
    pace: paceFor(lake.connection),
    clock: conversation.clock,
    signal: conversation.signal,
  });
  const result: RunIngestionResult = {
    run_id: id,
    started,
    status: run.status,
    jobs: jobResults(lake, run),
    files: [],
    files_more: 0,
    ...NONE_OUTSIDE,
  };
  const job = jobOf(run, jobs.ingestion);
  if (job === undefined) throw neverStarted(lake, run);
  const said = await sayLog(job);
  if (job.state === 'SUCCEEDED') {
    const outside = await filesOutside(lake);
    sayOutside(lake, outside, conversation);
    return { ...result, ...(await filesOf(lake, run)), ...outside };
  }
  if (said === 0) for (const line of await lastLines(logs, job)) conversation.log(job.job, line);
  throw jobFailure(job, lake.call, result);
}

/** Names the source files that are not in the table, each with what lets it in. */
export function sayOutside(lake: Lake, outside: FilesOutside, conversation: Conversation): void {
  const quarantine = lake.bucket.url(lake.config.prefixes.quarantine);
  for (const line of outsideLines(outside, lake.call('release'), quarantine)) conversation.say(line);
}

/** What a run has done with which file, by the table's snapshots since its start; Glue tells that in whole seconds. */
async function filesOf(lake: Lake, { startedOn }: WorkflowRun) {
  const { snapshots } = await history(lake);
  const since = Math.floor(startedOn / 1000) * 1000;
  const made = snapshots.filter(({ time, state }) => state !== 'undone' && Date.parse(time) >= since);
  return {
    files: made.flatMap(({ files }) => files),
    files_more: made.reduce((sum, { files_more }) => sum + files_more, 0),
  };
}

function jobOf(run: WorkflowRun, name: string): JobRun | undefined {
  return run.jobs.findLast(({ job }) => job === name);
}

function neverStarted(lake: Lake, run: WorkflowRun): ExplainedError {
  return new ExplainedError({
    what: `the workflow run ended as ${run.status} without starting ${lake.config.jobs.ingestion}`,
    where: `workflow run ${run.id}`,
    why: run.error ?? 'the job is at its limit of concurrent runs, or its start trigger is not there',
    cure: 'look at the run in the Glue console; apply terraform/ again if a trigger is missing',
  });
}
