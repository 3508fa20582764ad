import { describe, expect, test } from 'vitest';
import { classify } from '../../../src/local/gateway/athena/classification.ts';

const of = (sql: string) => {
  const { type, substatement, location, header } = classify(sql);
  return [type, substatement, location('ID'), header];
};

describe('what Athena says of a statement', () => {
  test.each([
    ['SELECT 1', 'DML', 'SELECT', 'ID.csv', true],
    ['select*from t', 'DML', 'SELECT', 'ID.csv', true],
    ['-- c\n /* d */ ((SELECT 1))', 'DML', 'SELECT', 'ID.csv', true],
    ['WITH a AS (SELECT 1) SELECT * FROM a', 'DML', 'SELECT', 'ID.csv', true],
    ['VALUES 1', 'DML', 'SELECT', 'ID.csv', true],
    ['TABLE t', 'DML', 'SELECT', 'ID.csv', true],
    ['INSERT INTO t VALUES 1', 'DML', 'INSERT', 'ID', false],
    ['MERGE INTO t USING s ON a = b WHEN MATCHED THEN DELETE', 'DML', 'MERGE', 'ID.csv', false],
    ['EXPLAIN (TYPE IO) SELECT 1', 'DML', 'EXPLAIN', 'ID.txt', true],
    ['VACUUM t', 'DML', 'VACUUM_TABLE', 'ID.csv', false],
    ['OPTIMIZE t REWRITE DATA USING BIN_PACK', 'DDL', 'CREATE_TABLE_AS_SELECT', 'tables/ID', false],
    ['CREATE TABLE t WITH (x = 1) AS SELECT 1', 'DDL', 'CREATE_TABLE_AS_SELECT', 'tables/ID', false],
    ['CREATE TABLE t AS (VALUES 1)', 'DDL', 'CREATE_TABLE_AS_SELECT', 'tables/ID', false],
    ["CREATE TABLE t (a int) LOCATION 's3://b/'", 'DDL', 'CREATE_TABLE', 'ID.txt', false],
    ['CREATE EXTERNAL TABLE t (a int)', 'DDL', 'CREATE_TABLE', 'ID.txt', false],
    ['CREATE OR REPLACE VIEW v AS SELECT 1', 'DDL', 'CREATE_VIEW', 'ID.txt', false],
    [
      'CREATE PROTECTED MULTI DIALECT VIEW v SECURITY DEFINER AS SELECT 1',
      'DDL',
      'CREATE_VIEW',
      'ID.txt',
      false,
    ],
    ['ALTER VIEW v FORCE UPDATE DIALECT AS SELECT 1', 'DDL', 'ALTER_VIEW', 'ID.txt', false],
    ['DROP VIEW IF EXISTS v', 'DDL', 'DROP_VIEW', 'ID.txt', false],
    ['CREATE SCHEMA s', 'DDL', 'CREATE_DATABASE', 'ID.txt', false],
    ['DROP DATABASE s', 'DDL', 'DROP_DATABASE', 'ID.txt', false],
    ['DROP TABLE `t`', 'DDL', 'DROP_TABLE', 'ID.txt', false],
    ['ALTER TABLE "d"."t" ADD COLUMNS (a int)', 'DDL', 'ALTER_TABLE_ADD_COLUMN', 'ID.txt', false],
    ["ALTER TABLE t SET TBLPROPERTIES ('a'='b')", 'DDL', 'ALTER_TABLE_PROPERTIES', 'ID.txt', false],
    ['MSCK REPAIR TABLE t', 'DDL', 'MSCK_REPAIR', 'ID.txt', false],
    ['SHOW TABLES IN d', 'UTILITY', 'SHOW_TABLES', 'ID.txt', false],
    ['SHOW SCHEMAS', 'UTILITY', 'SHOW_DATABASES', 'ID.txt', false],
    ['SHOW CREATE VIEW v', 'UTILITY', 'SHOW_CREATE_VIEW', 'ID.txt', false],
    ['SHOW TBLPROPERTIES t', 'UTILITY', 'SHOW_TABLE_PROPERTIES', 'ID.txt', false],
    ['SHOW FUNCTIONS', 'UTILITY', 'SHOW_FUNCTIONS', 'ID.csv', true],
    ['DESC t', 'UTILITY', 'DESCRIBE_TABLE', 'ID.txt', false],
  ])('%s', (sql, ...expected) => {
    expect(of(sql)).toEqual(expected);
  });
});

test('an AS inside parentheses does not make a table from a query', () => {
  expect(classify('CREATE TABLE t (a int COMMENT CAST(1 AS int))').substatement).toBe('CREATE_TABLE');
});
