import { describe, expect, test } from 'vitest';
import { createCursor } from '../../../src/local/gateway/athena/cursor.ts';
import { createViewAnalyser } from '../../../src/local/gateway/athena/view-analysis.ts';
import { plainViewSql } from '../../../src/local/gateway/athena/view-statement.ts';
import type { TrinoClient } from '../../../src/local/trino/client.ts';
import { athenaOver, fakeCatalog, refusalOf } from './support/athena-under-test.ts';
import { column, failed, page } from './support/fake-trino.ts';

const MULTI = {
  Name: 'm',
  TableType: 'VIRTUAL_VIEW',
  ViewDefinition: { Representations: [{ Dialect: 'ATHENA', ViewOriginalText: 'SELECT 1 a\nFROM d.t' }] },
};
const SPARK_ONLY = {
  Name: 's',
  TableType: 'VIRTUAL_VIEW',
  ViewDefinition: { Representations: [{ Dialect: 'SPARK', ViewOriginalText: 'SELECT 1 a' }] },
};
const TABLE = { Name: 't', TableType: 'EXTERNAL_TABLE', Parameters: { table_type: 'ICEBERG' } };

type Referenced = { catalog?: string; table: string; directlyReferenced?: boolean };

/** An analyser over a Trino that answers the columns and referenced tables given. */
function analyserOf(columns: ReturnType<typeof column>[], tables: Referenced[]) {
  const asked: string[] = [];
  const stats = { state: 'FINISHED', elapsedTimeMillis: 1 };
  const answered = { id: 'q', columns, stats };
  const client = {
    start: async (sql: string) => {
      asked.push(sql);
      return { id: 'q', page: answered, next: async () => undefined, cancel: async () => undefined };
    },
    queryInfo: async () => ({
      referencedTables: tables.map((table) => ({
        catalog: 'awsdatacatalog',
        schema: 'd',
        directlyReferenced: true,
        ...table,
      })),
    }),
  };
  const lake = { region: 'us-east-1', accountId: '123456789012' };
  return { asked, ...createViewAnalyser(client as unknown as TrinoClient, lake) };
}

describe('the analysis of a view’s query', () => {
  test('tells columns in both spellings, lower-case, and the base tables once each', async () => {
    const analyser = analyserOf(
      [column('Entity1'), column('n', 'integer')],
      [{ table: 't' }, { table: 't' }],
    );
    expect(await analyser.analyse('SELECT entity1 AS "Entity1", 1.5 n FROM t', 'd')).toEqual({
      dialect: 'ATHENA',
      sql: 'SELECT entity1 AS "Entity1", 1.5E0 n FROM t',
      glueColumns: [
        { Name: 'entity1', Type: 'string' },
        { Name: 'n', Type: 'int' },
      ],
      trinoColumns: [
        { name: 'entity1', type: 'varchar' },
        { name: 'n', type: 'integer' },
      ],
      subObjects: ['arn:aws:glue:us-east-1:123456789012:table/d/t'],
    });
  });

  test('puts the query on lines of its own, so that a comment at its end hides nothing', async () => {
    const analyser = analyserOf([column('a')], []);
    await analyser.analyse('SELECT a FROM t -- end', 'd');
    expect(analyser.asked).toEqual(['SELECT * FROM (\nSELECT a FROM t -- end\n) LIMIT 0']);
  });

  test.each([
    ['a column without a name', [column('_col0')], [], /^MISSING_COLUMN_NAME: .* position 1$/],
    ['a type that the catalog cannot hold', [column('j', 'json')], [], /Column j has the type json/],
    [
      'another view',
      [column('a')],
      [{ table: 'b', directlyReferenced: false }],
      /cannot reference other views/,
    ],
    ['tables of another catalog', [column('a')], [{ catalog: 'system', table: 'nodes' }], /system\.d\.nodes/],
    [
      'eleven tables',
      [column('a')],
      Array.from({ length: 11 }, (_, at) => ({ table: `t${at}` })),
      /at most 10 tables, and this one references 11/,
    ],
  ])('refuses %s', async (_what, columns, tables, message) => {
    const [code, , text] = await refusalOf(analyserOf(columns, tables).analyse('SELECT 1 a', 'd'));
    expect([code, text]).toEqual(['InvalidInputException', expect.stringMatching(message)]);
  });

  test.each(['t', 'SELECT 1) x, (SELECT 2', '', 'DROP TABLE t'])(
    'refuses what is no query: %s',
    async (sql) => {
      expect((await refusalOf(analyserOf([], []).begin(sql, 'd'))).slice(0, 2)).toEqual([
        'InvalidRequestException',
        'MALFORMED_QUERY',
      ]);
    },
  );
});

describe('multi-dialect view statements', () => {
  const run = async (sql: string) => {
    const { catalog, statements, dropped } = fakeCatalog({ m: MULTI, s: SPARK_ONLY, t: TABLE });
    await using lake = await athenaOver(
      () => ({ pages: [failed('COLUMN_NOT_FOUND', "line 2:8: Column 'x' cannot be resolved")] }),
      catalog,
    );
    const id = await lake.start(sql);
    return { status: await lake.ended(id), statements, dropped };
  };

  test('a query that does not hold fails the execution, with lines counted from its own first', async () => {
    const { status, statements } = await run(
      'CREATE PROTECTED MULTI DIALECT VIEW d.v SECURITY DEFINER AS SELECT x FROM d.t',
    );
    expect(status.StateChangeReason).toMatch(/^COLUMN_NOT_FOUND: line 1:8: Column 'x'/);
    expect(statements).toEqual([]);
  });

  test('DROP DIALECT takes the ATHENA one away', async () => {
    const { status, statements } = await run('ALTER VIEW d.m DROP DIALECT');
    expect(status.State).toBe('SUCCEEDED');
    expect(statements).toEqual([{ action: 'DROP', database: 'd', name: 'm', dialect: 'ATHENA' }]);
  });

  test('DROP VIEW drops a view with the ATHENA dialect and refuses one without', async () => {
    expect((await run('DROP VIEW d.m')).dropped).toEqual(['d.m']);
    const { status, dropped } = await run('DROP VIEW d.s');
    expect(status.StateChangeReason).toMatch(/has no ATHENA dialect/);
    expect(dropped).toEqual([]);
  });

  test('a plain view does not take the place of a multi-dialect one', () => {
    const { catalog } = fakeCatalog({ m: MULTI });
    const sql = 'CREATE OR REPLACE VIEW m AS SELECT 1 a';
    expect(plainViewSql(catalog, createCursor(sql, { database: 'd' }))).toEqual({
      failure: expect.stringContaining('ALTER VIEW m UPDATE DIALECT'),
    });
    expect(plainViewSql(catalog, createCursor(sql, { database: 'other' }))).toEqual({
      sql: 'CREATE OR REPLACE VIEW m SECURITY INVOKER AS SELECT 1 a',
    });
  });

  test.each([
    ['CREATE UNPROTECTED MULTI DIALECT VIEW d.v SECURITY DEFINER AS SELECT 1 a', /Expecting: 'PROTECTED'$/],
    ['CREATE PROTECTED MULTI DIALECT VIEW d.v AS SELECT 1 a', /Expecting: 'SECURITY'$/],
    ['ALTER VIEW d.v DIALECT AS SELECT 1 a', /Expecting: 'ADD', 'DROP', 'FORCE', 'UPDATE'$/],
    ['ALTER VIEW d.v ADD DIALECT ATHENA AS SELECT 1 a', /Expecting: 'AS'$/],
  ])('%s is refused at the start', async (sql, message) => {
    await using lake = await athenaOver(() => ({ pages: [page({})] }));
    expect((await refusalOf(lake.start(sql)))[2]).toMatch(message);
  });
});

describe('SHOW', () => {
  const answer = async (sql: string, database = 'd') => {
    const { catalog } = fakeCatalog({ m: MULTI, s: SPARK_ONLY, t: TABLE });
    await using lake = await athenaOver(() => ({ pages: [page({})] }), catalog);
    const id = await lake.start(sql, { QueryExecutionContext: { Database: database } });
    const status = await lake.ended(id);
    if (status.State !== 'SUCCEEDED') return status.StateChangeReason;
    const results = (await lake.results(id)) as {
      ResultSet: { Rows: { Data: { VarCharValue: string }[] }[] };
    };
    const text = lake.s3.objects.get(`/lake/results/${id}.txt`);
    const rows = results.ResultSet.Rows.map((row) => row.Data.map((datum) => datum.VarCharValue).join('|'));
    expect(text).toBe(rows.join('\n'));
    return rows;
  };

  test('TABLES lists tables and views, by pattern', async () => {
    expect(await answer('SHOW TABLES')).toEqual(['m', 's', 't']);
    expect(await answer("SHOW TABLES IN d 't|m*'")).toEqual(['m', 't']);
  });

  test('TABLES of a database that is missing fails as Hive does', async () => {
    expect(await answer('SHOW TABLES IN nope')).toBe(
      'FAILED: SemanticException [Error 10072]: Database does not exist: nope',
    );
  });

  test('VIEWS lists those with the ATHENA dialect only', async () => {
    expect(await answer('SHOW VIEWS IN d')).toEqual(['m']);
  });

  test('DATABASES matches the whole name', async () => {
    expect(await answer('SHOW DATABASES')).toEqual(['d', 'other']);
    expect(await answer("SHOW SCHEMAS LIKE 'o.*'")).toEqual(['other']);
    expect(await answer("SHOW DATABASES LIKE 'oth'")).toEqual([]);
  });

  test('CREATE VIEW tells the ATHENA text, a row a line', async () => {
    expect(await answer('SHOW CREATE VIEW d.m')).toEqual([
      'CREATE PROTECTED MULTI DIALECT VIEW d.m SECURITY DEFINER AS',
      'SELECT 1 a',
      'FROM d.t',
    ]);
  });

  test('PARTITIONS of an Iceberg table is not supported, as on AWS', async () => {
    expect(await answer('SHOW PARTITIONS d.t')).toBe(
      'Query type not supported by Athena Iceberg at this time',
    );
  });
});

test('what AWS does and the local lake does not fails, and says so', async () => {
  await using lake = await athenaOver(() => ({ pages: [page({})] }));
  const status = await lake.ended(await lake.start("UNLOAD (SELECT 1) TO 's3://b/'"));
  expect(status.StateChangeReason).toMatch(/^NOT_SUPPORTED: The local lake does not model UNLOAD statements/);
});
