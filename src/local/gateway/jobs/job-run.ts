import { epochSeconds, type JsonObject } from '../protocol.ts';
import type { RunSettings } from './run-settings.ts';

export type JobRunState =
  | 'STARTING'
  | 'RUNNING'
  | 'STOPPING'
  | 'STOPPED'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'TIMEOUT';

const UNFINISHED: ReadonlySet<JobRunState> = new Set(['STARTING', 'RUNNING', 'STOPPING']);

export type WorkflowRunKey = { readonly name: string; readonly runId: string };
export type Predecessor = { readonly JobName: string; readonly RunId: string };

/** What started a run: nothing (StartJobRun), or a trigger, in a workflow or not. */
export type Cause = {
  readonly triggerName: string;
  readonly workflow?: WorkflowRunKey | undefined;
  readonly predecessors: readonly Predecessor[];
};

/** One attempt of a job run. Times are milliseconds since 1970. */
export type JobRun = {
  readonly id: string;
  readonly jobName: string;
  /** 0 for the first; a retry is a run of its own. */
  readonly attempt: number;
  readonly previousId: string | undefined;
  readonly cause: Cause | undefined;
  /** The arguments of this run, without the job's defaults. */
  readonly ownArguments: Readonly<Record<string, string>>;
  readonly settings: RunSettings;
  readonly startedOn: number;
  state: JobRunState;
  modifiedOn: number;
  runningOn?: number;
  completedOn?: number;
  errorMessage?: string;
  /** Failed, and another attempt follows: nothing may take this one's end for the action's end. */
  retried: boolean;
};

export function isUnfinished(run: JobRun): boolean {
  return UNFINISHED.has(run.state);
}

/** Whether Glue says the DPU-seconds of a run: only of class FLEX, or when workers come and go (Glue API, JobRun). */
function countsDpuSeconds({ executionClass, arguments: args }: RunSettings): boolean {
  return executionClass === 'FLEX' || args['--enable-auto-scaling'] === 'true';
}

/**
 * The Glue `JobRun` structure. ExecutionTime in whole seconds; DPUSeconds once the run has ended, of all its workers: here
 * none goes before.
 */
export function jobRunStructure(run: JobRun, now: number): JsonObject {
  const { settings } = run;
  const end = run.completedOn ?? now;
  const seconds = run.runningOn === undefined ? 0 : Math.max(0, end - run.runningOn) / 1000;
  return {
    Id: run.id,
    Attempt: run.attempt,
    PreviousRunId: run.previousId,
    TriggerName: run.cause?.triggerName,
    JobName: run.jobName,
    JobMode: 'SCRIPT',
    JobRunQueuingEnabled: false,
    StartedOn: epochSeconds(run.startedOn),
    LastModifiedOn: epochSeconds(run.modifiedOn),
    CompletedOn: run.completedOn === undefined ? undefined : epochSeconds(run.completedOn),
    JobRunState: run.state,
    Arguments: run.ownArguments,
    ErrorMessage: run.errorMessage,
    PredecessorRuns: run.cause?.predecessors ?? [],
    AllocatedCapacity: Math.ceil(settings.dpu),
    MaxCapacity: settings.dpu,
    ExecutionTime: Math.round(seconds),
    Timeout: settings.timeoutMinutes,
    WorkerType: settings.workerType,
    NumberOfWorkers: settings.workers,
    LogGroupName: '/aws-glue/jobs',
    GlueVersion: settings.glueVersion,
    ExecutionClass: settings.executionClass,
    DPUSeconds:
      run.completedOn === undefined || !countsDpuSeconds(settings) ? undefined : settings.dpu * seconds,
  };
}
