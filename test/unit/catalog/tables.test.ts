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

describe('a list of tables', () => {
  const withTables = async () => {
    const lake = await newCatalog();
    for (const Name of ['view_b', 'view_a', 'other', 'raw_view']) {
      await lake.call('CreateTable', {
        DatabaseName: 'db',
        TableInput: { Name, Description: `the ${Name}` },
      });
    }
    return lake;
  };
  const names = (answer: { readonly [key: string]: unknown }) =>
    (answer.TableList as { Name: string }[]).map(({ Name }) => Name);

  test.each([
    ['view_.*', ['view_a', 'view_b']],
    ['view_*', ['view_a', 'view_b']],
    ['*view', ['raw_view']],
    ['*view*', ['raw_view', 'view_a', 'view_b']],
    ['other|base', ['base', 'other']],
    ['view', []],
    ['', ['base', 'other', 'raw_view', 'view_a', 'view_b']],
  ])('filtered by %j holds the whole names that fit', async (Expression, expected) => {
    const { call } = await withTables();
    expect(names(await call('GetTables', { DatabaseName: 'db', Expression }))).toEqual(expected);
  });

  test('refuses a filter that is no regular expression', async () => {
    const { call } = await withTables();
    await expect(call('GetTables', { DatabaseName: 'db', Expression: '(' })).rejects.toMatchObject({
      code: 'InvalidInputException',
    });
  });

  test('comes in pages of at most MaxResults', async () => {
    const { call } = await withTables();
    const seen: string[] = [];
    let NextToken: unknown;
    do {
      const answer = await call('GetTables', {
        DatabaseName: 'db',
        MaxResults: 2,
        ...(typeof NextToken === 'string' ? { NextToken } : {}),
      });
      expect(names(answer).length).toBeLessThanOrEqual(2);
      seen.push(...names(answer));
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toEqual(['base', 'other', 'raw_view', 'view_a', 'view_b']);
  });

  test('is searched by text in names and descriptions and filtered by database', async () => {
    const { call } = await withTables();
    expect(names(await call('SearchTables', { SearchText: 'VIEW' }))).toEqual([
      'raw_view',
      'view_a',
      'view_b',
    ]);
    expect(names(await call('SearchTables', { Filters: [{ Key: 'DatabaseName', Value: 'x' }] }))).toEqual([]);
    await expect(
      call('SearchTables', { Filters: [{ Key: 'UpdateTime', Value: '1', Comparator: 'GREATER_THAN' }] }),
    ).rejects.toMatchObject({ code: 'InvalidInputException' });
  });

  test('loses the tables deleted together; missing ones are reported', async () => {
    const { call } = await withTables();
    expect(
      await call('BatchDeleteTable', { DatabaseName: 'db', TablesToDelete: ['view_a', 'nope', 'view_b'] }),
    ).toMatchObject({
      Errors: [{ TableName: 'nope', ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }],
    });
    expect(names(await call('GetTables', { DatabaseName: 'db' }))).toEqual(['base', 'other', 'raw_view']);
  });
});

describe('partitions of a plain table', () => {
  const partitioned = async () => {
    const lake = await newCatalog();
    await lake.call('CreateTable', {
      DatabaseName: 'db',
      TableInput: {
        Name: 'p',
        PartitionKeys: [
          { Name: 'y', Type: 'string' },
          { Name: 'm', Type: 'string' },
        ],
      },
    });
    return lake;
  };
  const at = { DatabaseName: 'db', TableName: 'p' };

  test('are created, read, filtered and deleted by their values', async () => {
    const { call } = await partitioned();
    await call('CreatePartition', { ...at, PartitionInput: { Values: ['2024', '1'] } });
    expect(
      await call('BatchCreatePartition', {
        ...at,
        PartitionInputList: [{ Values: ['2024', '2'] }, { Values: ['2024', '1'] }, { Values: ['2023', '2'] }],
      }),
    ).toMatchObject({
      Errors: [{ PartitionValues: ['2024', '1'], ErrorDetail: { ErrorCode: 'AlreadyExistsException' } }],
    });
    expect(await call('GetPartition', { ...at, PartitionValues: ['2024', '2'] })).toMatchObject({
      Partition: { Values: ['2024', '2'], TableName: 'p', DatabaseName: 'db' },
    });
    expect(await call('GetPartitions', { ...at, Expression: "y = '2024' AND m = '2'" })).toMatchObject({
      Partitions: [{ Values: ['2024', '2'] }],
    });
    expect(
      await call('BatchGetPartition', {
        ...at,
        PartitionsToGet: [{ Values: ['2023', '2'] }, { Values: ['9', '9'] }],
      }),
    ).toMatchObject({ Partitions: [{ Values: ['2023', '2'] }], UnprocessedKeys: [] });
    await call('DeletePartition', { ...at, PartitionValues: ['2023', '2'] });
    expect(
      await call('BatchDeletePartition', { ...at, PartitionsToDelete: [{ Values: ['2023', '2'] }] }),
    ).toMatchObject({ Errors: [{ ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }] });
    await expect(call('GetPartition', { ...at, PartitionValues: ['2023', '2'] })).rejects.toMatchObject({
      code: 'EntityNotFoundException',
    });
  });

  test('refuse a wrong number of values and a filter that is not modelled', async () => {
    const { call } = await partitioned();
    await expect(call('CreatePartition', { ...at, PartitionInput: { Values: ['2024'] } })).rejects.toThrow(
      '2 partition keys',
    );
    await expect(call('GetPartitions', { ...at, Expression: 'y > 2000' })).rejects.toMatchObject({
      code: 'InvalidInputException',
    });
  });
});
