import { workflowPage } from '../aws/console.ts';
import type { Glue, RunProperties, WorkflowRun } from '../aws/glue.ts';
import { paceFor, poll } from '../aws/poller.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { coversWork, isUnderWay } from './running-run.ts';
import type { Conversation } from './verb.ts';

/** A run to do: why, in a few words, and what its jobs are told. */
export type WantedRun = { readonly why: string; readonly properties: RunProperties };
export type StartOptions = {
  /** The run that is needed now; `null` when there is none. Asked again after another run has ended. */
  readonly wanted: () => Promise<WantedRun | null>;
  /** Done just before a run is started, never when one is followed that goes on already. */
  readonly prepare?: () => Promise<void>;
  /** Wait for a run that is under way and does something else, instead of refusing. */
  readonly waitForRunning: boolean;
};
/** A run that does what was wanted: started here, or by somebody else. */
export type FoundRun = { readonly id: string; readonly started: boolean };

/**
 * Lets `follow` go on with a run of the workflow that does what is wanted: one that is under way and does it already, else
 * a new one. An interrupt stops the run that was started here, and no other. One run goes at a time. `null` when nothing is
 * wanted. Throws ExplainedError.
 */
export async function withRun<R>(
  lake: Lake,
  glue: Glue,
  options: StartOptions,
  conversation: Conversation,
  follow: (run: FoundRun) => Promise<R>,
): Promise<R | null> {
  const found = await find(lake, glue, options, conversation);
  if (found === null) return null;
  try {
    return await follow(found);
  } catch (error) {
    if (conversation.signal.aborted && found.started) {
      await glue.stopWorkflowRun(lake.config.workflow, found.id);
      conversation.say(`workflow run ${found.id} is being stopped`);
    }
    throw error;
  }
}

async function find(
  lake: Lake,
  glue: Glue,
  options: StartOptions,
  conversation: Conversation,
): Promise<FoundRun | null> {
  const { workflow } = lake.config;
  let waitedFor: string | undefined;
  let told = false;
  for (;;) {
    const wanted = await options.wanted();
    // Whatever was wanted before is done by the run that was waited for.
    if (wanted === null) return waitedFor === undefined ? null : { id: waitedFor, started: false };
    if (!told) sayConsole(lake, conversation);
    told = true;
    const running = (await glue.workflowRuns(workflow)).find(isUnderWay);
    if (running === undefined) {
      await options.prepare?.();
      const started = await glue.startWorkflowRun(workflow, wanted.properties);
      if (started !== 'too-many-runs') {
        conversation.started({ kind: 'workflow-run', name: workflow, id: started.id });
        conversation.say(`workflow run ${started.id} started: ${wanted.why}`);
        return { id: started.id, started: true };
      }
      // Somebody else has started one in between, which the list of runs does not show yet.
      if (!options.waitForRunning) throw alreadyRunning(lake, undefined);
      await conversation.clock.sleep(paceFor(lake.connection).first, conversation.signal);
      continue;
    }
    if (coversWork(running, wanted.properties)) {
      conversation.say(
        `workflow run ${running.id}, started ${startOf(running)}, does this already: it is followed, none is started`,
      );
      return { id: running.id, started: false };
    }
    if (!options.waitForRunning) throw alreadyRunning(lake, running);
    waitedFor = running.id;
    await endOf(lake, glue, running, conversation);
  }
}

/** Where a person can look on; a local lake has no console. */
export function sayConsole(lake: Lake, conversation: Conversation): void {
  const page = workflowPage(lake.connection, lake.config.workflow);
  if (page !== null) conversation.say(`Glue console: ${page}`);
}

async function endOf(
  lake: Lake,
  glue: Glue,
  running: WorkflowRun,
  conversation: Conversation,
): Promise<void> {
  conversation.say(`waiting for workflow run ${running.id}, started ${startOf(running)}`);
  await poll({
    look: () => glue.workflowRun(lake.config.workflow, running.id),
    done: (run) => !isUnderWay(run),
    waiting: (seconds) => conversation.say(`  … ${seconds} s`),
    pace: paceFor(lake.connection),
    clock: conversation.clock,
    signal: conversation.signal,
  });
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
