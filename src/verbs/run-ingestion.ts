import { type Glue, hasEnded, type JobRun, openGlue, type WorkflowRun } from '../aws/glue.ts';
import { openLogs } from '../aws/logs.ts';
import { paceFor, poll } from '../aws/poller.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { forgetPublishedViews } from '../lake/lake-state.ts';
import { pendingWork } from '../lake/pending.ts';
import { jobFailure } from './job-failure.ts';
import { followLog, lastLines } from './job-log.ts';
import type { Conversation } from './verb.ts';

export type IngestionJob = { readonly job: string; readonly id: string; readonly state: string };
export type RunIngestionResult = {
  /** `null` when no run was started. */
  readonly run_id: string | null;
  readonly status: 'UNCHANGED' | WorkflowRun['status'];
  readonly jobs: readonly IngestionJob[];
};
export type RunIngestionOptions = {
  /** Start a run even when there is no work. */
  readonly force: boolean;
  /** Publish every view anew, also those that nothing says have changed. */
  readonly republish: boolean;
  readonly waitForRunning: boolean;
};

/**
 * Starts a run of the workflow when there is work to do, and follows it until its ingestion job has ended; views and
 * their check go on in the same run. An interrupt stops the run. Throws VerbFailure when the job fails.
 */
export async function runIngestion(
  lake: Lake,
  options: RunIngestionOptions,
  conversation: Conversation,
): Promise<RunIngestionResult> {
  const glue = openGlue(lake.connection);
  if (options.republish) await forgetPublishedViews(lake);
  const work = options.force ? 'asked for by force' : await pendingWork(lake, glue);
  if (work === null) {
    conversation.say(
      'nothing to do: every source file is in the table, its views are published and verified',
    );
    return { run_id: null, status: 'UNCHANGED', jobs: [] };
  }
  const id = await start(lake, glue, options, conversation);
  conversation.started({ kind: 'workflow-run', name: lake.config.workflow, id });
  conversation.say(`workflow run ${id} started: ${work}`);
  try {
    return await follow(lake, glue, id, conversation);
  } catch (error) {
    if (conversation.signal.aborted) {
      await glue.stopWorkflowRun(lake.config.workflow, id);
      conversation.say(`workflow run ${id} is being stopped`);
    }
    throw error;
  }
}

async function start(
  lake: Lake,
  glue: Glue,
  options: RunIngestionOptions,
  conversation: Conversation,
): Promise<string> {
  const { workflow } = lake.config;
  for (;;) {
    const started = await glue.startWorkflowRun(workflow);
    if (started !== 'too-many-runs') return started.id;
    const running = (await glue.workflowRuns(workflow)).find(isUnderWay);
    if (!options.waitForRunning) throw alreadyRunning(lake, running);
    if (running === undefined) {
      await conversation.clock.sleep(paceFor(lake.connection).first, conversation.signal);
      continue;
    }
    conversation.say(`waiting for workflow run ${running.id}, started ${startOf(running)}`);
    await poll({
      look: () => glue.workflowRun(workflow, running.id),
      done: (run) => !isUnderWay(run),
      pace: paceFor(lake.connection),
      clock: conversation.clock,
      signal: conversation.signal,
    });
  }
}

function isUnderWay(run: WorkflowRun): boolean {
  return run.status === 'RUNNING' || run.status === 'STOPPING';
}

function startOf(run: WorkflowRun): string {
  return new Date(run.startedOn).toISOString();
}

function alreadyRunning(lake: Lake, running: WorkflowRun | undefined): ExplainedError {
  return new ExplainedError({
    what: `another run of the workflow ${lake.config.workflow} is under way`,
    where: running === undefined ? undefined : `workflow run ${running.id}, started ${startOf(running)}`,
    why: 'somebody else pushed, or an earlier run is still publishing views; one run goes at a time',
    cure: `wait for it (${lake.call('wait-for-views')}) and run this again, or let it wait: ${lake.call('run-ingestion', 'wait-for-running')}`,
  });
}

async function follow(
  lake: Lake,
  glue: Glue,
  id: string,
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
    status: run.status,
    jobs: run.jobs.map(({ job, id: jobRun, state: jobState }) => ({ job, id: jobRun, state: jobState })),
  };
  const job = jobOf(run, jobs.ingestion);
  if (job === undefined) throw neverStarted(lake, run);
  const said = await sayLog(job);
  if (job.state === 'SUCCEEDED') return result;
  if (said === 0) for (const line of await lastLines(logs, job)) conversation.log(job.job, line);
  throw jobFailure(job, lake.call, result);
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
