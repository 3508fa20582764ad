import { GetTableCommand } from '@aws-sdk/client-glue';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WaitForViewsResult } from '../../src/verbs/wait-for-views.ts';
import {
  EXPRESSION_COLUMNS,
  EXPRESSION_VALUES,
  expectedValues,
  FIRST_FILE,
  SECOND_FILE,
  sendRules,
  withExpressions,
} from './support/custom-views.ts';
import { athena } from './support/engines.ts';
import { glue } from './support/jobs.ts';
import { mydatahub, query, verb } from './support/lake.ts';
import { DATABASE, grant, named, newRole, type Role } from './support/principals.ts';
import { objectText, putObject, remember } from './support/s3.ts';

const CREATE = (name: string, select: string) =>
  `CREATE PROTECTED MULTI DIALECT VIEW iceberg_db.${name} SECURITY DEFINER AS ${select}`;
const TABLE = 'iceberg_db.entity_data';

async function refusal(engine: 'athena' | 'spark', sql: string): Promise<string> {
  const output = await mydatahub('query', '--engine', engine, sql);
  expect(output.status).toBe(1);
  return output.stderr;
}

describe('multi-dialect views by the rules of AWS', () => {
  let definer: Role;

  beforeAll(async () => {
    await putObject('raw-data/custom-1.csv', FIRST_FILE);
    await putObject('raw-data/rules.csv', 'entity1,entity2,entity3,entity4,key,value\nrules,b,c,d,k,v\n');
    await verb('run-ingestion');
    await verb('wait-for-views');
    definer = await newRole('e2e-views-definer');
    await grant(definer.arn, DATABASE, ['CREATE_TABLE', 'DESCRIBE']);
    await grant(definer.arn, named('entity_data'), ['SELECT'], { grantable: ['SELECT'] });
    await grant(definer.arn, named('entity_view_rules'), ['SELECT']);
  });

  it('refuses OR REPLACE once another dialect exists', async () => {
    const replace = CREATE('entity_view_rules', `SELECT entity1 FROM ${TABLE}`).replace(
      'CREATE',
      'CREATE OR REPLACE',
    );
    expect(await refusal('athena', replace)).toMatch(
      /cannot be replaced if SQL dialects from other engines are present/,
    );
  });

  it('refuses a dialect with another schema unless forced, and then the other dialect is stale and fails', async () => {
    const update = `UPDATE DIALECT AS SELECT entity1, entity2 FROM ${TABLE}`;
    expect(await refusal('athena', `ALTER VIEW iceberg_db.entity_view_rules ${update}`)).toMatch(/mismatch/);
    await query('athena', `ALTER VIEW iceberg_db.entity_view_rules FORCE ${update}`);
    const { columns } = await query('athena', 'SELECT * FROM iceberg_db.entity_view_rules');
    expect(columns).toEqual(['entity1', 'entity2']);
    expect(await refusal('spark', 'SELECT * FROM iceberg_db.entity_view_rules')).toMatch(/stale/i);
    const smoke = await mydatahub('smoke-test');
    expect(smoke.status).toBe(1);
    expect(smoke.stderr).toMatch(/entity_view_rules.*stale/s);
  });

  it('is mended by the publisher at the next run, without dropping the view', async () => {
    await putObject('raw-data/custom-2.csv', SECOND_FILE);
    await sendRules();
    await verb('run-ingestion');
    const { warnings } = await verb<WaitForViewsResult>('wait-for-views');
    expect(warnings).toContainEqual({
      text: "entity_view_custom_values.boolean: 15 of the 23 rows of the table with the key 'boolean': the value is no boolean and NULL in the view",
      line: 1,
    });
    for (const engine of ['athena', 'spark'] as const) {
      const { rows } = await query(engine, 'SELECT * FROM iceberg_db.entity_view_rules');
      expect(rows).toEqual([['rules', 'b', 'c', 'd', 'v']]);
    }
    await verb('smoke-test');
  });

  it('names the views most like one that there is not, also in Spark', async () => {
    const text = await refusal('spark', 'SELECT * FROM iceberg_db.entity_view_rulse');
    expect(text).toMatch(/Spark knows no table or view iceberg_db\.entity_view_rulse/);
    expect(text).toMatch(/most like it: iceberg_db\.entity_view_rules.*cure: .*views list/s);
  });

  describe.each(['athena', 'spark'] as const)('with rules of config/views.yml, read in %s', (engine) => {
    const read = (view: string, columns = '*') =>
      query(engine, `SELECT ${columns} FROM iceberg_db.entity_view_custom_${view} ORDER BY entity2`);

    it('gives each expression the value that the vectors say', async () => {
      const { rows } = await read('row', EXPRESSION_COLUMNS.join(', '));
      expect(withExpressions(rows[0])).toEqual(EXPRESSION_VALUES);
    });

    it('takes exactly the texts of the vectors for values of a type', async () => {
      const { columns, rows } = await read('values');
      const values = columns.slice(4);
      expect(values).toHaveLength(6);
      expect(rows.map((row) => row.slice(4))).toEqual(expectedValues(values));
    });

    it('takes the latest value, and names, hides, filters, adds and orders columns', async () => {
      const { columns, rows } = await read('latest');
      expect(columns).toEqual(['entity1', 'entity2', 'entity3', 'entity4', 'tie', 'renamed', 'more']);
      expect(rows.map((row) => [row[1], ...row.slice(4)])).toEqual([
        ['a', '2', 'a', 'a!'],
        ['b', null, '', '!'],
      ]);
    });

    it('says in entity_columns of which type a column is, what it could not take, and what is said of it', async () => {
      const { rows } = await query(
        engine,
        `SELECT column_name, original_key, rows, type, not_cast, comment FROM iceberg_db.entity_columns
         WHERE entity1 LIKE 'custom %' AND (original_key IN ('boolean', 'k') OR column_name = 'more') ORDER BY 1`,
      );
      expect(rows).toEqual([
        ['boolean', 'boolean', '23', 'boolean', '15', ''],
        // An extra column has no key; its rows are those of the view with a value.
        ['more', null, '2', 'string', null, ''],
        ['renamed', 'k', '3', 'string', null, 'The latest'],
      ]);
    });
  });

  it('fails the listing of columns and the smoke test while a view lacks the ATHENA dialect', async () => {
    await query('athena', 'ALTER VIEW iceberg_db.entity_view_rules DROP DIALECT');
    const listing = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'iceberg_db'";
    expect(await refusal('athena', listing)).toMatch(/Dialect \[ATHENA 3\] not present/);
    expect(await refusal('athena', 'DROP VIEW iceberg_db.entity_view_rules')).toMatch(/ATHENA/i);
    const smoke = await mydatahub('smoke-test');
    expect(smoke.status).toBe(1);
    expect(smoke.stderr).toMatch(/entity_view_rules/);
    const { Table } = await glue.send(
      new GetTableCommand({ DatabaseName: 'iceberg_db', Name: 'entity_view_custom_latest' }),
    );
    const comments = Table?.StorageDescriptor?.Columns?.map(({ Name, Comment }) => [Name, Comment]);
    expect([Table?.Description, ...(comments ?? [])]).toEqual(
      expect.arrayContaining(['By rules', ['renamed', 'The latest'], ['tie', undefined]]),
    );
    const before = JSON.parse(await objectText('state/views.json')).views;
    // The repository has no rules: those that were sent are taken back.
    await verb('upload-assets');
    await verb('run-ingestion');
    await verb('wait-for-views');
    await verb('smoke-test');
    const after = JSON.parse(await objectText('state/views.json')).views;
    const published = (views: typeof after, name: string) => views[`entity_view_${name}`].published_at;
    for (const name of ['rules', 'custom_row', 'custom_values', 'custom_latest']) {
      expect(published(after, name)).not.toBe(published(before, name));
    }
    const others = Object.keys(before).filter((name) => !/_(rules|custom_\w+)$/.test(name));
    for (const name of others) expect(after[name].published_at).toBe(before[name].published_at);
    const { columns } = await query('spark', 'SELECT * FROM iceberg_db.entity_view_custom_latest');
    expect(columns.slice(4)).toEqual(['hidden', 'k', 'tie']);
  });

  it('fails the smoke test when there is no view at all, because there is no table to have one of', async () => {
    const config = await objectText('config/lake.json');
    const restore = await remember('config/lake.json');
    await putObject('config/lake.json', JSON.stringify({ ...JSON.parse(config), table: 'nothing' }));
    try {
      const smoke = await mydatahub('smoke-test');
      expect(smoke.status).toBe(1);
      expect(smoke.stderr).toMatch(/there is no view at all[\s\S]*there is no entity table/);
    } finally {
      await restore();
    }
  });

  it('shows what it would create by SHOW VIEW JSON, and creates nothing', async () => {
    const dryRun = CREATE('entity_view_dry', `SELECT entity1 FROM ${TABLE}`).replace(
      ' AS SELECT',
      ' SHOW VIEW JSON AS SELECT',
    );
    const shown = await athena(definer, dryRun);
    expect('rows' in shown && shown.rows.flat().join('\n')).toContain('entity_view_dry');
    expect(await refusal('athena', 'SELECT * FROM iceberg_db.entity_view_dry')).toMatch(/TABLE_NOT_FOUND/);
  });

  it('refuses a view on a view', async () => {
    const onView = CREATE('entity_view_nested', 'SELECT entity1 FROM iceberg_db.entity_view_rules');
    expect(await athena(definer, onView)).toMatchObject({
      failure: expect.stringMatching(/cannot reference (other|another) views?/),
    });
  });

  it('lists tables and views with the syntax of Athena', async () => {
    const tables = await query('athena', "SHOW TABLES IN iceberg_db 'entity_view_rul*'");
    expect(tables.rows).toEqual([['entity_view_rules']]);
    const views = await query('athena', 'SHOW VIEWS IN iceberg_db');
    expect(views.rows.flat()).toContain('entity_view_rules');
    const described = await query('athena', 'DESCRIBE iceberg_db.entity_view_rules');
    expect(described.rows.flat().join('\n')).toMatch(/entity1\s+varchar/);
  });
});
