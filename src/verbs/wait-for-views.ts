import { type Glue, hasEnded, type JobRun, openGlue, type WorkflowRun } from '../aws/glue.ts';
import { openLogs } from '../aws/logs.ts';
import { paceFor, poll } from '../aws/poller.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { readPublishedViews } from '../lake/lake-state.ts';
import { pendingWork } from '../lake/pending.ts';
import type { PublishedViews } from '../lake/state.ts';
import { type ViewWarnings, viewWarnings, warningLines } from '../lake/view-warnings.ts';
import { inspectViews, type ViewCondition } from './inspect-views.ts';
import { jobFailure } from './job-failure.ts';
import { followLog, lastLines } from './job-log.ts';
import { type JobResult, jobResults } from './job-result.ts';
import { counted } from './progress.ts';
import { isUnderWay } from './running-run.ts';
import { sayConsole } from './start-run.ts';
import { type Conversation, VerbFailure } from './verb.ts';

export type WaitForViewsResult = {
  /** `null` when everything was up to date and no run was followed. */
  readonly run_id: string | null;
  readonly status: 'UNCHANGED' | WorkflowRun['status'];
  readonly jobs: readonly JobResult[];
  readonly views: readonly ViewCondition[];
} & ViewWarnings;

/**
 * Follows a run of the workflow (`runId`, else the latest) to its end, then checks that every published view has both
 * dialects and none is stale, and says what the publisher has warned of. Without `runId` a lake that is up to date needs no run. Throws VerbFailure.
 */
export async function waitForViews(
  lake: Lake,
  runId: string | undefined,
  conversation: Conversation,
): Promise<WaitForViewsResult> {
  const glue = openGlue(lake.connection, lake.config.log_group);
  const id = runId ?? (await runToFollow(lake, glue));
  const run = id === null ? undefined : await follow(lake, glue, id, conversation);
  const published = await expectedViews(lake);
  const views = await inspectViews(glue, lake.config.database, Object.keys(published.views).sort());
  const warnings = viewWarnings(published);
  for (const line of warningLines(warnings, lake.config.jobs.views)) conversation.say(line);
  const result: WaitForViewsResult = {
    run_id: run?.id ?? null,
    status: run?.status ?? 'UNCHANGED',
    jobs: jobResults(lake, run),
    views,
    ...warnings,
  };
  const bad = views.filter(({ problem }) => problem !== null);
  for (const { view, problem } of bad) conversation.say(`${view}: ${problem}`);
  if (bad.length > 0) {
    throw new VerbFailure(result, {
      what: `${counted(bad.length, 'view')} of ${views.length} cannot be read in both engines`,
      where: bad.map(({ view }) => view).join(', '),
      why: 'a dialect could not be published, or somebody changed the view',
      cure: `${lake.call('run-ingestion', 'republish')} publishes them again`,
    });
  }
  conversation.say(`${counted(views.length, 'view')}: each has both dialects`);
  return result;
}

/** A run that is under way, else the latest; `null` when the lake is up to date without one. */
async function runToFollow(lake: Lake, glue: Glue): Promise<string | null> {
  const [latest] = await glue.workflowRuns(lake.config.workflow);
  if (latest !== undefined && isUnderWay(latest)) return latest.id;
  if ((await pendingWork(lake, glue)) === null) return null;
  if (latest !== undefined) return latest.id;
  throw new ExplainedError({
    what: `the workflow ${lake.config.workflow} has not run yet`,
    cure: lake.call('run-ingestion'),
  });
}

async function follow(lake: Lake, glue: Glue, id: string, conversation: Conversation): Promise<WorkflowRun> {
  sayConsole(lake, conversation);
  const states = new Map<string, string>();
  const logs = new Map<string, ReturnType<typeof followLog>>();
  const shown = new Set<string>();
  const run = await poll({
    async look() {
      const now = await glue.workflowRun(lake.config.workflow, id);
      for (const job of now.jobs) {
        // What had ended before was shown by whoever followed it then.
        if (!states.has(job.id) && !hasEnded(job))
          logs.set(job.id, followLog(openLogs(lake.connection), conversation));
        if (states.get(job.id) !== job.state) conversation.stage(job.job, job.state, job.id);
        states.set(job.id, job.state);
        if (((await logs.get(job.id)?.(job)) ?? 0) > 0) shown.add(job.id);
        if (hasEnded(job)) logs.delete(job.id);
      }
      return now;
    },
    done: (now) => !isUnderWay(now),
    news: () => JSON.stringify([...states]),
    waiting: (seconds) => conversation.say(`  … ${seconds} s`),
    pace: paceFor(lake.connection),
    clock: conversation.clock,
    signal: conversation.signal,
  });
  await refuseBadEnd(lake, run, shown, conversation);
  return run;
}

/** COMPLETED alone does not mean success: every job of the chain must have run and succeeded. `shown`: jobs whose log was said. */
async function refuseBadEnd(
  lake: Lake,
  run: WorkflowRun,
  shown: ReadonlySet<string>,
  conversation: Conversation,
): Promise<void> {
  const nothing = { views: [], warnings: [], warnings_more: 0 };
  const result = { run_id: run.id, status: run.status, jobs: jobResults(lake, run), ...nothing };
  const { ingestion, views, verify } = lake.config.jobs;
  const last = new Map<string, JobRun>(run.jobs.map((job) => [job.job, job]));
  const failed = [...last.values()].find(({ state }) => state !== 'SUCCEEDED');
  if (failed !== undefined) {
    const told = shown.has(failed.id) ? [] : await lastLines(openLogs(lake.connection), failed);
    for (const line of told) conversation.log(failed.job, line);
    throw jobFailure(failed, lake.call, result);
  }
  const missing = [ingestion, views, verify].filter((job) => !last.has(job));
  if (run.status === 'COMPLETED' && run.unsuccessful === 0 && missing.length === 0) return;
  throw new VerbFailure(result, {
    what: `the workflow run ended as ${run.status}${missing.length > 0 ? ` without ${missing.join(' and ')}` : ''}`,
    where: `workflow run ${run.id}`,
    why:
      run.error ??
      (run.status === 'STOPPED' ? 'somebody stopped it' : 'a trigger of the workflow did not fire'),
    cure: `${lake.call('run-ingestion', 'refresh')} starts a new run; apply terraform/ if a trigger is missing`,
  });
}

async function expectedViews(lake: Lake): Promise<PublishedViews> {
  const published = await readPublishedViews(lake);
  if (published !== undefined && Object.keys(published.views).length > 0) return published;
  throw new ExplainedError({
    what: 'no view is published',
    where: lake.bucket.url(`${lake.config.prefixes.state}views.json`),
    why: 'the table holds no rows, or the views job has not run',
    cure: `${lake.call('upload-data')}, then ${lake.call('run-ingestion')}`,
  });
}
