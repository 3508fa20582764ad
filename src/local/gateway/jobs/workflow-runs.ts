import { AwsError } from '../protocol.ts';
import { createWatch } from './conditions.ts';
import { fire } from './firing.ts';
import { newWorkflowRunId } from './ids.ts';
import { isUnfinished, type JobRun, type Predecessor } from './job-run.ts';
import type { JobRuns } from './job-runs.ts';
import type { Trigger } from './trigger-definition.ts';
import type { WorkflowRun } from './workflow-run.ts';

export type WorkflowRuns = {
  /** Fires the start triggers (ON_DEMAND, SCHEDULED). Throws AwsError when there is none, or too much runs already. */
  start(options: {
    readonly name: string;
    readonly triggers: readonly Trigger[];
    readonly properties: Readonly<Record<string, string>>;
    readonly mostRuns: number | undefined;
  }): WorkflowRun;
  /** Stops the jobs of an unfinished run, and starts no more of them. */
  stop(run: WorkflowRun): void;
  /** Newest first. */
  of(name: string): readonly WorkflowRun[];
};

export function createWorkflowRuns(jobs: JobRuns): WorkflowRuns {
  const byWorkflow = new Map<string, WorkflowRun[]>();
  const of = (name: string): readonly WorkflowRun[] => byWorkflow.get(name) ?? [];

  const find = (job: JobRun): WorkflowRun | undefined => {
    const key = job.cause?.workflow;
    return key && of(key.name).find(({ id }) => id === key.runId);
  };

  const fireIn = (run: WorkflowRun, trigger: Trigger, predecessors: readonly Predecessor[]): void => {
    const workflow = { name: run.name, runId: run.id };
    run.errors.push(...fire(trigger, jobs, { workflow, predecessors }).errors);
  };

  const finishIfIdle = (run: WorkflowRun): void => {
    if (run.completedOn !== undefined || run.jobRuns.some(isUnfinished)) return;
    run.status = run.status === 'STOPPING' ? 'STOPPED' : 'COMPLETED';
    run.completedOn = Date.now();
  };

  jobs.onStart((job) => {
    find(job)?.jobRuns.push(job);
  });
  jobs.onEnd((job) => {
    const run = find(job);
    if (run === undefined) return;
    if (run.status === 'RUNNING' && !job.retried) {
      for (const trigger of run.triggers) {
        if (trigger.type !== 'CONDITIONAL' || trigger.state !== 'ACTIVATED') continue;
        const predecessors = run.watch.observe(trigger, job);
        if (predecessors !== undefined) fireIn(run, trigger, predecessors);
      }
    }
    // A retry that began while the run was being stopped.
    if (run.status === 'STOPPING') for (const each of run.jobRuns) jobs.stop(each);
    finishIfIdle(run);
  });

  return {
    of,
    start({ name, triggers, properties, mostRuns }) {
      const starting = triggers.filter(({ type }) => type !== 'CONDITIONAL');
      if (starting.length === 0) {
        throw new AwsError(
          'InvalidInputException',
          `Workflow ${name} has no start trigger, so a run of it would do nothing. Add an ON_DEMAND or SCHEDULED trigger.`,
        );
      }
      if (mostRuns && of(name).filter((run) => run.completedOn === undefined).length >= mostRuns) {
        throw new AwsError(
          'ConcurrentRunsExceededException',
          `Workflow ${name} has reached its ${mostRuns} concurrent run(s).`,
        );
      }
      const run: WorkflowRun = {
        name,
        id: newWorkflowRunId(),
        previousId: of(name)[0]?.id,
        startedOn: Date.now(),
        triggers,
        watch: createWatch(),
        jobRuns: [],
        properties,
        status: 'RUNNING',
        errors: [],
      };
      byWorkflow.set(name, [run, ...of(name)]);
      for (const trigger of starting) fireIn(run, trigger, []);
      finishIfIdle(run);
      return run;
    },
    stop(run) {
      run.status = 'STOPPING';
      for (const job of run.jobRuns) jobs.stop(job);
      finishIfIdle(run);
    },
  };
}
