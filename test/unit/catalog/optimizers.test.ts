import { describe, expect, test } from 'vitest';
import { newCatalog } from './lake.ts';

const ROLE = 'arn:aws:iam::123456789012:role/mydatahub/optimizer';
const at = { CatalogId: '123456789012', DatabaseName: 'db', TableName: 'ice' };

async function iceberg() {
  const lake = await newCatalog();
  await lake.call('CreateTable', {
    DatabaseName: 'db',
    TableInput: { Name: 'ice', TableType: 'EXTERNAL_TABLE', Parameters: { table_type: 'ICEBERG' } },
  });
  return lake;
}

describe('an optimizer of a table', () => {
  test('is answered with what AWS fills in, changed, and gone when deleted', async () => {
    const { call } = await iceberg();
    const retention = { ...at, Type: 'retention' };
    await call('CreateTableOptimizer', {
      ...retention,
      TableOptimizerConfiguration: {
        roleArn: ROLE,
        enabled: true,
        retentionConfiguration: { icebergConfiguration: { snapshotRetentionPeriodInDays: 9 } },
      },
    });
    expect(await call('GetTableOptimizer', retention)).toEqual({
      ...at,
      TableOptimizer: {
        type: 'retention',
        configurationSource: 'table',
        configuration: {
          roleArn: ROLE,
          enabled: true,
          retentionConfiguration: {
            icebergConfiguration: {
              snapshotRetentionPeriodInDays: 9,
              numberOfSnapshotsToRetain: 1,
              cleanExpiredFiles: false,
              runRateInHours: 24,
            },
          },
        },
      },
    });
    await call('UpdateTableOptimizer', {
      ...retention,
      TableOptimizerConfiguration: { roleArn: ROLE, enabled: false },
    });
    expect(await call('GetTableOptimizer', retention)).toMatchObject({
      TableOptimizer: { configuration: { enabled: false } },
    });
    await call('DeleteTableOptimizer', retention);
    await expect(call('GetTableOptimizer', retention)).rejects.toMatchObject({
      code: 'EntityNotFoundException',
    });
  });

  test('needs its table, which must be of Iceberg, and is there once', async () => {
    const { call } = await iceberg();
    const create = (TableName: string, Type = 'compaction') =>
      call('CreateTableOptimizer', {
        ...at,
        TableName,
        Type,
        TableOptimizerConfiguration: { roleArn: ROLE, enabled: true },
      });
    await expect(create('none')).rejects.toMatchObject({ code: 'EntityNotFoundException' });
    await expect(create('base')).rejects.toMatchObject({ code: 'InvalidInputException' });
    await expect(create('ice', 'tidying')).rejects.toMatchObject({ code: 'InvalidInputException' });
    await create('ice');
    await expect(create('ice')).rejects.toMatchObject({ code: 'AlreadyExistsException' });
    expect(await call('ListTableOptimizerRuns', { ...at, Type: 'compaction' })).toMatchObject({
      TableOptimizerRuns: [],
    });
  });

  test('goes with its table: a new one of the same name has none', async () => {
    const { call } = await iceberg();
    const compaction = { ...at, Type: 'compaction' };
    await call('CreateTableOptimizer', {
      ...compaction,
      TableOptimizerConfiguration: { roleArn: ROLE, enabled: true },
    });
    await call('DeleteTable', { DatabaseName: 'db', Name: 'ice' });
    await call('CreateTable', {
      DatabaseName: 'db',
      TableInput: { Name: 'ice', Parameters: { table_type: 'ICEBERG' } },
    });
    await expect(call('GetTableOptimizer', compaction)).rejects.toMatchObject({
      code: 'EntityNotFoundException',
    });
  });
});
