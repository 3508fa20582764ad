import { describe, expect, it } from 'vitest';
import { CATALOG, database, table } from '../../../src/local/gateway/lakeformation/resource.ts';
import { ADMIN, call, DATA, grant, LOCATION, LOCATION_ROLE, newAccount, OWNER, READER } from './account.ts';

const DB = database('db');
const TABLE = table('db', 'data');
const NOTHING_BY_DEFAULT = {
  DataLakeSettings: { DataLakeAdmins: [{ DataLakePrincipalIdentifier: ADMIN.arn }] },
};

describe('who may do what', () => {
  it('lets everybody whom IAM lets on what has IAMAllowedPrincipals, as in a fresh account', () => {
    const { permissions } = newAccount();
    permissions.created(OWNER, TABLE, permissions.settings.tableDefaults());
    permissions.created(OWNER, DB, permissions.settings.databaseDefaults());
    expect(permissions.isIamOnly(TABLE)).toBe(true);
    expect(() => permissions.require(READER, 'SELECT', TABLE)).not.toThrow();
    expect(() => permissions.require(READER, 'CREATE_TABLE', DB)).not.toThrow();
    expect(() => permissions.require(READER, 'CREATE_DATABASE', CATALOG)).not.toThrow();
    expect(permissions.readableColumns(READER, 'db', 'data', ['a', 'b'])).toEqual(['a', 'b']);
  });

  it('refuses in the words of AWS what was not granted', async () => {
    const account = newAccount();
    await call(account, 'PutDataLakeSettings', NOTHING_BY_DEFAULT);
    const { permissions } = account;
    permissions.created(OWNER, TABLE, permissions.settings.tableDefaults());
    expect(permissions.isIamOnly(TABLE)).toBe(false);
    expect(() => permissions.require(READER, 'SELECT', TABLE)).toThrow(
      'Insufficient Lake Formation permission(s): Required Select on data',
    );
    expect(() => permissions.require(READER, 'CREATE_TABLE', DB)).toThrow(/: Required Create Table on db$/);
  });

  it('lets the creator of a table do everything with it and pass everything on', async () => {
    const account = newAccount();
    await call(account, 'PutDataLakeSettings', NOTHING_BY_DEFAULT);
    const { permissions } = account;
    permissions.created(OWNER, TABLE, permissions.settings.tableDefaults());
    for (const permission of ['SELECT', 'DESCRIBE', 'ALTER', 'DROP', 'INSERT', 'DELETE', 'ALL'] as const) {
      expect(permissions.allows(OWNER, permission, TABLE)).toBe(true);
      expect(permissions.mayGrant(OWNER, permission, TABLE)).toBe(true);
    }
    permissions.removed('db', 'data');
    expect(permissions.allows(OWNER, 'DESCRIBE', TABLE)).toBe(false);
  });

  it('lets a data lake administrator see and grant everything, and not read', () => {
    const { permissions } = newAccount();
    expect(permissions.allows(ADMIN, 'DESCRIBE', TABLE)).toBe(true);
    expect(permissions.allows(ADMIN, 'CREATE_DATABASE', CATALOG)).toBe(true);
    expect(permissions.mayGrant(ADMIN, 'SELECT', TABLE)).toBe(true);
    for (const permission of ['SELECT', 'ALTER', 'DROP'] as const) {
      expect(permissions.allows(ADMIN, permission, TABLE)).toBe(false);
    }
  });

  it('lets a read-only administrator see everything and every permission, and change nothing', async () => {
    const account = newAccount();
    await grant(account, OWNER.arn, DATA, ['SELECT']);
    await call(account, 'PutDataLakeSettings', {
      DataLakeSettings: {
        ...NOTHING_BY_DEFAULT.DataLakeSettings,
        ReadOnlyAdmins: [{ DataLakePrincipalIdentifier: READER.arn }],
      },
    });
    const { permissions } = account;
    expect(permissions.allows(READER, 'DESCRIBE', TABLE)).toBe(true);
    for (const permission of ['SELECT', 'ALTER', 'DROP', 'CREATE_TABLE'] as const) {
      expect(permissions.allows(READER, permission, permission === 'CREATE_TABLE' ? DB : TABLE)).toBe(false);
    }
    const Principal = { DataLakePrincipalIdentifier: OWNER.arn };
    const shown = await call(account, 'ListPermissions', { Principal, Resource: DATA }, READER);
    expect(shown.PrincipalResourcePermissions).toHaveLength(1);
    await expect(
      call(account, 'GrantPermissions', { Principal, Resource: DATA, Permissions: ['SELECT'] }, READER),
    ).rejects.toThrow(/not authorized/);
  });

  it('lets whoever may read a table see it, and not the other way round', async () => {
    const account = newAccount();
    await grant(account, READER.arn, DATA, ['SELECT']);
    expect(account.permissions.allows(READER, 'DESCRIBE', TABLE)).toBe(true);
    expect(account.permissions.allows(READER, 'DESCRIBE', DB)).toBe(false);
    await grant(account, OWNER.arn, DATA, ['DESCRIBE']);
    expect(account.permissions.allows(OWNER, 'SELECT', TABLE)).toBe(false);
  });

  it('lets read the granted columns alone', async () => {
    const account = newAccount();
    const some = { TableWithColumns: { DatabaseName: 'db', Name: 'data', ColumnNames: ['a', 'b'] } };
    await grant(account, READER.arn, some, ['SELECT']);
    const most = {
      TableWithColumns: {
        DatabaseName: 'db',
        Name: 'data',
        ColumnWildcard: { ExcludedColumnNames: ['c'] },
      },
    };
    await grant(account, OWNER.arn, most, ['SELECT']);
    expect(account.permissions.readableColumns(READER, 'db', 'data', ['a', 'b', 'c'])).toEqual(['a', 'b']);
    expect(account.permissions.readableColumns(OWNER, 'db', 'data', ['a', 'b', 'c'])).toEqual(['a', 'b']);
    expect(account.permissions.allows(READER, 'SELECT', TABLE)).toBe(false);
    expect(account.permissions.allows(READER, 'DESCRIBE', TABLE)).toBe(true);
  });

  it('takes permissions on all tables for those on each, also on a later one', async () => {
    const account = newAccount();
    await grant(account, READER.arn, { Table: { DatabaseName: 'db', TableWildcard: {} } }, ['SELECT']);
    expect(account.permissions.allows(READER, 'SELECT', table('db', 'later'))).toBe(true);
    expect(account.permissions.allows(READER, 'SELECT', table('elsewhere', 'later'))).toBe(false);
  });
});

describe('settings and locations', () => {
  it('are cleared where a new setting leaves them out', async () => {
    const account = newAccount();
    await call(account, 'PutDataLakeSettings', NOTHING_BY_DEFAULT);
    const { DataLakeSettings } = await call(account, 'GetDataLakeSettings', {});
    expect(DataLakeSettings).toMatchObject({
      ...NOTHING_BY_DEFAULT.DataLakeSettings,
      CreateDatabaseDefaultPermissions: [],
      CreateTableDefaultPermissions: [],
    });
  });

  it('refuse an administrator that does not exist', async () => {
    const settings = { DataLakeAdmins: [{ DataLakePrincipalIdentifier: 'arn:aws:iam::1:role/x' }] };
    await expect(call(newAccount(), 'PutDataLakeSettings', { DataLakeSettings: settings })).rejects.toThrow(
      /Invalid principal/,
    );
  });

  it('register a location once, with a role that exists', async () => {
    const account = newAccount();
    const location = { ResourceArn: LOCATION, RoleArn: LOCATION_ROLE };
    await call(account, 'RegisterResource', location);
    await expect(call(account, 'RegisterResource', location)).rejects.toThrow(/already exists/);
    const { ResourceInfo } = await call(account, 'DescribeResource', { ResourceArn: LOCATION });
    expect(ResourceInfo).toMatchObject(location);
    expect(account.permissions.isRegistered('s3://bucket/iceberg-data/db/data')).toBe(true);
    expect(account.permissions.isRegistered('s3://bucket/iceberg-data-2/db')).toBe(false);
    await call(account, 'DeregisterResource', { ResourceArn: LOCATION });
    await expect(call(account, 'DescribeResource', { ResourceArn: LOCATION })).rejects.toThrow(/not found/);
    const unknown = { ResourceArn: LOCATION, RoleArn: 'arn:aws:iam::123456789012:role/none' };
    await expect(call(account, 'RegisterResource', unknown)).rejects.toThrow(/Invalid principal/);
  });

  it('tell who may do what with the tables at a place', async () => {
    const account = newAccount();
    await call(account, 'RegisterResource', { ResourceArn: LOCATION, RoleArn: LOCATION_ROLE });
    await grant(account, READER.arn, DATA, ['SELECT']);
    const { Permissions } = await call(account, 'GetEffectivePermissionsForPath', { ResourceArn: LOCATION });
    expect(Permissions).toMatchObject([{ Principal: { DataLakePrincipalIdentifier: READER.arn } }]);
  });
});
