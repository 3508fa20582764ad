import { type JobArguments, scriptArguments } from '../../spark/job-arguments.ts';
import type { SparkEngine, SparkRun } from '../../spark/spark-engine.ts';
import { glueInput } from '../input.ts';
import { AwsError, type JsonObject } from '../protocol.ts';
import { jobId, newJobRunId } from './ids.ts';
import type { JobDefinitions } from './job-definitions.ts';
import { type Cause, isUnfinished, type JobRun } from './job-run.ts';
import { type RunSettings, runSettings } from './run-settings.ts';

/** The runs of all jobs, and the states they go through. */
export type JobRuns = {
  /** `input` as of StartJobRun. Throws EntityNotFoundException, ConcurrentRunsExceededException, InvalidInputException. */
  start(jobName: string, input: JsonObject, cause?: Cause): JobRun;
  /** Asks an unfinished run to stop; it is STOPPED once its processes have gone. */
  stop(run: JobRun): void;
  /** Newest first. */
  of(jobName: string): readonly JobRun[];
  /** Told of every run that has ended, after a retry of it was started. */
  onEnd(listener: (run: JobRun) => void): void;
  /** Told of every run that starts, retries included. */
  onStart(listener: (run: JobRun) => void): void;
  /** Stops everything that runs; nothing is retried or fired after it. */
  close(): Promise<void>;
};

/** What a retry shares with the attempt before it. */
type Attempt = Pick<
  JobRun,
  'id' | 'jobName' | 'attempt' | 'previousId' | 'cause' | 'ownArguments' | 'settings'
>;

export function createJobRuns(definitions: JobDefinitions, engine: SparkEngine): JobRuns {
  const byJob = new Map<string, JobRun[]>();
  const active = new Map<string, { readonly spark: SparkRun; readonly over: Promise<void> }>();
  const startListeners: ((run: JobRun) => void)[] = [];
  const endListeners: ((run: JobRun) => void)[] = [];
  let closed = false;

  const begin = (attempt: Attempt): JobRun => {
    const now = Date.now();
    const run: JobRun = { ...attempt, startedOn: now, modifiedOn: now, state: 'STARTING', retried: false };
    byJob.set(run.jobName, [run, ...(byJob.get(run.jobName) ?? [])]);
    let timer: NodeJS.Timeout | undefined;
    let timedOut = false;
    const onRunning = () => {
      if (run.state !== 'STARTING') return;
      run.state = 'RUNNING';
      run.runningOn = run.modifiedOn = Date.now();
      timer = setTimeout(() => {
        timedOut = true;
        spark.kill();
      }, run.settings.timeoutMinutes * 60_000);
    };
    const spark = engine.startJob(
      {
        id: run.id,
        arguments: run.settings.arguments,
        role: run.settings.role,
        glueVersion: run.settings.glueVersion,
        workers: run.settings.workers,
        scriptLocation: run.settings.scriptLocation,
        scriptArguments: commandLine(run),
      },
      onRunning,
    );
    const over = spark.ended.then((outcome) => {
      clearTimeout(timer);
      active.delete(run.id);
      run.completedOn = run.modifiedOn = Date.now();
      if (run.state === 'STOPPING') run.state = 'STOPPED';
      else if (timedOut) run.state = 'TIMEOUT';
      else if (outcome.succeeded) run.state = 'SUCCEEDED';
      else {
        run.state = 'FAILED';
        run.errorMessage = outcome.message;
      }
      if (!closed) end(run);
    });
    active.set(run.id, { spark, over });
    for (const listener of startListeners) listener(run);
    return run;
  };

  const end = (run: JobRun): void => {
    // Jobs that reach their time limit are not started again (AWS Glue, "Jobs API": MaxRetries).
    if (run.state === 'FAILED' && run.attempt < run.settings.maxRetries) {
      run.retried = true;
      const attempt = run.attempt + 1;
      const id = `${run.id.replace(/_attempt_\d+$/, '')}_attempt_${attempt}`;
      const { jobName, cause, ownArguments, settings } = run;
      begin({ id, jobName, attempt, previousId: run.id, cause, ownArguments, settings });
    }
    for (const listener of endListeners) listener(run);
  };

  return {
    start(jobName, input, cause) {
      const definition = definitions.get(jobName);
      if (glueInput.optionalString(input, 'JobRunId') !== undefined) {
        throw new AwsError(
          'InvalidInputException',
          'StartJobRun with JobRunId (a manual retry) is not modelled by the local lake.',
        );
      }
      const command = glueInput.string(definition, 'Command.Name');
      if (command !== 'glueetl') {
        throw new AwsError(
          'InvalidInputException',
          `Jobs with command ${command} are not modelled by the local lake, which runs glueetl.`,
        );
      }
      const settings = runSettings(definition, input);
      refuseConcurrent(definition, jobName, byJob.get(jobName) ?? []);
      const ownArguments = { ...glueInput.stringMap(input, 'Arguments'), ...workflowArguments(cause) };
      return begin({
        id: newJobRunId(),
        jobName,
        attempt: 0,
        previousId: undefined,
        cause,
        ownArguments,
        settings,
      });
    },
    stop(run) {
      if (run.state !== 'STARTING' && run.state !== 'RUNNING') return;
      run.state = 'STOPPING';
      run.modifiedOn = Date.now();
      active.get(run.id)?.spark.kill();
    },
    of: (jobName) => byJob.get(jobName) ?? [],
    onEnd: (listener) => void endListeners.push(listener),
    onStart: (listener) => void startListeners.push(listener),
    async close() {
      closed = true;
      const all = [...active.values()];
      for (const { spark } of all) spark.kill();
      await Promise.all(all.map(({ over }) => over));
    },
  };
}

function refuseConcurrent(definition: JsonObject, jobName: string, runs: readonly JobRun[]): void {
  const most = glueInput.optionalNumber(definition, 'ExecutionProperty.MaxConcurrentRuns') ?? 1;
  if (runs.filter(isUnfinished).length >= most) {
    throw new AwsError('ConcurrentRunsExceededException', `Concurrent runs exceeded for ${jobName}`);
  }
}

function workflowArguments(cause: Cause | undefined): JobArguments {
  if (cause?.workflow === undefined) return {};
  return { '--WORKFLOW_NAME': cause.workflow.name, '--WORKFLOW_RUN_ID': cause.workflow.runId };
}

/** `sys.argv` after the script: what Glue itself adds, then all arguments of job and run. */
function commandLine(run: JobRun): string[] {
  const values: JobArguments = {
    '--JOB_NAME': run.jobName,
    '--JOB_ID': jobId(run.jobName),
    '--JOB_RUN_ID': run.id,
    ...allArguments(run.settings, run.ownArguments),
  };
  return scriptArguments(values);
}

function allArguments(settings: RunSettings, own: JobArguments): JobArguments {
  return { ...own, ...settings.arguments };
}
