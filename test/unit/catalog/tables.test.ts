import { describe, expect, test } from 'vitest';
import { newCatalog, table } from './lake.ts';

const ICEBERG = {
  Name: 'Entity_Data',
  TableType: 'EXTERNAL_TABLE',
  Parameters: { table_type: 'ICEBERG', metadata_location: 's3://b/1.json' },
  StorageDescriptor: {
    Columns: [
      { Name: 'a', Type: 'map<string,int>', Parameters: { 'iceberg.field.id': '1', trino_type_id: 'x' } },
    ],
    Location: 's3://b/t',
    AdditionalLocations: [],
  },
};

describe('a table', () => {
  test('comes back with every parameter verbatim, its name in lower case, and what only Glue knows', async () => {
    const lake = await newCatalog();
    await lake.call('CreateTable', { DatabaseName: 'DB', TableInput: ICEBERG });
    expect(await table(lake, 'ENTITY_DATA')).toEqual({
      ...ICEBERG,
      Name: 'entity_data',
      DatabaseName: 'db',
      Retention: 0,
      PartitionKeys: [],
      CreateTime: 1_700_000_000.5,
      UpdateTime: 1_700_000_000.5,
      CreatedBy: 'arn:aws:iam::123456789012:user/local',
      IsRegisteredWithLakeFormation: false,
      CatalogId: '123456789012',
      VersionId: '0',
      IsMultiDialectView: false,
    });
  });

  test('that exists is not created again', async () => {
    const { call } = await newCatalog();
    await expect(
      call('CreateTable', { DatabaseName: 'db', TableInput: { Name: 'BASE' } }),
    ).rejects.toMatchObject({ code: 'AlreadyExistsException' });
  });

  test('that is absent is EntityNotFoundException', async () => {
    const { call } = await newCatalog();
    const name = { DatabaseName: 'db', Name: 'nope' };
    await expect(call('GetTable', name)).rejects.toMatchObject({ code: 'EntityNotFoundException' });
    await expect(call('DeleteTable', name)).rejects.toMatchObject({ code: 'EntityNotFoundException' });
    await expect(
      call('UpdateTable', { DatabaseName: 'db', TableInput: { Name: 'nope' } }),
    ).rejects.toMatchObject({ code: 'EntityNotFoundException' });
  });

  test('needs a name of 1 to 255 bytes', async () => {
    const { call } = await newCatalog();
    for (const Name of ['', 'ü'.repeat(128)]) {
      await expect(call('CreateTable', { DatabaseName: 'db', TableInput: { Name } })).rejects.toMatchObject({
        code: 'InvalidInputException',
      });
    }
  });

  test('in an open table format is refused, since nobody here writes its metadata', async () => {
    const { call } = await newCatalog();
    await expect(
      call('CreateTable', {
        DatabaseName: 'db',
        TableInput: { Name: 't' },
        OpenTableFormatInput: { IcebergInput: { MetadataOperation: 'CREATE' } },
      }),
    ).rejects.toThrow('OpenTableFormatInput is not modelled');
  });

  test('has no partition indexes, column statistics or functions', async () => {
    const { call } = await newCatalog();
    const name = { DatabaseName: 'db', TableName: 'base' };
    expect(await call('GetPartitionIndexes', name)).toEqual({ PartitionIndexDescriptorList: [] });
    expect(await call('GetColumnStatisticsForTable', { ...name, ColumnNames: ['a'] })).toEqual({
      ColumnStatisticsList: [],
      Errors: [],
    });
    expect(await call('GetUserDefinedFunctions', { DatabaseName: 'db', Pattern: '.*' })).toEqual({
      UserDefinedFunctions: [],
    });
  });
});

describe('an update of a table', () => {
  const update = (metadata: string, more = {}) => ({
    DatabaseName: 'db',
    TableInput: { Name: 'base', Parameters: { metadata_location: metadata } },
    ...more,
  });

  test('replaces its input and counts its version up, also without archiving', async () => {
    const lake = await newCatalog();
    await lake.call('UpdateTable', update('m1', { VersionId: '0', SkipArchive: true }));
    const found = await table(lake, 'base');
    expect(found).toMatchObject({ VersionId: '1', Parameters: { metadata_location: 'm1' } });
    expect(found).not.toHaveProperty('TableType');
  });

  test('from a stale version is refused with ConcurrentModificationException each time, and changes nothing', async () => {
    const lake = await newCatalog();
    await lake.call('UpdateTable', update('m1', { VersionId: '0' }));
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await expect(lake.call('UpdateTable', update('m2', { VersionId: '0' }))).rejects.toMatchObject({
        code: 'ConcurrentModificationException',
        status: 400,
      });
    }
    expect(await table(lake, 'base')).toMatchObject({
      VersionId: '1',
      Parameters: { metadata_location: 'm1' },
    });
  });

  test('of many at once from the same version succeeds for one only', async () => {
    const { call } = await newCatalog();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, writer) => call('UpdateTable', update(`m${writer}`, { VersionId: '0' }))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('without VersionId is unprotected, as for views that Trino replaces', async () => {
    const lake = await newCatalog();
    await lake.call('UpdateTable', update('m1'));
    await lake.call('UpdateTable', update('m2'));
    expect(await table(lake, 'base')).toMatchObject({
      VersionId: '2',
      Parameters: { metadata_location: 'm2' },
    });
  });

  test('keeps the version before it, newest first, unless archiving is skipped', async () => {
    const { call } = await newCatalog();
    await call('UpdateTable', update('m1'));
    await call('UpdateTable', update('m2', { SkipArchive: true }));
    await call('UpdateTable', update('m3'));
    const name = { DatabaseName: 'db', TableName: 'base' };
    expect(await call('GetTableVersions', name)).toMatchObject({
      TableVersions: [{ VersionId: '3' }, { VersionId: '2' }, { VersionId: '0' }],
    });
    expect(await call('GetTableVersion', { ...name, VersionId: '2' })).toMatchObject({
      TableVersion: { VersionId: '2', Table: { VersionId: '2', Parameters: { metadata_location: 'm2' } } },
    });
    expect(await call('GetTableVersion', name)).toMatchObject({ TableVersion: { VersionId: '3' } });
    await expect(call('GetTableVersion', { ...name, VersionId: '1' })).rejects.toMatchObject({
      code: 'EntityNotFoundException',
    });
  });

  test('leaves versions that can be deleted, but the current one cannot', async () => {
    const { call } = await newCatalog();
    for (const metadata of ['m1', 'm2', 'm3']) await call('UpdateTable', update(metadata));
    const name = { DatabaseName: 'db', TableName: 'base' };
    await call('DeleteTableVersion', { ...name, VersionId: '0' });
    expect(await call('BatchDeleteTableVersion', { ...name, VersionIds: ['1', '3', '9'] })).toMatchObject({
      Errors: [
        { TableName: 'base', VersionId: '3', ErrorDetail: { ErrorCode: 'InvalidInputException' } },
        { TableName: 'base', VersionId: '9', ErrorDetail: { ErrorCode: 'EntityNotFoundException' } },
      ],
    });
    expect(await call('GetTableVersions', name)).toMatchObject({
      TableVersions: [{ VersionId: '3' }, { VersionId: '2' }],
    });
  });
});

describe('a table that Athena made as a Hive table', () => {
  test('is an Iceberg table to Trino, Parquet files to everybody else, and changed by nobody', async () => {
    const lake = await newCatalog();
    await lake.trino('CreateTable', { DatabaseName: 'db', TableInput: ICEBERG });
    lake.catalog.showAsHive('db', 'entity_data', 's3://b/files/');

    const at = { DatabaseName: 'db', Name: 'entity_data' };
    expect(await lake.trino('GetTable', at)).toMatchObject({
      Table: { Parameters: ICEBERG.Parameters, StorageDescriptor: { Location: 's3://b/t' } },
    });
    const { Table } = await lake.call('GetTable', at);
    expect(Table).toMatchObject({
      TableType: 'EXTERNAL_TABLE',
      Parameters: { EXTERNAL: 'TRUE', classification: 'parquet' },
      StorageDescriptor: {
        Columns: [{ Name: 'a', Type: 'map<string,int>' }],
        Location: 's3://b/files/',
        InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      },
    });
    expect(JSON.stringify(Table)).not.toMatch(/iceberg/i);
    const change = { DatabaseName: 'db', TableInput: ICEBERG };
    await expect(lake.trino('UpdateTable', change)).rejects.toMatchObject({ code: 'InvalidInputException' });
  });
});
