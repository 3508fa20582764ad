import { ListPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { athena, type Spark, spark } from '../e2e/support/engines.ts';
import { ingestOnly, publish } from '../e2e/support/jobs.ts';
import { mydatahub, recordedCalls, verb } from '../e2e/support/lake.ts';
import { DATABASE, grant, lakeFormation, named, newRole, type Role } from '../e2e/support/principals.ts';
import { objectText, putObject, remember } from '../e2e/support/s3.ts';

const VIEW = 'entity_view_readers_one';
const OTHER = 'entity_view_readers_two';
const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
const READ = `SELECT entity1, k FROM iceberg_db.${VIEW}`;
const ROWS = { rows: [['readers one', 'v']] };
const GRANTING = /^Batch(Grant|Revoke)Permissions$/;

type Reader = { principal: string; views: string[]; base_table: boolean };
let before = '';
let restore: () => Promise<void>;
let analyst: Role;
let analystSpark: Spark;

/** What a principal was granted on a view. */
async function permissionsOn(view: string, principal: string): Promise<string[]> {
  const { PrincipalResourcePermissions = [] } = await lakeFormation.send(
    new ListPermissionsCommand({
      Principal: { DataLakePrincipalIdentifier: principal },
      Resource: named(view),
    }),
  );
  return [...new Set(PrincipalResourcePermissions.flatMap(({ Permissions = [] }) => Permissions))].sort();
}

/** Changes the readers as `terraform apply` would, by the object that it writes. */
async function withReaders(change: (configured: Reader[]) => Reader[]): Promise<void> {
  const config = JSON.parse(before) as { readers: Reader[] };
  await putObject('config/lake.json', JSON.stringify({ ...config, readers: change(config.readers) }));
}

beforeAll(async () => {
  before = await objectText('config/lake.json');
  restore = await remember('config/lake.json');
  await putObject('raw-data/readers.csv', `${HEADER}readers one,b,c,d,k,v\nreaders two,b,c,d,k,v\n`);
  await verb('run-ingestion');
  analyst = await newRole('e2e-analyst');
  await grant(analyst.arn, DATABASE, ['DESCRIBE']);
  analystSpark = await spark(analyst);
  await verb('wait-for-views');
}, 600_000);
afterAll(async () => {
  await restore();
  await analystSpark?.end();
});

describe('readers of the views', () => {
  it('are granted SELECT and DESCRIBE on each view as it appears', async () => {
    const { readers: configured } = JSON.parse(before) as { readers: Reader[] };
    expect(configured.length).toBeGreaterThan(0);
    for (const { principal } of configured) {
      for (const view of [VIEW, OTHER]) {
        expect(await permissionsOn(view, principal)).toEqual(['DESCRIBE', 'SELECT']);
      }
    }
  });

  it('are granted the views that they are named for at the next run after they were added, and read them', async () => {
    expect(await athena(analyst, READ)).toHaveProperty('failure');
    expect(await analystSpark.ask(READ)).toHaveProperty('failure');
    await withReaders((configured) => [
      ...configured,
      { principal: analyst.arn, views: [VIEW], base_table: false },
    ]);
    await verb('run-ingestion');
    await verb('wait-for-views');
    expect(await permissionsOn(VIEW, analyst.arn)).toEqual(['DESCRIBE', 'SELECT']);
    expect(await permissionsOn(OTHER, analyst.arn)).toEqual([]);
    expect(await athena(analyst, READ)).toEqual(ROWS);
    expect(await analystSpark.ask(READ)).toEqual(ROWS);
    const other = READ.replace(VIEW, OTHER);
    expect(await athena(analyst, other)).toHaveProperty('failure');
    expect(await analystSpark.ask(other)).toHaveProperty('failure');
  });

  it('keep their grants, and cost no call, when a view is refreshed', async () => {
    const { last } = await recordedCalls(0);
    await putObject('raw-data/readers-more.csv', `${HEADER}readers one,b,c,d,another,v\n`);
    await ingestOnly();
    expect((await publish()).log).toMatch(/updated: 1: entity_view_readers_one/);
    const { calls } = await recordedCalls(last);
    expect(calls.filter(({ operation }) => GRANTING.test(operation))).toEqual([]);
    expect(await athena(analyst, READ)).toEqual(ROWS);
  });

  it('read in both engines which file came when, once they are granted the table that tells it', async () => {
    const ingests = `SELECT source_file, rows FROM iceberg_db.entity_data_ingests WHERE source_file = 'readers.csv'`;
    expect(await athena(analyst, ingests)).toHaveProperty('failure');
    expect(await analystSpark.ask(ingests)).toHaveProperty('failure');
    await grant(analyst.arn, named('entity_data_ingests'), ['SELECT']);
    expect(await athena(analyst, ingests)).toEqual({ rows: [['readers.csv', '2']] });
    expect(await analystSpark.ask(ingests)).toEqual({ rows: [['readers.csv', '2']] });
  });

  it('lose what the publisher granted when they are wanted no more, and nothing else', async () => {
    await grant(analyst.arn, named(OTHER), ['SELECT']);
    await withReaders((configured) => configured);
    await publish();
    expect(await permissionsOn(VIEW, analyst.arn)).toEqual([]);
    expect(await athena(analyst, READ)).toHaveProperty('failure');
    expect(await permissionsOn(OTHER, analyst.arn)).toContain('SELECT');
  });

  it('that Lake Formation does not know fail their view alone, with the cure', async () => {
    const unknown = analyst.arn.replace('e2e-analyst', 'e2e-nobody');
    await withReaders((configured) => [
      ...configured,
      { principal: unknown, views: [VIEW], base_table: false },
    ]);
    await verb('run-ingestion');
    const waited = await mydatahub('wait-for-views');
    expect(waited.status).toBe(1);
    expect(waited.stderr).toMatch(/1 of \d+ views failed/);
    expect(waited.stderr).toMatch(/SELECT, DESCRIBE was not granted to .*e2e-nobody: InvalidInputException/);
    expect(waited.stderr).toMatch(/To cure it: check that the principal exists/);
    await withReaders((configured) => configured);
    await verb('run-ingestion');
    await verb('wait-for-views');
    await verb('smoke-test');
  });
});
