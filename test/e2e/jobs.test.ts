import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchStopJobRunCommand,
  CreateDatabaseCommand,
  CreateJobCommand,
  CreateSessionCommand,
  CreateTriggerCommand,
  CreateWorkflowCommand,
  DeleteSessionCommand,
  DeleteTriggerCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  GetSessionCommand,
  GetStatementCommand,
  GetWorkflowRunCommand,
  GlueClient,
  type JobRun,
  RunStatementCommand,
  StartJobRunCommand,
  StartTriggerCommand,
  StartWorkflowRunCommand,
  StopWorkflowRunCommand,
} from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program, query, sharedLake } from './support/lake.ts';
import { putObject } from './support/s3.ts';

const lake = sharedLake();
const client = {
  endpoint: lake.endpoint,
  region: lake.region,
  credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
};
const glue = new GlueClient(client);
const logs = new CloudWatchLogsClient(client);
const SESSION_CATALOG = 'spark.sql.catalog.spark_catalog';
const FINE_GRAINED = {
  '--enable-lakeformation-fine-grained-access': 'true',
  '--datalake-formats': 'iceberg',
  '--conf': [
    'spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
    `${SESSION_CATALOG}=org.apache.iceberg.spark.SparkSessionCatalog`,
    `${SESSION_CATALOG}.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog`,
    `${SESSION_CATALOG}.io-impl=org.apache.iceberg.aws.s3.S3FileIO`,
    `${SESSION_CATALOG}.warehouse=s3://${lake.bucket}/iceberg-data/`,
  ].join(' --conf '),
};
const ENDED = ['SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT'];
const triggers = ['e2e-every-minute', 'e2e-by-hand', 'e2e-after', 'e2e-start', 'e2e-then', 'e2e-long'];

type Settings = Partial<ConstructorParameters<typeof CreateJobCommand>[0]>;

async function createJob(name: string, script: string, settings: Settings = {}): Promise<void> {
  await putObject(`scripts/e2e/${name}.py`, script);
  const ScriptLocation = `s3://${lake.bucket}/scripts/e2e/${name}.py`;
  await glue.send(
    new CreateJobCommand({
      Name: name,
      Role: `arn:aws:iam::${lake.account_id}:role/e2e`,
      Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation },
      GlueVersion: '5.1',
      WorkerType: 'G.1X',
      NumberOfWorkers: 2,
      ...settings,
    }),
  );
}

async function start(JobName: string, values: Record<string, string> = {}): Promise<string> {
  const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName, Arguments: values }));
  return JobRunId ?? '';
}

async function runOf(JobName: string, RunId: string): Promise<JobRun> {
  return (await glue.send(new GetJobRunCommand({ JobName, RunId }))).JobRun ?? {};
}

/** Newest first. */
async function runsOf(JobName: string): Promise<JobRun[]> {
  return (await glue.send(new GetJobRunsCommand({ JobName }))).JobRuns ?? [];
}

/** Asks until the answer is accepted, for at most 80 s. */
async function until<Answer>(
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

function ended(jobName: string, runId: string): Promise<JobRun> {
  return until(
    () => runOf(jobName, runId),
    (run) => ENDED.includes(run.JobRunState ?? ''),
  );
}

async function logOf(group: 'output' | 'error', runId: string): Promise<string> {
  const { events } = await logs.send(
    new GetLogEventsCommand({ logGroupName: `/aws-glue/jobs/${group}`, logStreamName: runId }),
  );
  return (events ?? []).map((event) => event.message).join('\n');
}

async function processesOf(runId: string): Promise<string[]> {
  const { stdout } = await program('ps', ['-eo', 'args=']);
  return stdout.split('\n').filter((line) => line.includes(runId));
}

const createTrigger = (input: ConstructorParameters<typeof CreateTriggerCommand>[0]) =>
  glue.send(new CreateTriggerCommand(input));

const success = (JobName: string) => ({
  Conditions: [{ JobName, State: 'SUCCEEDED' as const, LogicalOperator: 'EQUALS' as const }],
});

let endless: string;

beforeAll(async () => {
  await createJob('e2e-endless', 'import time\ntime.sleep(600)\n', {
    Timeout: 1,
    ExecutionProperty: { MaxConcurrentRuns: 2 },
  });
  endless = await start('e2e-endless');
  await createJob('e2e-done', 'print("done")\n');
  await createJob('e2e-next', 'print("next")\n');
  await createJob('e2e-scheduled', 'print("on time")\n');
  await createTrigger({
    Name: 'e2e-every-minute',
    Type: 'SCHEDULED',
    Schedule: 'cron(* * * * ? *)',
    StartOnCreation: true,
    Actions: [{ JobName: 'e2e-scheduled' }],
  });
});
afterAll(async () => {
  for (const Name of triggers) await glue.send(new DeleteTriggerCommand({ Name }));
});

describe('a job run', () => {
  it('shows its output and errors while it goes on, and what it cost at its end', async () => {
    const script = [
      'import os, sys, time',
      'from awsglue.utils import getResolvedOptions',
      'print("greeting:", getResolvedOptions(sys.argv, ["JOB_NAME", "greeting"])["greeting"])',
      'os.write(2, b"from Spark itself\\n")',
      'time.sleep(4)',
    ];
    await createJob('e2e-talk', script.join('\n'), { DefaultArguments: { '--greeting': 'as always' } });
    const id = await start('e2e-talk', { '--greeting': 'hello lake' });
    await until(
      () => logOf('output', id).catch(() => ''),
      (text) => text.includes('greeting: hello lake'),
    );
    await until(
      () => logOf('error', id),
      (text) => text.includes('from Spark itself'),
    );
    expect(await runOf('e2e-talk', id)).toMatchObject({ JobRunState: 'RUNNING', Attempt: 0 });
    const run = await ended('e2e-talk', id);
    expect(run).toMatchObject({ JobRunState: 'SUCCEEDED', MaxCapacity: 2, LogGroupName: '/aws-glue/jobs' });
    expect(run.ExecutionTime).toBeGreaterThanOrEqual(4);
    expect(run.DPUSeconds).toBeGreaterThanOrEqual(8);
  });

  it('fails with the message of its exception, and is tried again as often as the job says', async () => {
    await createJob('e2e-broken', 'raise ValueError("no such penguin")\n', { MaxRetries: 1 });
    const id = await start('e2e-broken');
    await ended('e2e-broken', id);
    const again = await ended('e2e-broken', `${id}_attempt_1`);
    expect(again).toMatchObject({ Attempt: 1, PreviousRunId: id, JobRunState: 'FAILED' });
    expect(again.ErrorMessage).toBe('ValueError: no such penguin');
    expect(await logOf('error', id)).toContain('no such penguin');
    expect(await runsOf('e2e-broken')).toHaveLength(2);
  });

  it('is refused beyond MaxConcurrentRuns, and stops when asked to, with its processes', async () => {
    const id = await start('e2e-endless');
    await expect(start('e2e-endless')).rejects.toMatchObject({ name: 'ConcurrentRunsExceededException' });
    await until(
      () => runOf('e2e-endless', id),
      (run) => run.JobRunState === 'RUNNING',
    );
    const answer = await glue.send(
      new BatchStopJobRunCommand({ JobName: 'e2e-endless', JobRunIds: [id, 'jr_unknown'] }),
    );
    expect(answer.SuccessfulSubmissions).toEqual([{ JobName: 'e2e-endless', JobRunId: id }]);
    expect(answer.Errors).toMatchObject([{ ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }]);
    expect((await ended('e2e-endless', id)).JobRunState).toBe('STOPPED');
    expect(await processesOf(id)).toEqual([]);
  });

  it('without a script fails and names the place where it was looked for', async () => {
    await createJob('e2e-lost', 'pass\n', {
      Command: { Name: 'glueetl', ScriptLocation: `s3://${lake.bucket}/scripts/nowhere.py` },
    });
    const { ErrorMessage } = await ended('e2e-lost', await start('e2e-lost'));
    expect(ErrorMessage).toContain(`s3://${lake.bucket}/scripts/nowhere.py: NoSuchKey`);
  });

  it.each([
    ['fewer than 4 workers', 3, {}, /minimum of 4 workers/],
    ['extra JARs', 4, { '--extra-jars': 's3://b/iceberg.jar' }, /--extra-jars is set/],
    [
      'a named catalog',
      4,
      { '--conf': 'spark.sql.catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog' },
      /session catalog only.*glue_catalog/,
    ],
  ])('with fine-grained access control is refused %s', async (what, NumberOfWorkers, values, reason) => {
    const name = `e2e-${what.replaceAll(' ', '-')}`;
    await createJob(name, 'pass\n', { NumberOfWorkers, DefaultArguments: { ...FINE_GRAINED, ...values } });
    const run = await ended(name, await start(name));
    expect(run).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: expect.stringMatching(reason) });
  });
});

describe('triggers and workflows', () => {
  it('fire after runs that a trigger started, and never after one started by hand', async () => {
    await createTrigger({ Name: 'e2e-by-hand', Type: 'ON_DEMAND', Actions: [{ JobName: 'e2e-done' }] });
    await createTrigger({
      Name: 'e2e-after',
      Type: 'CONDITIONAL',
      StartOnCreation: true,
      Predicate: success('e2e-done'),
      Actions: [{ JobName: 'e2e-next' }],
    });
    await ended('e2e-done', await start('e2e-done'));
    await sleep(500);
    expect(await runsOf('e2e-next')).toEqual([]);

    await glue.send(new StartTriggerCommand({ Name: 'e2e-by-hand' }));
    const [next] = await until(
      () => runsOf('e2e-next'),
      ([run]) => run?.JobRunState === 'SUCCEEDED',
    );
    const [first] = await runsOf('e2e-done');
    expect(first?.TriggerName).toBe('e2e-by-hand');
    expect(next).toMatchObject({
      TriggerName: 'e2e-after',
      PredecessorRuns: [{ JobName: 'e2e-done', RunId: first?.Id }],
    });
  });

  it('run one job after the other in a workflow, with its properties, and show them in its graph', async () => {
    const script = [
      'import sys, boto3',
      'from awsglue.utils import getResolvedOptions',
      'given = getResolvedOptions(sys.argv, ["WORKFLOW_NAME", "WORKFLOW_RUN_ID"])',
      'run = {"Name": given["WORKFLOW_NAME"], "RunId": given["WORKFLOW_RUN_ID"]}',
      'glue = boto3.client("glue")',
      'seen = glue.get_workflow_run_properties(**run)["RunProperties"]',
      'glue.put_workflow_run_properties(**run, RunProperties={"seen": seen["who"]})',
    ];
    await createJob('e2e-first', script.join('\n'));
    const WorkflowName = 'e2e-workflow';
    const DefaultRunProperties = { who: 'nobody', kept: 'yes' };
    await glue.send(
      new CreateWorkflowCommand({ Name: WorkflowName, DefaultRunProperties, MaxConcurrentRuns: 1 }),
    );
    await createTrigger({
      Name: 'e2e-start',
      Type: 'ON_DEMAND',
      WorkflowName,
      Actions: [{ JobName: 'e2e-first' }],
    });
    await createTrigger({
      Name: 'e2e-then',
      Type: 'CONDITIONAL',
      WorkflowName,
      StartOnCreation: true,
      Predicate: success('e2e-first'),
      Actions: [{ JobName: 'e2e-next' }],
    });
    const startRun = () =>
      glue.send(new StartWorkflowRunCommand({ Name: WorkflowName, RunProperties: { who: 'somebody' } }));
    const { RunId } = await startRun();
    await expect(startRun()).rejects.toMatchObject({ name: 'ConcurrentRunsExceededException' });
    const { Run } = await until(
      () => glue.send(new GetWorkflowRunCommand({ Name: WorkflowName, RunId, IncludeGraph: true })),
      (answer) => answer.Run?.Status !== 'RUNNING',
    );
    expect(Run).toMatchObject({
      Status: 'COMPLETED',
      WorkflowRunProperties: { who: 'somebody', kept: 'yes', seen: 'somebody' },
      Statistics: { TotalActions: 2, SucceededActions: 2, FailedActions: 0 },
    });
    const jobs = Run?.Graph?.Nodes?.filter(({ Type }) => Type === 'JOB') ?? [];
    const states = jobs.map(({ Name, JobDetails }) => [Name, JobDetails?.JobRuns?.[0]?.JobRunState]);
    expect(states).toEqual([
      ['e2e-first', 'SUCCEEDED'],
      ['e2e-next', 'SUCCEEDED'],
    ]);
    expect(Run?.Graph?.Edges).toHaveLength(3);
  });

  it('end the Spark of a workflow run that is stopped', async () => {
    const script = [
      'import time',
      'from pyspark.sql import SparkSession',
      'SparkSession.builder.getOrCreate()',
      'print("Spark is up")',
      'time.sleep(600)',
    ];
    await createJob('e2e-spark', script.join('\n'), {
      DefaultArguments: { '--datalake-formats': 'iceberg' },
    });
    const Name = 'e2e-stopped';
    await glue.send(new CreateWorkflowCommand({ Name }));
    await createTrigger({
      Name: 'e2e-long',
      Type: 'ON_DEMAND',
      WorkflowName: Name,
      Actions: [{ JobName: 'e2e-spark' }],
    });
    const { RunId } = await glue.send(new StartWorkflowRunCommand({ Name }));
    const job = (await runsOf('e2e-spark'))[0]?.Id ?? '';
    await until(
      () => logOf('output', job).catch(() => ''),
      (text) => text.includes('Spark is up'),
    );
    expect((await processesOf(job)).some((line) => line.includes('java'))).toBe(true);
    await glue.send(new StopWorkflowRunCommand({ Name, RunId }));
    const { Run } = await until(
      () => glue.send(new GetWorkflowRunCommand({ Name, RunId })),
      (answer) => answer.Run?.Status !== 'STOPPING',
    );
    expect(Run).toMatchObject({ Status: 'STOPPED', Statistics: { StoppedActions: 1 } });
    expect((await runOf('e2e-spark', job)).JobRunState).toBe('STOPPED');
    expect(await processesOf(job)).toEqual([]);
  });
});

describe("Glue's Spark", () => {
  const Id = `e2e-session-${process.pid}`;
  const database = 'e2e_views';

  async function spark(sql: string): Promise<string> {
    const Code = `print(spark.sql(${JSON.stringify(sql)}).collect())`;
    const ran = await glue.send(new RunStatementCommand({ SessionId: Id, Code }));
    const { Statement } = await until(
      () => glue.send(new GetStatementCommand({ SessionId: Id, Id: ran.Id })),
      (answer) => !['WAITING', 'RUNNING'].includes(answer.Statement?.State ?? ''),
    );
    const output = Statement?.Output;
    return output?.ErrorValue ?? output?.Data?.TextPlain ?? '';
  }

  beforeAll(async () => {
    const LocationUri = `s3://${lake.bucket}/iceberg-data/${database}`;
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database, LocationUri } }));
    await glue.send(
      new CreateSessionCommand({
        Id,
        Role: `arn:aws:iam::${lake.account_id}:role/e2e-definer`,
        Command: { Name: 'glueetl', PythonVersion: '3' },
        GlueVersion: '5.1',
        WorkerType: 'G.1X',
        NumberOfWorkers: 4,
        IdleTimeout: 5,
        DefaultArguments: FINE_GRAINED,
      }),
    );
    await until(
      () => glue.send(new GetSessionCommand({ Id })),
      (answer) => answer.Session?.Status === 'READY',
    );
    await spark(`CREATE TABLE ${database}.birds USING iceberg AS SELECT 'gentoo' AS name, '5' AS kg`);
  });
  afterAll(() => glue.send(new DeleteSessionCommand({ Id })));

  it('makes and changes views by its own statements, together with Athena', async () => {
    const view = `${database}.all_birds`;
    const select = `SELECT name, kg FROM ${database}.birds`;
    const create = `PROTECTED MULTI DIALECT VIEW ${view} SECURITY DEFINER AS ${select}`;
    expect(await spark(`CREATE ${create}`)).toBe('[]\n');
    await expect(query('athena', `SELECT * FROM ${view}`)).rejects.toThrow(
      /Dialect \[ATHENA 3\] not present/,
    );
    await query('athena', `ALTER VIEW ${view} ADD DIALECT AS ${select}`);
    expect((await query('athena', `SELECT * FROM ${view}`)).rows).toEqual([['gentoo', '5']]);
    expect(await spark(`SELECT * FROM ${view}`)).toBe("[Row(name='gentoo', kg='5')]\n");
    expect(await spark(`CREATE OR REPLACE ${create}`)).toMatch(/dialects from other engines are present/);
    const narrow = `UPDATE DIALECT AS SELECT name FROM ${database}.birds`;
    expect(await spark(`ALTER VIEW ${view} ${narrow}`)).toMatch(/storage descriptor mismatch/);
    await spark(`ALTER VIEW ${view} FORCE ${narrow}`);
    expect(await spark(`SELECT * FROM ${view}`)).toBe("[Row(name='gentoo')]\n");
    await expect(query('athena', `SELECT * FROM ${view}`)).rejects.toThrow(/stale/);
    expect(await spark(`SHOW TABLES IN ${database}`)).toMatch(/tableName='all_birds'.*tableName='birds'/);
    await spark(`DROP VIEW ${view}`);
    expect(await spark(`SELECT * FROM ${view}`)).toMatch(/TABLE_OR_VIEW_NOT_FOUND/);
  });
});

describe('what takes a minute', () => {
  it('a run that reaches its time limit is ended as TIMEOUT', async () => {
    const run = await ended('e2e-endless', endless);
    expect(run).toMatchObject({ JobRunState: 'TIMEOUT', ExecutionTime: 60 });
    expect(await processesOf(endless)).toEqual([]);
  });

  it('a schedule starts its job on the minute', async () => {
    const runs = await until(
      () => runsOf('e2e-scheduled'),
      (all) => all.length > 0,
    );
    expect(runs[0]).toMatchObject({ TriggerName: 'e2e-every-minute' });
    expect(runs[0]?.StartedOn?.getUTCSeconds()).toBeLessThan(2);
  });
});
