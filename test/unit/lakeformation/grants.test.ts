import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  ADMIN,
  ALL_TABLES,
  call,
  DATA,
  DATABASE,
  grant,
  LOCATION,
  LOCATION_ROLE,
  listed,
  newAccount,
  OWNER,
  READER,
  VIEW,
} from './account.ts';

const columns = (members: object) => ({
  TableWithColumns: { CatalogId: ACCOUNT, DatabaseName: 'db', Name: 'data', ...members },
});

describe('permissions that are granted', () => {
  it('are listed as AWS lists them: SELECT on the columns, the rest on the table', async () => {
    const account = newAccount();
    await grant(account, READER.arn, DATA, ['SELECT', 'DESCRIBE'], ['SELECT']);
    expect(await listed(account, READER.arn, DATA)).toEqual([
      {
        resource: { Table: { CatalogId: ACCOUNT, DatabaseName: 'db', Name: 'data' } },
        permissions: ['DESCRIBE'],
        grantable: [],
      },
      { resource: columns({ ColumnWildcard: {} }), permissions: ['SELECT'], grantable: ['SELECT'] },
    ]);
  });

  it('are spelt out when ALL was granted', async () => {
    const account = newAccount();
    await grant(account, READER.arn, DATA, ['ALL']);
    const [onTable, onColumns] = await listed(account, READER.arn, DATA);
    expect(onTable?.permissions).toEqual(['ALL', 'ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT']);
    expect(onColumns?.permissions).toEqual(['SELECT']);
    await grant(account, READER.arn, DATABASE, ['ALL']);
    const [onDatabase] = await listed(account, READER.arn, DATABASE);
    expect(onDatabase?.permissions).toEqual(['ALL', 'ALTER', 'CREATE_TABLE', 'DESCRIBE', 'DROP']);
  });

  it('are ALL no more once one of them was revoked', async () => {
    const account = newAccount();
    await grant(account, READER.arn, DATA, ['ALL']);
    const revoked = {
      Principal: { DataLakePrincipalIdentifier: READER.arn },
      Resource: DATA,
      Permissions: ['DROP'],
    };
    await call(account, 'RevokePermissions', revoked);
    const [onTable] = await listed(account, READER.arn, DATA);
    expect(onTable?.permissions).toEqual(['ALTER', 'DELETE', 'DESCRIBE', 'INSERT']);
  });

  it('on all tables are listed under the name ALL_TABLES', async () => {
    const account = newAccount();
    await grant(account, READER.arn, ALL_TABLES, ['SELECT', 'DESCRIBE']);
    expect((await listed(account, READER.arn, ALL_TABLES)).map(({ resource }) => resource)).toEqual([
      { Table: { CatalogId: ACCOUNT, DatabaseName: 'db', Name: 'ALL_TABLES', TableWildcard: {} } },
      {
        TableWithColumns: {
          CatalogId: ACCOUNT,
          DatabaseName: 'db',
          Name: 'ALL_TABLES',
          ColumnWildcard: {},
        },
      },
    ]);
    expect(await listed(account, READER.arn, DATA)).toEqual([]);
  });

  it('on some columns are kept beside those on all of them', async () => {
    const account = newAccount();
    const some = { TableWithColumns: { DatabaseName: 'db', Name: 'data', ColumnNames: ['B', 'a'] } };
    await grant(account, READER.arn, some, ['SELECT']);
    expect(await listed(account, READER.arn, DATA)).toEqual([
      { resource: columns({ ColumnNames: ['a', 'b'] }), permissions: ['SELECT'], grantable: [] },
    ]);
  });

  it('can be revoked once, and the second time AWS says that there is nothing to revoke', async () => {
    const account = newAccount();
    const same = { Principal: { DataLakePrincipalIdentifier: READER.arn }, Resource: DATA };
    await grant(account, READER.arn, DATA, ['SELECT']);
    await call(account, 'RevokePermissions', { ...same, Permissions: ['SELECT'] });
    expect(await listed(account, READER.arn, DATA)).toEqual([]);
    await expect(call(account, 'RevokePermissions', { ...same, Permissions: ['SELECT'] })).rejects.toThrow(
      'No permissions revoked. Grantee has no permissions.',
    );
  });

  it('are refused for a principal, a table or a permission that does not exist', async () => {
    const account = newAccount();
    const nobody = `arn:aws:iam::${ACCOUNT}:role/nobody`;
    await expect(grant(account, nobody, DATA, ['SELECT'])).rejects.toThrow(`Invalid principal ${nobody}`);
    const missing = { Table: { DatabaseName: 'db', Name: 'missing' } };
    await expect(grant(account, READER.arn, missing, ['SELECT'])).rejects.toThrow('Table not found.');
    for (const [resource, permission] of [
      [DATABASE, 'SELECT'],
      [VIEW, 'ALTER'],
      [DATA, 'CREATE_TABLE'],
    ] as const) {
      await expect(grant(account, READER.arn, resource, [permission])).rejects.toThrow(
        'Permissions modification is invalid.',
      );
    }
  });

  it('need a grant option of whoever grants, unless it is a data lake administrator', async () => {
    const account = newAccount();
    const request = {
      Principal: { DataLakePrincipalIdentifier: READER.arn },
      Resource: DATA,
      Permissions: ['SELECT'],
    };
    await grant(account, OWNER.arn, DATA, ['SELECT']);
    await expect(call(account, 'GrantPermissions', request, OWNER)).rejects.toThrow(
      'Resource does not exist or requester is not authorized to access requested permissions.',
    );
    await grant(account, OWNER.arn, DATA, ['SELECT'], ['SELECT']);
    await call(account, 'GrantPermissions', request, OWNER);
    expect(
      account.permissions.allows(READER, 'SELECT', { kind: 'table', database: 'db', table: 'data' }),
    ).toBe(true);
  });

  it('come many at a time, and what fails is told without stopping the rest', async () => {
    const account = newAccount();
    const Principal = { DataLakePrincipalIdentifier: READER.arn };
    const Entries = [
      { Id: '1', Principal, Resource: DATA, Permissions: ['CREATE_TABLE'] },
      { Id: '2', Principal, Resource: VIEW, Permissions: ['SELECT', 'DESCRIBE'] },
    ];
    const { Failures } = await call(account, 'BatchGrantPermissions', { Entries });
    expect(Failures).toEqual([
      {
        RequestEntry: Entries[0],
        Error: { ErrorCode: 'InvalidInputException', ErrorMessage: 'Permissions modification is invalid.' },
      },
    ]);
    expect(await listed(account, READER.arn, VIEW)).toHaveLength(2);
  });

  it('on a data location need the location to be registered', async () => {
    const account = newAccount();
    const place = { DataLocation: { ResourceArn: `${LOCATION}/db` } };
    await expect(grant(account, OWNER.arn, place, ['DATA_LOCATION_ACCESS'])).rejects.toThrow(
      /register the S3 path/,
    );
    await call(account, 'RegisterResource', { ResourceArn: LOCATION, RoleArn: LOCATION_ROLE });
    await grant(account, OWNER.arn, place, ['DATA_LOCATION_ACCESS']);
    const url = 's3://bucket/iceberg-data';
    expect(() => account.permissions.requireLocation(OWNER, `${url}/db/data`)).not.toThrow();
    expect(() => account.permissions.requireLocation(OWNER, `${url}/else`)).toThrow(
      `Insufficient Lake Formation permission(s) on ${url}/else`,
    );
    expect(() => account.permissions.requireLocation(OWNER, 's3://bucket/raw-data/x')).not.toThrow();
    expect(() => account.permissions.requireLocation(ADMIN, `${url}/else`)).not.toThrow();
  });

  it('on what the local lake does not model are refused by its name', async () => {
    const account = newAccount();
    const tag = { LFTag: { TagKey: 'k', TagValues: ['v'] } };
    await expect(grant(account, READER.arn, tag, ['DESCRIBE'])).rejects.toThrow(/does not model .* LFTag/);
    const hybrid = { ResourceArn: LOCATION, RoleArn: LOCATION_ROLE, HybridAccessEnabled: true };
    await expect(call(account, 'RegisterResource', hybrid)).rejects.toThrow(/HybridAccessEnabled/);
  });
});
