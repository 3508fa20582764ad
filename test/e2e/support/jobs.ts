import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateJobCommand,
  CreateTriggerCommand,
  DeleteTriggerCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  GetWorkflowRunCommand,
  GlueClient,
  type JobRun,
  StartJobRunCommand,
  StopWorkflowRunCommand,
} from '@aws-sdk/client-glue';
import { anyJobRole } from './identities.ts';
import { program, sharedLake, verb } from './lake.ts';
import { putObject } from './s3.ts';

const lake = sharedLake();
const client = {
  endpoint: lake.endpoint,
  region: lake.region,
  credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
};
/** Glue of the shared lake, as aws-sdk-js sees it. */
export const glue = new GlueClient(client);
const logs = new CloudWatchLogsClient(client);

const ENDED = ['SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT'];

type Settings = Partial<ConstructorParameters<typeof CreateJobCommand>[0]>;

/** Uploads a script and creates a small job of it. */
export async function createJob(name: string, script: string, settings: Settings = {}): Promise<void> {
  await putObject(`scripts/e2e/${name}.py`, script);
  const ScriptLocation = `s3://${lake.bucket}/scripts/e2e/${name}.py`;
  await glue.send(
    new CreateJobCommand({
      Name: name,
      Role: await anyJobRole(),
      Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation },
      GlueVersion: '5.1',
      WorkerType: 'G.1X',
      NumberOfWorkers: 2,
      ...settings,
    }),
  );
}

/** Starts a run by hand. Its id. */
export async function start(JobName: string, values: Record<string, string> = {}): Promise<string> {
  const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName, Arguments: values }));
  return JobRunId ?? '';
}

export async function runOf(JobName: string, RunId: string): Promise<JobRun> {
  return (await glue.send(new GetJobRunCommand({ JobName, RunId }))).JobRun ?? {};
}

/** Newest first. */
export async function runsOf(JobName: string): Promise<JobRun[]> {
  return (await glue.send(new GetJobRunsCommand({ JobName }))).JobRuns ?? [];
}

/** Asks until the answer is accepted, for 80 s and more. */
export async function until<Answer>(
  ask: () => Promise<Answer>,
  accept: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let waited = 0; ; waited += 100) {
    const answer = await ask();
    if (accept(answer)) return answer;
    if (waited > 80_000) throw new Error(`it never came: ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}

/** Waits for a run's end. */
export function ended(jobName: string, runId: string): Promise<JobRun> {
  return until(
    () => runOf(jobName, runId),
    (run) => ENDED.includes(run.JobRunState ?? ''),
  );
}

export const VIEWS_JOB = 'create-views-dual-engine';
/** Where the jobs that Terraform made keep their logs; other jobs have Glue's own place. */
export const LAKE_LOGS = '/aws-glue/jobs/mydatahub';

/** What a run has logged so far in one of its two log groups; empty before it has a log. */
export async function logOf(
  group: 'output' | 'error',
  runId: string,
  place = '/aws-glue/jobs',
): Promise<string> {
  const stream = { logGroupName: `${place}/${group}`, logStreamName: runId };
  const answer = await logs.send(new GetLogEventsCommand(stream)).catch(() => undefined);
  return (answer?.events ?? []).map((event) => event.message).join('\n');
}

/** Command lines of the processes of this machine that name a run. */
export async function processesOf(runId: string): Promise<string[]> {
  const { stdout } = await program('ps', ['-eo', 'args=']);
  return stdout.split('\n').filter((line) => line.includes(runId));
}

/** run-ingestion, and then the workflow is stopped: views show new rows without being published again. */
export async function ingestOnly(): Promise<void> {
  const { run_id } = await verb<{ run_id: string | null }>('run-ingestion');
  if (run_id === null) return;
  const run = { Name: 'data-lake', RunId: run_id };
  await glue.send(new StopWorkflowRunCommand(run));
  await until(
    () => glue.send(new GetWorkflowRunCommand(run)),
    (answer) => /STOPPED|COMPLETED/.test(answer.Run?.Status ?? ''),
  );
}

/** Runs the views job alone; its state, error and log. */
export async function publish(values: Record<string, string> = {}) {
  const id = await start(VIEWS_JOB, values);
  const run = await ended(VIEWS_JOB, id);
  return { state: run.JobRunState, error: run.ErrorMessage ?? '', log: await logOf('output', id, LAKE_LOGS) };
}

const triggers: string[] = [];

export async function createTrigger(
  input: ConstructorParameters<typeof CreateTriggerCommand>[0],
): Promise<void> {
  await glue.send(new CreateTriggerCommand(input));
  if (input.Name !== undefined) triggers.push(input.Name);
}

/** Deletes the triggers that this test file created, so that none fires during the others. */
export async function deleteTriggers(): Promise<void> {
  for (const Name of triggers.splice(0)) await glue.send(new DeleteTriggerCommand({ Name }));
}
