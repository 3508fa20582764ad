import { expect, test } from 'vitest';
import { newCatalog } from './lake.ts';

test('a database is found by its name in any case and says whose it is and since when', async () => {
  const { call } = await newCatalog();
  await call('CreateDatabase', {
    DatabaseInput: { Name: 'Sales', LocationUri: 's3://b/x/', Parameters: { owner: 'me' } },
  });
  expect(await call('GetDatabase', { Name: 'SALES' })).toMatchObject({
    Database: {
      Name: 'sales',
      LocationUri: 's3://b/x/',
      Parameters: { owner: 'me' },
      CatalogId: '123456789012',
      CreateTime: 1_700_000_000.5,
    },
  });
});

test('a database that exists is not created again', async () => {
  const { call } = await newCatalog();
  await expect(call('CreateDatabase', { DatabaseInput: { Name: 'DB' } })).rejects.toMatchObject({
    code: 'AlreadyExistsException',
  });
});

test('an absent database is EntityNotFoundException to every operation', async () => {
  const { call } = await newCatalog();
  for (const [operation, input] of [
    ['GetDatabase', { Name: 'nope' }],
    ['DeleteDatabase', { Name: 'nope' }],
    ['UpdateDatabase', { Name: 'nope', DatabaseInput: { Name: 'nope' } }],
    ['GetTables', { DatabaseName: 'nope' }],
    ['GetTable', { DatabaseName: 'nope', Name: 't' }],
    ['CreateTable', { DatabaseName: 'nope', TableInput: { Name: 't' } }],
    ['DeleteTable', { DatabaseName: 'nope', Name: 't' }],
  ] as const) {
    await expect(call(operation, input), operation).rejects.toMatchObject({
      code: 'EntityNotFoundException',
    });
  }
});

test('an update replaces every member of a database but its time of creation', async () => {
  const { call } = await newCatalog();
  await call('CreateDatabase', { DatabaseInput: { Name: 'd2', Description: 'old', Parameters: { a: '1' } } });
  await call('UpdateDatabase', { Name: 'd2', DatabaseInput: { Name: 'd2', Parameters: { b: '2' } } });
  const { Database } = await call('GetDatabase', { Name: 'd2' });
  expect(Database).toMatchObject({ Parameters: { b: '2' }, CreateTime: 1_700_000_000.5 });
  expect(Database).not.toHaveProperty('Description');
});

test('deleting a database deletes its tables', async () => {
  const { call, catalog } = await newCatalog();
  await call('DeleteDatabase', { Name: 'db' });
  expect(catalog.databaseNames()).toEqual([]);
  await call('CreateDatabase', { DatabaseInput: { Name: 'db' } });
  expect(await call('GetTables', { DatabaseName: 'db' })).toEqual({ TableList: [] });
});

test('databases are listed page by page', async () => {
  const { call } = await newCatalog();
  for (const Name of ['c', 'a', 'b']) await call('CreateDatabase', { DatabaseInput: { Name } });
  const first = await call('GetDatabases', { MaxResults: 3 });
  expect(first.DatabaseList).toMatchObject([{ Name: 'a' }, { Name: 'b' }, { Name: 'c' }]);
  const second = await call('GetDatabases', { MaxResults: 3, NextToken: first.NextToken });
  expect(second).toMatchObject({ DatabaseList: [{ Name: 'db' }] });
  expect(second).not.toHaveProperty('NextToken');
});

test('a page token that was never given out is refused', async () => {
  const { call } = await newCatalog();
  await expect(call('GetDatabases', { NextToken: 'x!' })).rejects.toMatchObject({
    code: 'InvalidInputException',
  });
});

test('the catalog of another account is not found', async () => {
  const { call } = await newCatalog();
  expect(await call('GetDatabases', { CatalogId: '123456789012' })).toHaveProperty('DatabaseList');
  await expect(call('GetDatabases', { CatalogId: '999999999999' })).rejects.toMatchObject({
    code: 'EntityNotFoundException',
  });
});

test('tags given at creation are read, added to and taken away by ARN', async () => {
  const { call } = await newCatalog();
  const ResourceArn = 'arn:aws:glue:us-east-1:123456789012:database/tagged';
  await call('CreateDatabase', { DatabaseInput: { Name: 'Tagged' }, Tags: { team: 'lake', tier: '1' } });
  expect(await call('GetTags', { ResourceArn })).toEqual({ Tags: { team: 'lake', tier: '1' } });
  await call('TagResource', { ResourceArn, TagsToAdd: { tier: '2', more: 'x' } });
  await call('UntagResource', { ResourceArn, TagsToRemove: ['team', 'unknown'] });
  expect(await call('GetTags', { ResourceArn })).toEqual({ Tags: { tier: '2', more: 'x' } });
  await call('DeleteDatabase', { Name: 'tagged' });
  await expect(call('GetTags', { ResourceArn })).rejects.toMatchObject({ code: 'EntityNotFoundException' });
});

test('a connection is kept as it came, and a validation connection needs its workgroup', async () => {
  const { call } = await newCatalog();
  const ConnectionInput = {
    Name: 'Mixed-Case',
    ConnectionType: 'JDBC',
    ConnectionProperties: { USERNAME: 'u' },
    PhysicalConnectionRequirements: { SubnetId: 's' },
  };
  expect(await call('CreateConnection', { ConnectionInput, Tags: { a: 'b' } })).toEqual({
    CreateConnectionStatus: 'READY',
  });
  await expect(call('CreateConnection', { ConnectionInput })).rejects.toMatchObject({
    code: 'AlreadyExistsException',
  });
  expect(await call('GetConnection', { Name: 'Mixed-Case' })).toMatchObject({ Connection: ConnectionInput });
  await call('UpdateConnection', {
    Name: 'Mixed-Case',
    ConnectionInput: { ...ConnectionInput, ConnectionProperties: { USERNAME: 'v' } },
  });
  expect(await call('GetConnections', { Filter: { ConnectionType: 'JDBC' } })).toMatchObject({
    ConnectionList: [{ ConnectionProperties: { USERNAME: 'v' } }],
  });
  await call('DeleteConnection', { ConnectionName: 'Mixed-Case' });
  await expect(call('GetConnection', { Name: 'Mixed-Case' })).rejects.toMatchObject({
    code: 'EntityNotFoundException',
  });
  await expect(
    call('CreateConnection', {
      ConnectionInput: { Name: 'v', ConnectionType: 'VIEW_VALIDATION_ATHENA', ConnectionProperties: {} },
    }),
  ).rejects.toThrow('WORKGROUP_NAME');
});
