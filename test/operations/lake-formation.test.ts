import { GetTableCommand, GetTablesCommand } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { athena, type Spark, spark } from '../e2e/support/engines.ts';
import { mydatahub, verb } from '../e2e/support/lake.ts';
import { DATABASE, grant, named, newRole, type Role, revoke } from '../e2e/support/principals.ts';
import { objectText, putObject } from '../e2e/support/s3.ts';

const VIEW = 'entity_view_governed';
const READ_VIEW = `SELECT entity1, k FROM iceberg_db.${VIEW}`;
const READ_TABLE = "SELECT entity1, value FROM iceberg_db.entity_data WHERE entity1 = 'governed'";
const ROWS = { rows: [['governed', 'v']] };

let reader: Role;
let definer: Role;
let readerSpark: Spark;
let viewsDefiner = '';

beforeAll(async () => {
  await putObject('raw-data/governed.csv', 'entity1,entity2,entity3,entity4,key,value\ngoverned,b,c,d,k,v\n');
  await verb('run-ingestion');
  await verb('wait-for-views');
  const config = JSON.parse(await objectText('config/lake.json')) as { roles: { definer: string } };
  viewsDefiner = config.roles.definer;
  reader = await newRole('e2e-reader');
  definer = await newRole('e2e-definer');
  readerSpark = await spark(reader);
}, 600_000);
afterAll(() => readerSpark?.end());

describe('a reader of views', () => {
  it('sees nothing before anything was granted, in Glue and in both engines', async () => {
    await expect(
      reader.glue.send(new GetTableCommand({ DatabaseName: 'iceberg_db', Name: VIEW })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `Insufficient Lake Formation permission(s): Required Describe on ${VIEW}`,
    });
    const { TableList } = await reader.glue.send(new GetTablesCommand({ DatabaseName: 'iceberg_db' }));
    expect(TableList).toEqual([]);
    expect(await athena(reader, READ_VIEW)).toEqual({
      failure: "SCHEMA_NOT_FOUND: line 1:24: Schema 'iceberg_db' does not exist",
      type: 1301,
    });
    expect(await readerSpark.ask(READ_VIEW)).toMatchObject({
      failure: expect.stringContaining(
        `Insufficient Lake Formation permission(s): Required Select on ${VIEW}`,
      ),
    });
  });

  it('sees a view that they may describe, and cannot read it', async () => {
    await grant(reader.arn, DATABASE, ['DESCRIBE']);
    await grant(reader.arn, named(VIEW), ['DESCRIBE']);
    expect(await athena(reader, 'SHOW TABLES IN iceberg_db')).toEqual({ rows: [[VIEW]] });
    expect(await athena(reader, `SELECT * FROM iceberg_db.${VIEW}`)).toEqual({
      failure: 'COLUMN_NOT_FOUND: line 1:8: Relation contains no accessible columns',
      type: 1006,
    });
    expect(await athena(reader, READ_VIEW)).toEqual({
      failure:
        "COLUMN_NOT_FOUND: line 1:8: Column 'entity1' cannot be resolved or requester is not authorized to access requested resources",
      type: 1006,
    });
    expect(await readerSpark.ask(READ_VIEW)).toMatchObject({
      failure: expect.stringContaining(
        `Insufficient Lake Formation permission(s): Required Select on ${VIEW}`,
      ),
    });
  });

  it('reads it in both engines once SELECT was granted, without any access to the table or its files', async () => {
    await grant(reader.arn, named(VIEW), ['SELECT']);
    expect(await athena(reader, READ_VIEW)).toEqual(ROWS);
    expect(await readerSpark.ask(READ_VIEW)).toEqual(ROWS);
    expect(await athena(reader, READ_TABLE)).toEqual({
      failure: "TABLE_NOT_FOUND: line 1:28: Table 'awsdatacatalog.iceberg_db.entity_data' does not exist",
      type: 1301,
    });
    expect(await readerSpark.ask(READ_TABLE)).toMatchObject({
      failure: expect.stringContaining(
        'Insufficient Lake Formation permission(s): Required Select on entity_data',
      ),
    });
    expect(
      await readerSpark.ask(READ_TABLE.replace('iceberg_db', 'mydatahub_definers.iceberg_db')),
    ).toHaveProperty('failure');
  });

  it('finds in the lists of both engines what they may see, and nothing else', async () => {
    const { TableList } = await reader.glue.send(new GetTablesCommand({ DatabaseName: 'iceberg_db' }));
    expect(TableList?.map(({ Name }) => Name)).toEqual([VIEW]);
    const schema = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'iceberg_db'";
    expect(await athena(reader, schema)).toEqual({ rows: [[VIEW]] });
    const shown = await readerSpark.ask('SHOW TABLES IN iceberg_db');
    expect('rows' in shown && shown.rows.map(([, name]) => name)).toEqual([VIEW]);
  });

  it('is refused again when the grant was revoked', async () => {
    await revoke(reader.arn, named(VIEW), ['SELECT']);
    expect(await athena(reader, READ_VIEW)).toHaveProperty('failure');
    expect(await readerSpark.ask(READ_VIEW)).toHaveProperty('failure');
    await grant(reader.arn, named(VIEW), ['SELECT']);
    expect(await athena(reader, READ_VIEW)).toEqual(ROWS);
  });

  it('reads no view whose definer may not read the table any more', async () => {
    await revoke(viewsDefiner, named('entity_data'), ['SELECT']);
    try {
      expect(await athena(reader, READ_VIEW)).toEqual({
        failure: `Insufficient permissions to execute the query. line 1:24: Failed analyzing stored view 'awsdatacatalog.iceberg_db.${VIEW}': Insufficient Lake Formation permission(s) on entity_data`,
        type: 1500,
      });
      expect(await readerSpark.ask(READ_VIEW)).toMatchObject({
        failure: expect.stringContaining('Insufficient Lake Formation permission(s) on entity_data'),
      });
    } finally {
      await grant(viewsDefiner, named('entity_data'), ['SELECT']);
    }
    expect(await athena(reader, READ_VIEW)).toEqual(ROWS);
  });
});

describe('a definer of views', () => {
  const CREATE =
    'CREATE PROTECTED MULTI DIALECT VIEW iceberg_db.governed_by_us SECURITY DEFINER AS SELECT entity1 FROM iceberg_db.';
  const create = (table = 'entity_data') => athena(definer, CREATE + table);

  it('must be allowed to create tables, and to pass on SELECT on all of the base table', async () => {
    await grant(definer.arn, DATABASE, ['DESCRIBE']);
    await grant(definer.arn, named('entity_data'), ['DESCRIBE']);
    expect(await create()).toMatchObject({
      failure: expect.stringContaining(
        'Insufficient Lake Formation permission(s): Required Create Table on iceberg_db',
      ),
    });
    await grant(definer.arn, DATABASE, ['CREATE_TABLE']);
    for (const grantable of [undefined, []] as const) {
      if (grantable !== undefined) await grant(definer.arn, named('entity_data'), ['SELECT']);
      expect(await create()).toMatchObject({
        failure: expect.stringContaining(
          'Insufficient Lake Formation permission(s): Required Select on entity_data',
        ),
      });
    }
    await grant(definer.arn, named('entity_data'), ['SELECT'], { grantable: ['SELECT'] });
    expect(await create()).toEqual({ rows: [] });
    expect(await athena(definer, 'DROP VIEW iceberg_db.governed_by_us')).toEqual({ rows: [] });
  });

  it('makes none while the base table has IAMAllowedPrincipals', async () => {
    await grant('IAM_ALLOWED_PRINCIPALS', named('entity_data'), ['ALL']);
    try {
      expect(await create()).toMatchObject({
        failure: expect.stringContaining(
          'Multi Dialect views may only reference tables without IAMAllowedPrincipals permissions',
        ),
      });
    } finally {
      await revoke('IAM_ALLOWED_PRINCIPALS', named('entity_data'), ['ALL']);
    }
  });

  it('makes none over a table whose place is not registered', async () => {
    const table = `CREATE TABLE iceberg_db.elsewhere WITH (table_type = 'ICEBERG', is_external = false, location = 's3://${JSON.parse(await objectText('config/lake.json')).bucket}/elsewhere/') AS SELECT 'x' AS entity1`;
    expect(await athena(definer, table)).not.toHaveProperty('failure');
    expect(await create('elsewhere')).toMatchObject({
      failure: expect.stringContaining(
        'Multi Dialect views may only reference Lake Formation managed tables',
      ),
    });
    expect(await athena(definer, 'DROP TABLE iceberg_db.elsewhere')).toEqual({ rows: [] });
  });

  it('is a role: the administrator, who is a user, makes none', async () => {
    const { status, stderr } = await mydatahub('query', '--engine', 'athena', `${CREATE}entity_data`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/can be only an IAM role/);
  });
});
