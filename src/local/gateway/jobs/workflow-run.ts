import { epochSeconds, type JsonObject } from '../protocol.ts';
import type { Watch } from './conditions.ts';
import { isUnfinished, type JobRun } from './job-run.ts';
import type { Trigger } from './trigger-definition.ts';

export type WorkflowRunStatus = 'RUNNING' | 'COMPLETED' | 'STOPPING' | 'STOPPED';

/** One run of a workflow. Times are milliseconds since 1970. */
export type WorkflowRun = {
  readonly name: string;
  readonly id: string;
  readonly previousId: string | undefined;
  readonly startedOn: number;
  /** The workflow's triggers as they were when the run started. */
  readonly triggers: readonly Trigger[];
  readonly watch: Watch;
  /** Every attempt, in the order of their start. */
  readonly jobRuns: JobRun[];
  properties: Readonly<Record<string, string>>;
  status: WorkflowRunStatus;
  completedOn?: number;
  /** Actions that could not start. */
  readonly errors: string[];
};

/** The Glue `WorkflowRun` structure, without its graph. COMPLETED says only that nothing runs any more. */
export function workflowRunStructure(run: WorkflowRun): JsonObject {
  return {
    Name: run.name,
    WorkflowRunId: run.id,
    PreviousRunId: run.previousId,
    WorkflowRunProperties: run.properties,
    StartedOn: epochSeconds(run.startedOn),
    CompletedOn: run.completedOn === undefined ? undefined : epochSeconds(run.completedOn),
    Status: run.status,
    ErrorMessage: run.errors.length === 0 ? undefined : run.errors.join('\n'),
    Statistics: statistics(run),
  };
}

/** TotalActions counts all actions of the workflow's triggers; the others those that have got that far. */
function statistics(run: WorkflowRun): JsonObject {
  const last = run.jobRuns.filter((each) => !each.retried);
  const count = (state: JobRun['state']) => last.filter((each) => each.state === state).length;
  return {
    TotalActions: run.triggers.reduce((sum, trigger) => sum + trigger.actions.length, 0),
    TimeoutActions: count('TIMEOUT'),
    FailedActions: count('FAILED'),
    StoppedActions: count('STOPPED'),
    SucceededActions: count('SUCCEEDED'),
    RunningActions: last.filter(isUnfinished).length,
    ErroredActions: run.errors.length,
    WaitingActions: 0,
  };
}
