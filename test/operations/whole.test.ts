import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  GetJobCommand,
  GetTableOptimizerCommand,
  GetTriggerCommand,
  GlueClient,
} from '@aws-sdk/client-glue';
import { GetObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningLake } from '../../src/local/lakes.ts';
import { toolchain } from '../../src/local/toolchain.ts';
import { localInputs, localTerraform } from '../../src/terraform/apply-local.ts';
import { refuseDestruction } from '../../src/terraform/destruction.ts';
import { startGuard } from '../../src/terraform/guard.ts';
import type { Terraform, Variables } from '../../src/terraform/terraform.ts';
import { clientEnvironment, program, sharedLake } from '../e2e/support/lake.ts';

/** A second environment in the account of the shared lake, with everything switched on. */
const SUFFIX = 'whole';
const folder = mkdtempSync(join(tmpdir(), 'terraform-e2e-'));
const guard = startGuard();
const lake = runningLake(sharedLake().name);
const bucket = `${sharedLake().bucket}-${SUFFIX}`;
const all: Variables = {
  environment_suffix: SUFFIX,
  s3_bucket_name: bucket,
  enable_lifecycle: true,
  ingestion_schedule: 'cron(15 3 1 1 ? *)',
  alarm_emails: ['data-team@example.org'],
  freshness_hours: 26,
  monthly_budget_usd: 50,
};
const client = {
  endpoint: lake.endpoint,
  region: lake.region,
  credentials: lake.credentials,
  forcePathStyle: true,
};
const changed: Variables = { ...all, job_timeout_minutes: 90, monthly_budget_usd: 75 };
const glue = new GlueClient(client);
const s3 = new S3Client(client);
const lines: string[] = [];
let terraform: Terraform;

beforeAll(async () => {
  const room = { folder, stateKey: `${SUFFIX}.tfstate`, guard, onLine: (line: string) => lines.push(line) };
  terraform = await localTerraform(lake, room);
});
afterAll(async () => {
  await guard[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
  glue.destroy();
  s3.destroy();
});

/** The lines that Terraform says during a step. */
async function said(work: () => Promise<unknown>): Promise<string> {
  const before = lines.length;
  await work();
  return lines.slice(before).join('\n');
}

describe('the whole configuration, by the real provider', () => {
  it('is applied, and a second plan has nothing to change', async () => {
    await terraform.apply(localInputs(lake, all));
    const text = await said(async () => {
      expect(await terraform.plan(localInputs(lake, all))).toEqual({ changes: false });
    });
    expect(text).toContain('No changes.');
    const config = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'config/lake.json' }));
    expect(JSON.parse((await config.Body?.transformToString()) ?? '')).toMatchObject({
      bucket,
      database: 'iceberg_db_whole',
      log_group: '/aws-glue/jobs/mydatahub-whole',
    });
    const { Trigger } = await glue.send(new GetTriggerCommand({ Name: 'data-lake-start-whole' }));
    expect(Trigger).toMatchObject({ Type: 'SCHEDULED', State: 'ACTIVATED', Schedule: 'cron(15 3 1 1 ? *)' });
  });

  it('changes in place what a variable changes, and nothing else', async () => {
    const text = await said(() => terraform.apply(localInputs(lake, changed)));
    expect(text).toContain('Plan: 0 to add, 5 to change, 0 to destroy.');
    const { Job } = await glue.send(new GetJobCommand({ JobName: 'verify-views-whole' }));
    expect(Job).toMatchObject({ Timeout: 90, JobRunQueuingEnabled: true });
  });

  it('refuses to be destroyed, before anything is touched', async () => {
    const destroyed = terraform.destroy(localInputs(lake, { ...all, allow_destroy: true }));
    await expect(destroyed).rejects.toThrow(/REFUSED[\s\S]*cure: .*apply with allow_destroy = true first/);
    const text = await said(() => terraform.plan(localInputs(lake, changed)));
    // A destroy that fails takes the outputs out of the state, and nothing else.
    expect(text).toContain('without changing any real infrastructure');
  });

  it('refuses another table in the place of the one there is, in the plan already', async () => {
    const renamed = localInputs(lake, { ...changed, glue_table_name: 'other_data' });
    const plan = join(folder, 'renamed.tfplan');
    await terraform.plan({ ...renamed, out: plan });
    const shown = await terraform.show(plan);
    expect(() => refuseDestruction(shown)).toThrow(/would destroy or replace/);
    await expect(terraform.apply({ plan })).rejects.toThrow(/REFUSED/);
  });

  it('gives the table its optimizers once there is a table, and says so before', async () => {
    const early = terraform.apply(localInputs(lake, { ...changed, enable_table_optimizers: true }));
    await expect(early).rejects.toThrow(/cure: .*enable_table_optimizers = false, run the ingestion/);
    await glue.send(
      new CreateTableCommand({
        DatabaseName: 'iceberg_db_whole',
        TableInput: {
          Name: 'entity_data',
          TableType: 'EXTERNAL_TABLE',
          Parameters: { table_type: 'ICEBERG' },
          StorageDescriptor: { Location: `s3://${bucket}/iceberg-data/iceberg_db_whole/entity_data` },
        },
      }),
    );
    const wanted = localInputs(lake, {
      ...changed,
      enable_table_optimizers: true,
      snapshot_retention_days: 9,
    });
    await terraform.apply(wanted);
    expect(await terraform.plan(wanted)).toEqual({ changes: false });
    const Type = 'retention';
    const { TableOptimizer } = await glue.send(
      new GetTableOptimizerCommand({
        CatalogId: lake.accountId,
        DatabaseName: 'iceberg_db_whole',
        TableName: 'entity_data',
        Type,
      }),
    );
    expect(TableOptimizer?.configuration).toMatchObject({
      enabled: true,
      roleArn: `arn:aws:iam::${lake.accountId}:role/mydatahub/mydatahub-optimizer-whole`,
      retentionConfiguration: { icebergConfiguration: { snapshotRetentionPeriodInDays: 9 } },
    });
  });

  it('leaves nothing of itself, once that was allowed', async () => {
    await terraform.apply(localInputs(lake, { ...all, allow_destroy: true }));
    const text = await said(() => terraform.destroy(localInputs(lake, { ...all, allow_destroy: true })));
    expect(text).toMatch(/Destroy complete! Resources: \d+ destroyed\./);
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).not.toContain(bucket);
    expect(await remaining()).toEqual([]);
  });
});

/** What the AWS CLI is asked for each kind of thing that Terraform makes, and where the names stand in its answer. */
const LISTS: readonly (readonly [...words: string[], query: string])[] = [
  ['glue', 'get-databases', 'DatabaseList[].Name'],
  ['glue', 'list-jobs', 'JobNames[]'],
  ['glue', 'list-triggers', 'TriggerNames[]'],
  ['glue', 'list-workflows', 'Workflows[]'],
  ['athena', 'list-work-groups', 'WorkGroups[].Name'],
  ['iam', 'list-roles', 'Roles[].RoleName'],
  ['lakeformation', 'list-resources', 'ResourceInfoList[].ResourceArn'],
  ['logs', 'describe-log-groups', 'logGroups[].logGroupName'],
  ['logs', 'describe-resource-policies', 'resourcePolicies[].policyName'],
  ['events', 'list-rules', 'Rules[].Name'],
  ['cloudwatch', 'describe-alarms', 'MetricAlarms[].AlarmName'],
  ['cloudwatch', 'list-dashboards', 'DashboardEntries[].DashboardName'],
  ['sns', 'list-topics', 'Topics[].TopicArn'],
  ['budgets', 'describe-budgets', 'Budgets[].BudgetName'],
];

/** Names and ARNs of this environment that the lake still knows of. */
async function remaining(): Promise<string[]> {
  const aws = join(toolchain().pythonHome, 'bin', 'aws');
  const names: string[] = [];
  for (const list of LISTS) {
    const words = [...list.slice(0, -1), ...(list[0] === 'budgets' ? ['--account-id', lake.accountId] : [])];
    const args = [...words, '--query', list.at(-1) ?? '', '--output', 'json'];
    const { status, stdout, stderr } = await program(aws, args, { env: clientEnvironment() });
    if (status !== 0) throw new Error(`aws ${args.join(' ')}: ${stderr}`);
    names.push(...(JSON.parse(stdout) as string[]));
  }
  expect(names.length).toBeGreaterThan(LISTS.length);
  return names.filter((name) => name.includes(SUFFIX));
}
