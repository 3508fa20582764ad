import { describe, expect, test } from 'vitest';
import { createTableAsSql } from '../../../src/local/gateway/athena/create-table-as.ts';
import { createCursor } from '../../../src/local/gateway/athena/cursor.ts';
import {
  engineSql,
  executeImmediate,
  parameterExpression,
  statementOf,
  withParameters,
} from '../../../src/local/gateway/athena/statement.ts';
import { AwsError } from '../../../src/local/gateway/protocol.ts';

const refusalOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof AwsError) return [error.members.AthenaErrorCode, error.message];
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('the text of a request', () => {
  test('blanks and semicolons at either end fall away, comments inside stay', () => {
    expect(statementOf('  ; SELECT /* a */ 1 ;; \n').sql).toBe('SELECT /* a */ 1');
    expect(statementOf("SELECT ';'").sql).toBe("SELECT ';'");
  });

  test('two statements are refused, with the text', () => {
    expect(refusalOf(() => statementOf('select 1; select 2'))).toEqual([
      'MALFORMED_QUERY',
      'Only one sql statement is allowed. Got: select 1; select 2',
    ]);
  });

  test('a text without a statement is refused', () => {
    expect(refusalOf(() => statementOf(';'))).toEqual(['MALFORMED_QUERY', 'Empty sql statement: ;']);
  });

  test('statements of the engine that Athena does not have are refused', () => {
    for (const sql of ['SHOW SESSION', 'SET SESSION a = 1', 'DESCRIBE OUTPUT p', 'CALL x()', 'COMMIT']) {
      expect(refusalOf(() => statementOf(sql))[1]).toBe('Queries of this type are not supported');
    }
  });
});

describe('literals with a decimal point', () => {
  test('are doubles in Athena, which the engine is told by an exponent', () => {
    expect(engineSql('SELECT 1.5, .5, 2., 1e3, 1.5e3, \'1.5\', "1.5" -- 1.5')).toBe(
      'SELECT 1.5E0, .5E0, 2.E0, 1e3, 1.5e3, \'1.5\', "1.5" -- 1.5',
    );
  });

  test('leave qualified names and types alone', () => {
    expect(engineSql('SELECT t1.a, CAST(a AS decimal(10,2)) FROM d1.t1')).toBe(
      'SELECT t1.a, CAST(a AS decimal(10,2)) FROM d1.t1',
    );
  });
});

describe('execution parameters', () => {
  test('are expressions, and everything else is a text', () => {
    expect(["'abc'", '1+1', "DATE '2020-01-01'", '-1.5', 'null'].map(parameterExpression)).toEqual([
      "'abc'",
      '1+1',
      "DATE '2020-01-01'",
      '-1.5E0',
      'null',
    ]);
    expect(['abc', "it's", 'a b', '', '2020-01-01 x', '1 OR'].map(parameterExpression)).toEqual([
      "'abc'",
      "'it''s'",
      "'a b'",
      "''",
      "'2020-01-01 x'",
      "'1 OR'",
    ]);
  });

  test('cannot close the literal that they become', () => {
    expect(parameterExpression("x'; DROP TABLE t --")).toBe("'x''; DROP TABLE t --'");
  });

  test('fill question marks outside quotes only', () => {
    expect(withParameters("SELECT '?'", ['1'])).toBe("SELECT '?'");
    expect(withParameters("SELECT ? , '?'", ['1'])).toBe("EXECUTE IMMEDIATE 'SELECT ? , ''?''' USING 1");
    expect(executeImmediate('SELECT 1', [])).toBe("EXECUTE IMMEDIATE 'SELECT 1'");
  });
});

const STAGING = 's3://staging/1/';

describe('CREATE TABLE AS', () => {
  test('of an Iceberg table keeps what the engine knows and leaves out what is always so', () => {
    const sql =
      "CREATE TABLE d.t WITH (table_type = 'ICEBERG', is_external = false, location = 's3://b/t/', partitioning = ARRAY['a', 'bucket(b, 4)']) AS SELECT 1 a";
    expect(createTableAsSql(sql, {}, STAGING)).toEqual({
      sql: "CREATE TABLE d.t WITH (location = 's3://b/t/', partitioning = ARRAY['a', 'bucket(b, 4)']) AS SELECT 1 a",
      table: { database: 'd', table: 't' },
    });
  });

  test('of a Hive table writes its rows as Parquet, for the files to be taken from there', () => {
    const context = { database: 'd' };
    expect(createTableAsSql('CREATE TABLE IF NOT EXISTS t AS SELECT 1 a', context, STAGING)).toEqual({
      sql: "CREATE TABLE IF NOT EXISTS t WITH (format = 'PARQUET', location = 's3://staging/1/') AS SELECT 1 a",
      table: { database: 'd', table: 't' },
      hive: { externalLocation: undefined, tolerant: true },
    });
    const wanted = "CREATE TABLE t WITH (external_location = 's3://b/x/', format = 'parquet') AS SELECT 1 a";
    expect(createTableAsSql(wanted, context, STAGING)).toMatchObject({
      hive: { externalLocation: 's3://b/x/', tolerant: false },
    });
  });

  test.each(["format = 'ORC'", "partitioned_by = ARRAY['a']"])(
    'of a Hive table with %s is not modelled',
    (property) => {
      expect(createTableAsSql(`CREATE TABLE t WITH (${property}) AS SELECT 1 a`, {}, STAGING)).toEqual({
        failure: expect.stringMatching(/^NOT_SUPPORTED: .*(ORC|partitioned_by)/),
      });
    },
  );

  test('with a property that is not modelled names it', () => {
    const sql = "CREATE TABLE t WITH (table_type='ICEBERG', vacuum_min_snapshots_to_keep=1) AS SELECT 1 a";
    expect(createTableAsSql(sql, {}, STAGING)).toEqual({
      failure: expect.stringContaining('vacuum_min_snapshots_to_keep'),
    });
  });
});

describe('reading names', () => {
  test('any quotes, lower case, up to three parts', () => {
    const name = (sql: string) => createCursor(sql, { database: '`Ctx`' }).table();
    expect(name('T')).toEqual({ database: 'ctx', table: 't' });
    expect(name('`D`."T"')).toEqual({ database: 'd', table: 't' });
    expect(name('AwsDataCatalog.d.t')).toEqual({ database: 'd', table: 't' });
    expect(refusalOf(() => name('x.d.t'))).toEqual(['DATACATALOG_NOT_FOUND', "Catalog 'x' does not exist"]);
    expect(refusalOf(() => name('a.b.c.d'))).toEqual(['MALFORMED_QUERY', 'Invalid table name a.b.c.d']);
  });

  test('what does not fit is refused with its place', () => {
    const cursor = createCursor('DROP\n  TABLE 5', {});
    cursor.expect('DROP', 'TABLE');
    expect(refusalOf(() => cursor.table())[1]).toBe(
      "line 2:9: mismatched input '5'. Expecting: <identifier>",
    );
  });
});
