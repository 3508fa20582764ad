import {
  BatchStopJobRunCommand,
  CreateDatabaseCommand,
  CreateSessionCommand,
  DeleteSessionCommand,
  GetSessionCommand,
  GetStatementCommand,
  RunStatementCommand,
} from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createJob,
  createTrigger,
  deleteTriggers,
  ended,
  glue,
  logOf,
  processesOf,
  runOf,
  runsOf,
  start,
  until,
} from './support/jobs.ts';
import { query, sharedLake } from './support/lake.ts';
import { grant, newRole, revoke } from './support/principals.ts';

const lake = sharedLake();
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

let endless: string;

beforeAll(async () => {
  await createJob('e2e-endless', 'import time\ntime.sleep(600)\n', {
    Timeout: 1,
    ExecutionProperty: { MaxConcurrentRuns: 2 },
  });
  endless = await start('e2e-endless');
  await createJob('e2e-scheduled', 'print("on time")\n');
  await createTrigger({
    Name: 'e2e-every-minute',
    Type: 'SCHEDULED',
    Schedule: 'cron(* * * * ? *)',
    StartOnCreation: true,
    Actions: [{ JobName: 'e2e-scheduled' }],
  });
});
afterAll(deleteTriggers);

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
      () => logOf('output', id),
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
    expect(run.DPUSeconds).toBeUndefined();
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
    const CreateTableDefaultPermissions: [] = [];
    await glue.send(
      new CreateDatabaseCommand({
        DatabaseInput: { Name: database, LocationUri, CreateTableDefaultPermissions },
      }),
    );
    const Database = { Name: database };
    await revoke('IAM_ALLOWED_PRINCIPALS', { Database }, ['ALL']);
    const definer = await newRole('e2e-session-definer');
    await grant(definer.arn, { Database }, ['CREATE_TABLE', 'DESCRIBE']);
    await glue.send(
      new CreateSessionCommand({
        Id,
        Role: definer.arn,
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
    const reader = `arn:aws:iam::${lake.account_id}:user/local-administrator`;
    await grant(reader, { Table: { DatabaseName: database, Name: 'all_birds' } }, ['SELECT']);
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
