import { describe, expect, test } from 'vitest';
import { athenaOver } from './support/athena-under-test.ts';
import { column, page } from './support/fake-trino.ts';

const ONE = { pages: [page({ columns: [column('a')], data: [['x']] }), page({}, { state: 'FINISHED' })] };

describe('a caller', () => {
  test('who may not see the bucket of the results starts no query', async () => {
    await using lake = await athenaOver(() => ONE, undefined, 's3:GetBucketLocation');
    await expect(lake.start('SELECT 1')).rejects.toThrow('Unable to verify/create output bucket lake');
  });

  test('who may not write the results has a failed query, and the engine was not asked', async () => {
    await using lake = await athenaOver(() => ONE, undefined, 's3:PutObject');
    const id = await lake.start('SELECT 1');
    expect(await lake.ended(id)).toMatchObject({
      State: 'FAILED',
      StateChangeReason: expect.stringContaining(
        `Access denied when writing output to url: s3://lake/results/${id}.csv .`,
      ),
    });
    expect(lake.s3.objects.size).toBe(0);
  });

  test('who may not read the results is told so', async () => {
    await using lake = await athenaOver(() => ONE, undefined, 's3:GetObject');
    const id = await lake.start('SELECT 1');
    await lake.ended(id);
    await expect(lake.results(id)).rejects.toThrow(
      'You do not seem to have access to the S3 location of your query results.',
    );
  });
});
