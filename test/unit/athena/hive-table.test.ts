import { expect, test } from 'vitest';
import { athenaOver, fakeCatalog } from './support/athena-under-test.ts';
import { column, page } from './support/fake-trino.ts';

const HIVE = { TableType: 'EXTERNAL_TABLE', Parameters: { classification: 'parquet' } };
const files = ['s3://local-warehouse/hive/1/data/a.parquet', 's3://local-warehouse/hive/1/data/b.parquet'];

/** Trino that makes a table of two data files and three rows. */
const twoFiles = (sql: string) =>
  sql.includes('$files')
    ? { pages: [page({ columns: [column('file_path')], data: files.map((file) => [file]) })] }
    : { pages: [page({ updateType: 'CREATE TABLE', updateCount: 3 })] };

test('CREATE TABLE AS leaves Parquet files, their list, and a Hive table of them', async () => {
  const { catalog, shownAsHive } = fakeCatalog();
  await using lake = await athenaOver(twoFiles, catalog);
  const id = await lake.start('CREATE TABLE d.t AS SELECT 1 a');
  expect(await lake.ended(id)).toMatchObject({ State: 'SUCCEEDED' });

  const location = `s3://lake/results/tables/${id}`;
  expect(await lake.execution(id)).toMatchObject({
    Statistics: { DataManifestLocation: `${location}-manifest.csv` },
  });
  expect(shownAsHive).toEqual([['d.t', `${location}/`]]);
  const listed = lake.s3.objects.get(`/lake/results/tables/${id}-manifest.csv`)?.trimEnd().split('\n') ?? [];
  expect(listed).toEqual([
    expect.stringMatching(`^${location}/query-0_[0-9a-f-]+$`),
    expect.stringMatching(`^${location}/query-0_[0-9a-f-]+$`),
  ]);
  for (const url of listed) expect(lake.s3.objects.has(url.replace('s3:/', ''))).toBe(true);
  expect(await lake.results(id)).toMatchObject({ UpdateCount: 3 });
});

test('an external location holds, unless the workgroup enforces its own', async () => {
  const { catalog, shownAsHive } = fakeCatalog();
  await using lake = await athenaOver(twoFiles, catalog);
  const sql = "CREATE TABLE d.t WITH (external_location = 's3://lake/mine') AS SELECT 1 a";
  expect(await lake.ended(await lake.start(sql))).toMatchObject({ State: 'SUCCEEDED' });
  expect(shownAsHive).toEqual([['d.t', 's3://lake/mine/']]);

  const ResultConfiguration = { OutputLocation: 's3://lake/enforced/' };
  await lake.call('CreateWorkGroup', { Name: 'strict', Configuration: { ResultConfiguration } });
  expect(await lake.ended(await lake.start(sql, { WorkGroup: 'strict' }))).toMatchObject({
    State: 'FAILED',
    StateChangeReason: expect.stringContaining("remove the 'external_location' property"),
  });
});

test.each(['INSERT INTO d.h VALUES 1', 'DELETE FROM d.h', 'UPDATE h SET a = 1'])(
  'a Hive table is not written to again: %s',
  async (sql) => {
    await using lake = await athenaOver(twoFiles, fakeCatalog({ h: HIVE }).catalog);
    const id = await lake.start(sql, { QueryExecutionContext: { Database: 'd' } });
    expect(await lake.ended(id)).toMatchObject({
      State: 'FAILED',
      StateChangeReason: expect.stringMatching(/^NOT_SUPPORTED: .*d\.h is a Hive table/),
    });
    expect(lake.trino.received).toEqual([]);
  },
);

test('IF NOT EXISTS leaves a table as it is', async () => {
  const { catalog, shownAsHive } = fakeCatalog({ h: HIVE });
  await using lake = await athenaOver(() => ({ pages: [page({ updateCount: 0 })] }), catalog);
  const id = await lake.start('CREATE TABLE IF NOT EXISTS d.h AS SELECT 1 a');
  expect(await lake.ended(id)).toMatchObject({ State: 'SUCCEEDED' });
  expect(shownAsHive).toEqual([]);
});
