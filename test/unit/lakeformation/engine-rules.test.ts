import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/local/gateway/catalog/types.ts';
import { engineRules } from '../../../src/local/gateway/lakeformation/engine-rules.ts';
import type { JsonObject } from '../../../src/local/gateway/protocol.ts';
import { ALL_TABLES, DATA, DATABASE, grant, newAccount, READER, VIEW } from './account.ts';

const columns = ['a', 'secret'].map((Name) => ({ Name, Type: 'string' }));
const tables = ['data', 'other', 'view'].map((Name) => ({ Name, StorageDescriptor: { Columns: columns } }));
const catalog = { databaseNames: () => ['db'], tables: () => tables } as unknown as Catalog;

/** What the first rule that matches lets the reader do with a table, as Trino reads the rules. */
function accessTo(rules: JsonObject, table: string) {
  const found = (rules.tables as JsonObject[]).find(
    ({ user, schema = '.*', table: name = '.*' }) =>
      new RegExp(`^(?:${String(user)})$`).test(READER.arn) &&
      new RegExp(`^(?:${String(schema)})$`).test('db') &&
      new RegExp(`^(?:${String(name)})$`).test(table),
  );
  return found === undefined ? undefined : { privileges: found.privileges, columns: found.columns };
}

const rulesOf = ({ permissions }: ReturnType<typeof newAccount>) =>
  engineRules(catalog, permissions, [READER]);

describe('the rules by which the engine lets read and change', () => {
  it('let nothing be read that was not granted', () => {
    const rules = rulesOf(newAccount());
    expect(accessTo(rules, 'data')).toEqual({ privileges: [], columns: undefined });
    expect(accessTo(rules, 'later')).toBeUndefined();
  });

  it('let a granted view be read, with nothing beside it', async () => {
    const account = newAccount();
    await grant(account, READER.arn, VIEW, ['SELECT']);
    const rules = rulesOf(account);
    expect(accessTo(rules, 'view')).toEqual({ privileges: ['SELECT', 'GRANT_SELECT'], columns: undefined });
    expect(accessTo(rules, 'data')).toMatchObject({ privileges: [] });
  });

  it('hide the columns that were not granted', async () => {
    const account = newAccount();
    const some = { TableWithColumns: { DatabaseName: 'db', Name: 'data', ColumnNames: ['a'] } };
    await grant(account, READER.arn, some, ['SELECT']);
    expect(accessTo(rulesOf(account), 'data')).toEqual({
      privileges: ['SELECT', 'GRANT_SELECT'],
      columns: [{ name: 'secret', allow: false }],
    });
  });

  it('show a table that may be described, and let none of its columns be read', async () => {
    const account = newAccount();
    await grant(account, READER.arn, DATA, ['DESCRIBE']);
    expect(accessTo(rulesOf(account), 'data')).toEqual({
      privileges: ['GRANT_SELECT'],
      columns: ['a', 'secret'].map((name) => ({ name, allow: false })),
    });
  });

  it('hold for the tables that Iceberg keeps of a table, too', async () => {
    const account = newAccount();
    await grant(account, READER.arn, DATA, ['SELECT']);
    expect(accessTo(rulesOf(account), 'data$files')).toMatchObject({
      privileges: ['SELECT', 'GRANT_SELECT'],
    });
    expect(accessTo(rulesOf(account), 'other$files')).toMatchObject({ privileges: [] });
  });

  it('let rows be written only with ALTER, since each commit changes the table', async () => {
    const account = newAccount();
    await grant(account, READER.arn, ALL_TABLES, ['SELECT', 'INSERT']);
    expect(accessTo(rulesOf(account), 'data')).toMatchObject({ privileges: ['SELECT', 'GRANT_SELECT'] });
    await grant(account, READER.arn, ALL_TABLES, ['ALTER']);
    expect(accessTo(rulesOf(account), 'data')).toMatchObject({
      privileges: ['SELECT', 'GRANT_SELECT', 'INSERT'],
    });
  });

  it('let a new table be made where tables may be created, and open no other', async () => {
    const account = newAccount();
    await grant(account, READER.arn, DATABASE, ['CREATE_TABLE']);
    const rules = rulesOf(account);
    expect(accessTo(rules, 'later')).toMatchObject({ privileges: ['SELECT', 'INSERT', 'OWNERSHIP'] });
    expect(accessTo(rules, 'data')).toMatchObject({ privileges: [] });
  });
});
