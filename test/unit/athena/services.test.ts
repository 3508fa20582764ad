import { describe, expect, test } from 'vitest';
import { engineFailure } from '../../../src/local/gateway/athena/failure.ts';
import { icebergSchema } from '../../../src/local/gateway/athena/iceberg-metadata.ts';
import { athenaOver, fakeCatalog, refusalOf } from './support/athena-under-test.ts';
import { column, page } from './support/fake-trino.ts';

const NOTHING = () => ({ pages: [page({ columns: [column('a')], data: [] })] });

describe('workgroups', () => {
  test('primary is there and tells every member that clients look up without asking', async () => {
    await using lake = await athenaOver(NOTHING);
    expect(await lake.call('GetWorkGroup', { WorkGroup: 'primary' })).toMatchObject({
      WorkGroup: {
        Name: 'primary',
        State: 'ENABLED',
        Configuration: {
          EnforceWorkGroupConfiguration: false,
          EngineVersion: { EffectiveEngineVersion: 'Athena engine version 3' },
          ResultConfiguration: {},
        },
      },
    });
    expect((await refusalOf(lake.call('DeleteWorkGroup', { WorkGroup: 'primary' })))[1]).toBe(
      'INVALID_INPUT',
    );
  });

  test('an enforced location wins over the caller’s', async () => {
    await using lake = await athenaOver(NOTHING);
    const Configuration = {
      EnforceWorkGroupConfiguration: true,
      ResultConfiguration: { OutputLocation: 's3://lake/team/' },
    };
    await lake.call('CreateWorkGroup', { Name: 'team', Configuration });
    const id = await lake.start('SELECT 1', { WorkGroup: 'team' });
    expect(await lake.execution(id)).toMatchObject({
      ResultConfiguration: { OutputLocation: `s3://lake/team/${id}.csv` },
    });
  });

  test('updates change the members they name and remove what they say', async () => {
    await using lake = await athenaOver(NOTHING);
    await lake.call('CreateWorkGroup', {
      Name: 'w',
      Description: 'x',
      Configuration: {
        BytesScannedCutoffPerQuery: 10_000_000,
        ResultConfiguration: { OutputLocation: 's3://lake/a/' },
      },
    });
    await lake.call('UpdateWorkGroup', {
      WorkGroup: 'w',
      ConfigurationUpdates: {
        RemoveBytesScannedCutoffPerQuery: true,
        ResultConfigurationUpdates: { RemoveOutputLocation: true, ExpectedBucketOwner: '1' },
      },
    });
    const { WorkGroup } = await lake.call('GetWorkGroup', { WorkGroup: 'w' });
    expect(WorkGroup).toMatchObject({ Description: 'x' });
    expect((WorkGroup as { Configuration: object }).Configuration).toMatchObject({
      ResultConfiguration: { ExpectedBucketOwner: '1' },
    });
    expect(JSON.stringify(WorkGroup)).not.toMatch(/OutputLocation|Cutoff/);
  });

  test('one that was used is deleted with RecursiveDeleteOption only, and its tags go with it', async () => {
    await using lake = await athenaOver(NOTHING);
    const Configuration = { EnforceWorkGroupConfiguration: false };
    await lake.call('CreateWorkGroup', { Name: 'w', Configuration, Tags: [{ Key: 'a', Value: 'b' }] });
    const ResourceARN = 'arn:aws:athena:us-east-1:123456789012:workgroup/w';
    expect(await lake.call('ListTagsForResource', { ResourceARN })).toEqual({
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    await lake.start('SELECT 1', { WorkGroup: 'w' });
    expect((await refusalOf(lake.call('DeleteWorkGroup', { WorkGroup: 'w' })))[2]).toBe(
      'WorkGroup w is not empty',
    );
    await lake.call('DeleteWorkGroup', { WorkGroup: 'w', RecursiveDeleteOption: true });
    expect((await refusalOf(lake.call('GetWorkGroup', { WorkGroup: 'w' })))[2]).toBe(
      'WorkGroup is not found.',
    );
    expect(await lake.call('ListTagsForResource', { ResourceARN })).toEqual({ Tags: [] });
  });
});

describe('saved and prepared statements', () => {
  test('a named query is kept until it is deleted', async () => {
    await using lake = await athenaOver(NOTHING);
    const query = { Name: 'n', Database: 'd', QueryString: 'SELECT 1' };
    const { NamedQueryId } = await lake.call('CreateNamedQuery', query);
    expect(await lake.call('GetNamedQuery', { NamedQueryId })).toEqual({
      NamedQuery: { ...query, NamedQueryId, WorkGroup: 'primary' },
    });
    await lake.call('DeleteNamedQuery', { NamedQueryId });
    expect((await refusalOf(lake.call('GetNamedQuery', { NamedQueryId })))[0]).toBe(
      'InvalidRequestException',
    );
  });

  test('PREPARE and the operations share one store; EXECUTE fills in its expressions', async () => {
    await using lake = await athenaOver(NOTHING);
    await lake.ended(await lake.start('PREPARE p FROM SELECT ? + ?'));
    const asked = { WorkGroup: 'primary', StatementName: 'p' };
    expect(await lake.call('GetPreparedStatement', asked)).toMatchObject({
      PreparedStatement: { QueryStatement: 'SELECT ? + ?' },
    });
    await lake.ended(await lake.start('EXECUTE p USING max(1, 2), 3'));
    expect(lake.trino.received).toEqual(["EXECUTE IMMEDIATE 'SELECT ? + ?' USING max(1, 2),  3"]);
    await lake.ended(await lake.start('DEALLOCATE PREPARE p'));
    expect((await refusalOf(lake.start('EXECUTE p')))[1]).toBe('PREPARED_STATEMENT_NOT_FOUND');
  });
});

describe('metadata', () => {
  const TABLE = {
    Name: 't',
    TableType: 'EXTERNAL_TABLE',
    StorageDescriptor: { Columns: [{ Name: 'a', Type: 'string' }], Location: 's3://lake/t' },
    Parameters: { table_type: 'ICEBERG' },
  };

  test('a table shows Glue’s parameters with its storage flattened into them', async () => {
    await using lake = await athenaOver(NOTHING, fakeCatalog({ t: TABLE }).catalog);
    const names = { CatalogName: 'AwsDataCatalog', DatabaseName: 'd', TableName: 't' };
    expect(await lake.call('GetTableMetadata', names)).toMatchObject({
      TableMetadata: {
        Name: 't',
        Columns: [{ Name: 'a', Type: 'string' }],
        Parameters: { table_type: 'ICEBERG', location: 's3://lake/t' },
      },
    });
    const [code, , message] = await refusalOf(lake.call('GetTableMetadata', { ...names, TableName: 'x' }));
    expect([code, message]).toEqual([
      'MetadataException',
      expect.stringMatching(/^Entity Not Found \(Service: AmazonDataCatalog; .*; Proxy: null\)$/),
    ]);
  });

  test('an Iceberg schema is read from its metadata file in Athena’s spelling', () => {
    const metadata = {
      location: 's3://lake/t',
      'current-schema-id': 1,
      'default-spec-id': 0,
      schemas: [
        { 'schema-id': 0, fields: [] },
        {
          'schema-id': 1,
          fields: [
            { id: 1, name: 'n', type: 'long', doc: 'a number' },
            { id: 2, name: 'd', type: 'decimal(10,2)' },
            {
              id: 3,
              name: 's',
              type: { type: 'struct', fields: [{ name: 'a', type: { type: 'list', element: 'string' } }] },
            },
          ],
        },
      ],
      'partition-specs': [
        { 'spec-id': 0, fields: [{ name: 'n_bucket', transform: 'bucket[4]', 'source-id': 1 }] },
      ],
    };
    expect(icebergSchema(JSON.stringify(metadata))).toEqual({
      columns: [
        { name: 'n', type: 'bigint', comment: 'a number' },
        { name: 'd', type: 'decimal(10, 2)', comment: '' },
        { name: 's', type: 'struct<a: array<string>>', comment: '' },
      ],
      partitionFields: [{ name: 'n_bucket', transform: 'bucket[4]', column: 'n' }],
      location: 's3://lake/t',
      properties: {},
    });
  });
});

describe('failures in Athena’s words', () => {
  const user = (errorName: string, message: string) => ({
    errorName,
    message,
    errorType: 'USER_ERROR' as const,
  });

  test.each([
    ['TABLE_NOT_FOUND', "line 1:15: Table 'awsdatacatalog.d.t' does not exist", 1301],
    ['DIVISION_BY_ZERO', 'Division by zero', 1001],
    ['INVALID_CAST_ARGUMENT', "Cannot cast 'abc' to INT", 1100],
  ])('%s', (name, message, type) => {
    const reason = `${name}: ${message}`;
    expect(engineFailure(user(name, message))).toEqual({ reason, category: 2, type, message: reason });
  });

  test('a catalog that is missing does not exist', () => {
    const { reason } = engineFailure(user('CATALOG_NOT_FOUND', "line 1:15: Catalog 'x' not found"));
    expect(reason).toBe("CATALOG_NOT_FOUND: line 1:15: Catalog 'x' does not exist");
  });

  test('a view without the ATHENA dialect fails information_schema in the text that AWS gives', () => {
    const message =
      'Error listing table columns for catalog awsdatacatalog: Dialect [ATHENA 3] not present (Service: Glue, Status Code: 400, Request ID: abc) (SDK Attempt Count: 1)';
    const { reason } = engineFailure({
      errorName: 'GENERIC_INTERNAL_ERROR',
      message,
      errorType: 'INTERNAL_ERROR',
    });
    expect(reason).toBe(
      'HIVE_METASTORE_ERROR: Error listing table columns for catalog awsdatacatalog: Dialect [ATHENA 3] not present (Service: AWSGlue; Status Code: 400; Error Code: InvalidInputException; Request ID: abc; Proxy: null)',
    );
  });

  test('a failed CREATE TABLE AS says where data may be left', () => {
    const leftovers = { substatement: 'CREATE_TABLE_AS_SELECT', prefix: 's3://b/o/', id: 'ID' };
    const { reason } = engineFailure(user('DIVISION_BY_ZERO', 'Division by zero'), leftovers);
    expect(reason).toBe(
      "DIVISION_BY_ZERO: Division by zero. You may need to manually clean the data at location 's3://b/o/tables/ID' before retrying. Athena will not delete data in your account.",
    );
  });
});
