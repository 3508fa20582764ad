import type { Glue, RunProperties, WorkflowRun } from '../aws/glue.ts';
import { paceFor, poll } from '../aws/poller.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import type { Conversation } from './verb.ts';

export type StartOptions = {
  /** What the jobs of this one run are told. */
  readonly properties: RunProperties;
  /** Wait for a run that is under way, instead of refusing. */
  readonly waitForRunning: boolean;
};

/**
 * Starts a run of the workflow and lets `follow` go on with its id; an interrupt stops the run. One run goes at a time.
 * Throws ExplainedError.
 */
export async function withRun<R>(
  lake: Lake,
  glue: Glue,
  why: string,
  options: StartOptions,
  conversation: Conversation,
  follow: (id: string) => Promise<R>,
): Promise<R> {
  const id = await start(lake, glue, options, conversation);
  conversation.started({ kind: 'workflow-run', name: lake.config.workflow, id });
  conversation.say(`workflow run ${id} started: ${why}`);
  try {
    return await follow(id);
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
  options: StartOptions,
  conversation: Conversation,
): Promise<string> {
  const { workflow } = lake.config;
  for (;;) {
    const started = await glue.startWorkflowRun(workflow, options.properties);
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

export function isUnderWay(run: WorkflowRun): boolean {
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
