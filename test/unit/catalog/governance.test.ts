import { describe, expect, it } from 'vitest';
import { rolePrincipal } from '../../../src/local/gateway/identity/principal.ts';
import type { Caller, JsonObject } from '../../../src/local/gateway/protocol.ts';
import { TRINO } from '../gateway/callers.ts';
import {
  ACCOUNT,
  allow,
  athena,
  DEFINER,
  DEFINER_ROLE,
  LOCATION,
  newCatalog,
  sparkView,
  type TestCatalog,
} from './lake.ts';

const role = (name: string): Caller => ({
  accessKeyId: name,
  principal: rolePrincipal(`arn:aws:iam::${ACCOUNT}:role/${name}`, 'run'),
});
const READER = role('reader');
const INGESTION = role('ingestion');
const BASE_TABLE = { DatabaseName: 'db', Name: 'base' };

const names = (list: JsonObject[string]) => (list as JsonObject[]).map(({ Name }) => Name);
const newTable = (Name: string, Location: string): JsonObject => ({
  DatabaseName: 'db',
  TableInput: { Name, StorageDescriptor: { Location } },
});

describe('the Data Catalog, governed by Lake Formation', () => {
  it('lists to each what they may describe, and refuses the rest in the words of AWS', async () => {
    const lake = await newCatalog();
    const read = lake.as(READER);
    expect(names((await read('GetDatabases')).DatabaseList)).toEqual([]);
    await expect(read('GetDatabase', { Name: 'db' })).rejects.toThrow(
      'Insufficient Lake Formation permission(s): Required Describe on db',
    );
    await allow(lake.call, READER.principal.arn, { Database: { Name: 'db' } }, ['DESCRIBE']);
    expect(names((await read('GetDatabases')).DatabaseList)).toEqual(['db']);
    expect(names((await read('GetTables', { DatabaseName: 'db' })).TableList)).toEqual([]);
    expect(names((await read('SearchTables', {})).TableList)).toEqual([]);
    await expect(read('GetTable', BASE_TABLE)).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: 'Insufficient Lake Formation permission(s): Required Describe on base',
    });
    await allow(lake.call, READER.principal.arn, { Table: BASE_TABLE }, ['SELECT']);
    expect(names((await read('GetTables', { DatabaseName: 'db' })).TableList)).toEqual(['base']);
    expect((await read('GetTable', BASE_TABLE)).Table).toMatchObject({ Name: 'base' });
  });

  it('says of a table that is not there that it is not there', async () => {
    const lake = await newCatalog();
    await expect(lake.as(READER)('GetTable', { DatabaseName: 'db', Name: 'none' })).rejects.toMatchObject({
      code: 'EntityNotFoundException',
    });
  });

  it('lets create and drop tables only whom it was granted, and their creators', async () => {
    const lake = await newCatalog();
    const ingest = lake.as(INGESTION);
    await expect(ingest('CreateTable', newTable('t', 's3://elsewhere/t'))).rejects.toThrow(
      /: Required Create Table on db$/,
    );
    await allow(lake.call, INGESTION.principal.arn, { Database: { Name: 'db' } }, ['CREATE_TABLE']);
    await ingest('CreateTable', newTable('t', 's3://elsewhere/t'));
    await expect(ingest('DeleteTable', BASE_TABLE)).rejects.toThrow(/: Required Drop on base$/);
    await expect(lake.as(READER)('DeleteTable', { DatabaseName: 'db', Name: 't' })).rejects.toThrow(
      /: Required Drop on t$/,
    );
    await ingest('UpdateTable', newTable('t', 's3://elsewhere/t'));
    await ingest('DeleteTable', { DatabaseName: 'db', Name: 't' });
  });

  it('wants a permission on a registered place, unless the table lies below its database', async () => {
    const lake = await newCatalog();
    const ingest = lake.as(INGESTION);
    await allow(lake.call, INGESTION.principal.arn, { Database: { Name: 'db' } }, ['CREATE_TABLE']);
    const place = `${LOCATION}/db/t`;
    await expect(ingest('CreateTable', newTable('t', place))).rejects.toThrow(
      `Insufficient Lake Formation permission(s) on ${place}`,
    );
    await lake.call('UpdateDatabase', {
      Name: 'db',
      DatabaseInput: { Name: 'db', LocationUri: `${LOCATION}/db`, CreateTableDefaultPermissions: [] },
    });
    await ingest('CreateTable', newTable('t', place));
  });

  it('makes what Trino makes for somebody theirs', async () => {
    const lake = await newCatalog();
    const made = newTable('t', 's3://elsewhere/t');
    const owned = {
      ...made,
      TableInput: { ...(made.TableInput as JsonObject), Owner: READER.principal.arn },
    };
    await expect(lake.as(TRINO)('CreateTable', owned)).rejects.toThrow(/: Required Create Table on db$/);
    await allow(lake.call, READER.principal.arn, { Database: { Name: 'db' } }, ['CREATE_TABLE']);
    await lake.as(TRINO)('CreateTable', owned);
    await lake.as(READER)('DeleteTable', { DatabaseName: 'db', Name: 't' });
  });

  it('takes the permissions of a table away with the table', async () => {
    const lake = await newCatalog();
    await allow(lake.call, READER.principal.arn, { Table: BASE_TABLE }, ['SELECT']);
    await lake.call('DeleteTable', BASE_TABLE);
    await lake.call('CreateTable', newTable('base', `${LOCATION}/db/base`));
    await expect(lake.as(READER)('GetTable', BASE_TABLE)).rejects.toThrow(/Required Describe/);
  });

  it('lets a view be changed by its definer and by administrators alone', async () => {
    const lake = await newCatalog();
    const define = lake.as(DEFINER_ROLE);
    await define('CreateTable', { DatabaseName: 'db', TableInput: sparkView('v', ['a']) });
    await allow(lake.call, READER.principal.arn, { Table: { DatabaseName: 'db', Name: 'v' } }, ['ALL']);
    const change = {
      DatabaseName: 'db',
      TableInput: sparkView('v', ['a', 'b']),
      ViewUpdateAction: 'REPLACE',
    };
    await expect(lake.as(READER)('UpdateTable', change)).rejects.toThrow(/Insufficient Lake Formation/);
    await define('UpdateTable', change);
    await lake.call('UpdateTable', change);
  });
});

describe('a new view of the Data Catalog', () => {
  const create = { DatabaseName: 'db', TableInput: sparkView('v', ['a']) };
  const statement = {
    action: 'CREATE',
    database: 'db',
    name: 'v',
    text: athena('a'),
    orReplace: false,
    definer: DEFINER,
  } as const;

  /** Both ways to a view are refused: Glue's CreateTable, and an engine's statement. */
  async function refusedWith(lake: TestCatalog, message: string | RegExp): Promise<void> {
    await expect(lake.as(DEFINER_ROLE)('CreateTable', create)).rejects.toThrow(message);
    expect(() => lake.catalog.view(statement)).toThrow(message);
    expect(lake.catalog.table('db', 'v')).toBeUndefined();
  }

  const iamOnly = {
    Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' },
    Permissions: ['ALL'],
  };

  it.each([
    ['base table', { Table: BASE_TABLE }],
    ['database', { Database: { Name: 'db' } }],
  ])('is refused while the %s has IAMAllowedPrincipals', async (_what, Resource) => {
    const lake = await newCatalog();
    await lake.call('GrantPermissions', { ...iamOnly, Resource });
    await refusedWith(
      lake,
      'Multi Dialect views may only reference tables without IAMAllowedPrincipals permissions',
    );
    await lake.call('RevokePermissions', { ...iamOnly, Resource });
    await lake.as(DEFINER_ROLE)('CreateTable', create);
  });

  it('is refused while the place of the base table is not registered', async () => {
    const lake = await newCatalog();
    const ResourceArn = LOCATION.replace('s3://', 'arn:aws:s3:::');
    await lake.call('DeregisterResource', { ResourceArn });
    await refusedWith(lake, 'Multi Dialect views may only reference Lake Formation managed tables');
  });

  it.each([
    ['SELECT', ['SELECT'], []],
    ['the grant option of it', [], ['SELECT']],
  ])('is refused when the definer lacks %s', async (_what, Permissions, PermissionsWithGrantOption) => {
    const lake = await newCatalog();
    const Principal = { DataLakePrincipalIdentifier: DEFINER };
    const Resource = { Table: BASE_TABLE };
    await lake.call('RevokePermissions', { Principal, Resource, Permissions, PermissionsWithGrantOption });
    await refusedWith(lake, 'Insufficient Lake Formation permission(s): Required Select on base');
  });

  it('is refused when the definer may read only some columns', async () => {
    const lake = await newCatalog();
    const Principal = { DataLakePrincipalIdentifier: DEFINER };
    await lake.call('RevokePermissions', {
      Principal,
      Resource: { Table: BASE_TABLE },
      Permissions: ['SELECT'],
      PermissionsWithGrantOption: ['SELECT'],
    });
    const most = {
      TableWithColumns: { ...BASE_TABLE, ColumnWildcard: { ExcludedColumnNames: ['secret'] } },
    };
    await allow(lake.call, DEFINER, most, ['SELECT'], ['SELECT']);
    await refusedWith(lake, 'Insufficient Lake Formation permission(s): Required Select on base');
  });

  it('is refused when its definer may not create tables in the database', async () => {
    const lake = await newCatalog();
    await lake.call('RevokePermissions', {
      Principal: { DataLakePrincipalIdentifier: DEFINER },
      Resource: { Database: { Name: 'db' } },
      Permissions: ['CREATE_TABLE'],
    });
    await refusedWith(lake, 'Insufficient Lake Formation permission(s): Required Create Table on db');
  });

  it('is refused when its definer is no role', async () => {
    const lake = await newCatalog();
    const { Definer: _none, ...definition } = create.TableInput.ViewDefinition as JsonObject;
    const input = { ...create, TableInput: { ...create.TableInput, ViewDefinition: definition } };
    await expect(lake.call('CreateTable', input)).rejects.toThrow(/can be only an IAM role/);
    const definer = `arn:aws:iam::${ACCOUNT}:user/ann`;
    expect(() => lake.catalog.view({ ...statement, definer })).toThrow(/can be only an IAM role/);
  });

  it('belongs to its definer, who may let others read it', async () => {
    const lake = await newCatalog();
    lake.catalog.view(statement);
    const view = { Table: { DatabaseName: 'db', Name: 'v' } };
    await expect(lake.as(READER)('GetTable', { DatabaseName: 'db', Name: 'v' })).rejects.toThrow(
      'Insufficient Lake Formation permission(s): Required Describe on v',
    );
    await allow(lake.as(DEFINER_ROLE), READER.principal.arn, view, ['SELECT', 'DESCRIBE']);
    await lake.as(READER)('GetTable', { DatabaseName: 'db', Name: 'v' });
  });
});
