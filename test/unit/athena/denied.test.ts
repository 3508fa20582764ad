import { describe, expect, test } from 'vitest';
import { deniedFailure } from '../../../src/local/gateway/athena/denied.ts';
import type { Catalog } from '../../../src/local/gateway/catalog/types.ts';

const TABLES: Record<string, object> = {
  data: { StorageDescriptor: { Columns: [{ Name: 'a' }, { Name: 'secret' }] } },
  view: {
    ViewDefinition: { SubObjects: ['arn:aws:glue:us-east-1:123456789012:table/db/data'] },
  },
};

/** A catalog of database `db` with the named tables. */
function catalogOf(...names: string[]): Catalog {
  return {
    database: (name: string) => (name === 'db' && names.length > 0 ? {} : undefined),
    table: (database: string, name: string) =>
      database === 'db' && names.includes(name) ? TABLES[name] : undefined,
  } as unknown as Catalog;
}

function reasonOf(message: string, sql: string, seen: Catalog): string | undefined {
  const errorName = message.startsWith('Access Denied') ? 'PERMISSION_DENIED' : 'TABLE_NOT_FOUND';
  return deniedFailure(
    { message, errorName, errorType: 'USER_ERROR' },
    {
      sql,
      context: { database: 'db' },
      all: catalogOf('data', 'view'),
      seen,
      mayRead: (_database, _table, column) => column === 'a',
    },
  )?.reason;
}

const CANNOT_SELECT = 'Access Denied: Cannot select from table awsdatacatalog.db.data';

describe('a query that Lake Formation does not let run', () => {
  test.each([
    ['SELECT a FROM data', "SCHEMA_NOT_FOUND: line 1:15: Schema 'db' does not exist", catalogOf()],
    [
      'SELECT a\nFROM "db"."data"',
      "TABLE_NOT_FOUND: line 2:6: Table 'awsdatacatalog.db.data' does not exist",
      catalogOf('view'),
    ],
    [
      'SELECT a FROM awsdatacatalog.db."data$files"',
      "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.db.data' does not exist",
      catalogOf('view'),
    ],
  ])('finds no table that its caller may not see: %s', (sql, reason, seen) => {
    expect(reasonOf(CANNOT_SELECT, sql, seen)).toBe(reason);
  });

  test('names the column that may not be read', () => {
    expect(reasonOf(CANNOT_SELECT, 'SELECT a, secret FROM data', catalogOf('data'))).toBe(
      "COLUMN_NOT_FOUND: line 1:11: Column 'secret' cannot be resolved or requester is not authorized to access requested resources",
    );
  });

  test('has no accessible columns when none is named', () => {
    const nothing = 'COLUMN_NOT_FOUND: line 1:8: Relation contains no accessible columns';
    expect(reasonOf(CANNOT_SELECT, 'SELECT count(*) FROM data', catalogOf('data'))).toBe(nothing);
    const star = 'line 1:8: Relation not found or not allowed';
    expect(reasonOf(star, 'SELECT * FROM data', catalogOf('data'))).toBe(nothing);
  });

  test.each([
    CANNOT_SELECT,
    "Access Denied: View owner does not have sufficient privileges: View owner 'arn:aws:iam::1:role/d' cannot create view that selects from awsdatacatalog.db.data",
  ])('names the view whose definer may not read the table any more: %s', (denied) => {
    expect(reasonOf(denied, 'SELECT * FROM db.view', catalogOf('view'))).toBe(
      "Insufficient permissions to execute the query. line 1:15: Failed analyzing stored view 'awsdatacatalog.db.view': Insufficient Lake Formation permission(s) on data",
    );
  });

  test('names the permission that a change takes', () => {
    const denied = 'Access Denied: Cannot insert into table awsdatacatalog.db.data';
    expect(reasonOf(denied, 'INSERT INTO data VALUES (1)', catalogOf('data'))).toMatch(
      /: Required Insert on data$/,
    );
  });

  test('leaves every other failure as it is', () => {
    expect(
      reasonOf("line 1:15: Table 'awsdatacatalog.db.none' does not exist", 'SELECT 1', catalogOf()),
    ).toBeUndefined();
  });
});
