import { dirname, join } from 'node:path';
import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { beforeAll, describe, expect, it } from 'vitest';
import { runningLake } from '../../src/local/lakes.ts';
import { toolchain } from '../../src/local/toolchain.ts';
import { applyLocal } from '../../src/terraform/apply-local.ts';
import { clientEnvironment, program, recordedCalls, sharedLake, verb } from './support/lake.ts';
import { objectText } from './support/s3.ts';

const aws = join(dirname(toolchain().python), 'aws');
const awsCli = (...args: string[]) =>
  program(aws, [...args, '--output', 'json'], { env: clientEnvironment() });

async function lakeConfig(): Promise<{ workgroup: string; bucket: string; log_group: string }> {
  return JSON.parse(await objectText('config/lake.json'));
}

describe('clients of AWS, unchanged', () => {
  beforeAll(async () => {
    await verb('upload-data', '--data', 'data');
    await verb('run-ingestion');
    await verb('wait-for-views');
  });

  it('serves PyAthena, awswrangler and boto3 as Athena would', async () => {
    const { workgroup, bucket } = await lakeConfig();
    const args = ['test/e2e/clients/athena_clients.py', bucket, workgroup];
    const output = await program(toolchain().python, args, { env: clientEnvironment() });
    expect(output.stderr).not.toMatch(/Traceback/);
    const seen = JSON.parse(output.stdout);
    expect(seen).toMatchObject({
      pyathena_types: ['1', '1.5', '1.50', "it's", '', null, 'True', '2020-01-01', '[1, 2]'],
      pyathena_many: 1500,
      boto3_rows_with_header: 1501,
      awswrangler_count: 344,
    });
    expect(seen.awswrangler_tables).toEqual(expect.arrayContaining(['entity_data', 'entity_view_penguins']));
    expect(seen.awswrangler_objects).toBeGreaterThan(1);
  });

  it('serves the AWS command line: views, jobs, logs, objects', async () => {
    const table = await awsCli(
      'glue',
      'get-table',
      '--database-name',
      'iceberg_db',
      '--name',
      'entity_view_penguins',
    );
    const { Table } = JSON.parse(table.stdout);
    expect(Table.IsMultiDialectView).toBe(true);
    expect(Table.ViewDefinition.Representations.map((r: { Dialect: string }) => r.Dialect).sort()).toEqual([
      'ATHENA',
      'SPARK',
    ]);
    const runs = await awsCli('glue', 'get-job-runs', '--job-name', 'csv-to-iceberg-ingestion');
    const [run] = JSON.parse(runs.stdout).JobRuns;
    expect(run).toMatchObject({ JobRunState: 'SUCCEEDED', GlueVersion: '5.1' });
    const { log_group } = await lakeConfig();
    const log = ['--log-group-name', `${log_group}/output`, '--log-stream-name', run.Id];
    const logs = await awsCli('logs', 'get-log-events', ...log);
    expect(logs.stdout).toMatch(/snapshot/i);
    const identity = await awsCli('sts', 'get-caller-identity');
    expect(JSON.parse(identity.stdout).Account).toBe(sharedLake().account_id);
    const listed = await awsCli('s3', 'ls', `s3://${sharedLake().bucket}/raw-data/`);
    expect(listed.stdout).toMatch(/penguins\.csv/);
  });

  it('serves aws-sdk-js, and refuses what it does not model by the name of the operation', async () => {
    const lake = sharedLake();
    const options = {
      endpoint: lake.endpoint,
      region: lake.region,
      credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
    };
    const glue = new GlueClient(options);
    const { Table } = await glue.send(
      new GetTableCommand({ DatabaseName: 'iceberg_db', Name: 'entity_data' }),
    );
    expect(Table?.CreateTime?.getFullYear()).toBeGreaterThan(2024);
    const athena = new AthenaClient(options);
    const { QueryExecutionId } = await athena.send(
      new StartQueryExecutionCommand({ QueryString: 'SELECT 1', WorkGroup: (await lakeConfig()).workgroup }),
    );
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    expect(QueryExecution?.ResultConfiguration?.OutputLocation).toContain(`${QueryExecutionId}.csv`);
    const crawlers = await awsCli('glue', 'get-crawlers');
    expect(crawlers.status).not.toBe(0);
    expect(crawlers.stderr).toMatch(/UnknownOperationException.*AWSGlue\.GetCrawlers/);
  });

  it('lets Terraform apply again with nothing to change', async () => {
    const { last } = await recordedCalls(0);
    const lines: string[] = [];
    await applyLocal(runningLake(sharedLake().name), { onLine: (line) => lines.push(line) });
    expect(lines.join('\n')).toMatch(/0 added, 0 changed, 0 destroyed/);
    const { calls } = await recordedCalls(last);
    expect(
      calls.filter(({ operation }) => /^(Create(?!Bucket$)|Update|Delete(?!Object$))/.test(operation)),
    ).toEqual([]);
  });
});
