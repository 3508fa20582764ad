import { describe, expect, test } from 'vitest';
import { newCatalog } from './lake.ts';

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
