import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestOnly } from './support/jobs.ts';
import { mydatahub, query, recordedCalls, verb } from './support/lake.ts';
import { objectText, putObject } from './support/s3.ts';
import { compareRows, pivot, type Row, writeSourceFile } from './support/source-files.ts';

const data = mkdtempSync(join(tmpdir(), 'mydatahub-e2e-'));
afterAll(() => rmSync(data, { recursive: true }));

const KEY_OF_300 = 'k'.repeat(300);
const ODD: readonly Row[] = [
  ['odd', 'a', 'b', '1', 'plain', 'x'],
  ['odd', 'a', 'b', '1', 'Plain', 'differs by case'],
  ['odd', 'a', 'b', '1', 'empty', ''],
  ['odd', 'a', 'b', '1', 'select', "'; DROP TABLE x --"],
  ['odd', 'a', 'b', '1', 'entity1', 'a key named like a column'],
  ['odd', 'a', 'b', '1', '`', 'backtick'],
  ['odd', 'a', 'b', '1', '"', 'double quote'],
  ['odd', 'a', 'b', '1', "it's", 'apostrophe'],
  ['odd', 'a', 'b', '1', '\\', 'back\\slash \\n \\u0041'],
  ['odd', 'a', 'b', '1', `\${a}`, `\${env:HOME} $\{spark.app.name}`],
  ['odd', 'a', 'b', '1', KEY_OF_300, '300'],
  ['odd', '', '', '', 'line\r\nbreak', 'first\r\nsecond\nthird\rfourth'],
  ['odd', 'ü', '中文', '😀', 'unicode \u{1F600} key', 'e\u0301 \u{10FFFF} \u200b'],
  ['odd', ' a ', 'a,b', '"q"', 'comma, in key', ' spaces kept '],
  ['odd', 'a', 'b', '2', 'plain', 'x'],
  ['odd', 'a', 'b', '2', 'plain', 'y'],
  ['odd', 'a', 'b', '2', 'plain', 'Z'],
  ['odd', 'a', 'b', '2', 'tab\tkey', '\t'],
];
/**
 * Enough keys for several ranges of the form `chunked`; half of them come in another order by UTF-16. Some pairs come
 * again, with a value below or above the first.
 */
const ONCE: readonly Row[] = Array.from({ length: 120 }, (_, index): Row => {
  const key = String.fromCodePoint(index % 2 === 0 ? 0xff00 + index : 0x1f400 + index);
  return ['ranges', 'a', 'b', String(index % 7), key, `value ${index}`];
});
const AGAIN = ONCE.filter((_, index) => index % 5 === 0).map(
  ([e1, e2, e3, e4, key], index): Row => [e1, e2, e3, e4, key, index % 2 === 0 ? 'below' : 'with one above'],
);
const RANGES: readonly Row[] = [...ONCE, ...AGAIN];
const QUOTED: readonly Row[] = [[`O'Brien \\ $\{x} "y"`, 'a', 'b', 'c', 'k', 'v']];

type Upload = { sent: unknown[]; unchanged: unknown[] };
type Names = { views: Record<string, string>; columns: Record<string, Record<string, string>> };

async function runChain(): Promise<void> {
  await verb('upload-data', '--data', data);
  await verb('run-ingestion');
  await verb('wait-for-views');
}

/** Rows of a view through one engine, with the columns brought into the order of the given keys. */
async function viewRows(engine: 'athena' | 'spark', entity1: string, keys: readonly string[]) {
  const names = JSON.parse(await objectText('state/names.json')) as Names;
  const { columns, rows } = await query(engine, `SELECT * FROM iceberg_db.${names.views[entity1]}`);
  const wanted = [
    'entity1',
    'entity2',
    'entity3',
    'entity4',
    ...keys.map((key) => names.columns[entity1]?.[key] ?? key),
  ];
  expect([...columns].sort()).toEqual([...wanted].sort());
  return rows.map((row) => wanted.map((column) => row[columns.indexOf(column)] ?? null)).sort(compareRows);
}

describe('the chain from CSV files to views', () => {
  beforeAll(async () => {
    copyFileSync('data/penguins.csv', join(data, 'penguins.csv'));
    writeSourceFile(data, 'odd.csv', ODD);
    writeSourceFile(data, 'ranges.csv', RANGES);
    writeSourceFile(data, 'folder/of folders/crlf – ü.csv', QUOTED, '\r\n');
    await runChain();
  }, 400_000);

  it.each(['athena', 'spark'] as const)(
    'shows odd texts byte for byte in %s, as an independent pivot has them',
    async (engine) => {
      const keys = [...new Set(ODD.map((row) => row[4]))];
      expect(await viewRows(engine, 'odd', keys)).toEqual(pivot(ODD, 'odd', keys));
      const many = [...new Set(RANGES.map((row) => row[4]))];
      expect(await viewRows(engine, 'ranges', many)).toEqual(pivot(RANGES, 'ranges', many));
      expect(await viewRows(engine, QUOTED[0]?.[0] ?? '', ['k'])).toEqual(
        pivot(QUOTED, QUOTED[0]?.[0] ?? '', ['k']),
      );
    },
  );

  it.each(['athena', 'spark'] as const)(
    'shows the penguins in %s as an independent pivot has them',
    async (engine) => {
      const lines = readFileSync('data/penguins.csv', 'utf8').trimEnd().split('\n').slice(1);
      const rows = lines.map((line) => line.split(',') as unknown as Row);
      const keys = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g', 'sex', 'year'];
      expect(await viewRows(engine, 'penguins', keys)).toEqual(pivot(rows, 'penguins', keys));
    },
  );

  it('tells which file came with how many rows', async () => {
    const { rows } = await query('athena', 'SELECT source_file, rows FROM iceberg_db.entity_data_ingests');
    expect(rows).toEqual(
      expect.arrayContaining([
        ['penguins.csv', '2045'],
        ['odd.csv', `${ODD.length}`],
        ['folder/of folders/crlf – ü.csv', '1'],
      ]),
    );
  });

  it('passes the smoke test, with every view compared', async () => {
    const result = await verb<{ views: { view: string; rows: number }[] }>('smoke-test');
    const views = ['entity_view_odd', 'entity_view_o_brien_x_y', 'entity_view_penguins'];
    expect(result.views.map(({ view }) => view)).toEqual(expect.arrayContaining(views));
  });

  it('tells in both engines which view and column holds a key, and in how many rows', async () => {
    const asked = `SELECT view_name, column_name, rows FROM iceberg_db.entity_columns
      WHERE entity1 = 'odd' AND original_key = 'Plain'`;
    const names = JSON.parse(await objectText('state/names.json')) as Names;
    for (const engine of ['athena', 'spark'] as const) {
      const { rows } = await query(engine, asked);
      expect(rows).toEqual([['entity_view_odd', names.columns.odd?.Plain, '1']]);
    }
  });

  it('sends nothing and starts nothing when nothing changed', async () => {
    const { last } = await recordedCalls(0);
    const upload = await verb<Upload>('upload-data', '--data', data);
    await verb('upload-assets');
    await verb('run-ingestion');
    const { calls } = await recordedCalls(last);
    expect(upload.sent).toEqual([]);
    const forbidden =
      /^(PutObject|UploadPart|CreateMultipartUpload|StartWorkflowRun|StartJobRun|StartQueryExecution)/;
    expect(calls.filter((call) => forbidden.test(call.operation))).toEqual([]);
  });

  it('shows new keys, new views and corrected values after the next push', async () => {
    const more: readonly Row[] = [
      ...ODD,
      ['odd', 'a', 'b', '3', 'a new key', 'new'],
      ['second', 'a', 'b', 'c', 'k', 'v'],
    ];
    const corrected = more.map(
      (row): Row => (row[4] === 'select' ? [row[0], row[1], row[2], row[3], row[4], 'mended'] : row),
    );
    writeSourceFile(data, 'odd.csv', corrected);
    await runChain();
    const keys = [...new Set(corrected.filter((row) => row[0] === 'odd').map((row) => row[4]))];
    for (const engine of ['athena', 'spark'] as const) {
      expect(await viewRows(engine, 'odd', keys)).toEqual(pivot(corrected, 'odd', keys));
      expect(await viewRows(engine, 'second', ['k'])).toEqual(pivot(corrected, 'second', ['k']));
    }
    await verb('smoke-test');
  });

  it('refuses a push with one broken file as a whole, before anything is sent', async () => {
    const { last } = await recordedCalls(0);
    writeSourceFile(data, 'good.csv', [['good', 'a', 'b', 'c', 'k', 'v']]);
    writeFileSync(join(data, 'broken.csv'), 'entity1,entity2,entity3,entity4,key,value\na,b,c,d,k\n');
    const output = await mydatahub('upload-data', '--data', data);
    expect(output.status).toBe(1);
    expect(output.stderr).toMatch(/broken\.csv.*2/s);
    const { calls } = await recordedCalls(last);
    expect(calls.filter((call) => call.operation.startsWith('Put'))).toEqual([]);
    rmSync(join(data, 'broken.csv'));
    rmSync(join(data, 'good.csv'));
  });

  it('validates an object that came another way, commits nothing when it is broken, and names file and line', async () => {
    const before = await query('athena', 'SELECT count(*) FROM iceberg_db.entity_data');
    await putObject(
      'raw-data/by-hand.csv',
      'entity1,entity2,entity3,entity4,key,value\nhand,b,c,d,k,v\nhand,b,c,d,"k,v\n',
    );
    const refused = await mydatahub('run-ingestion');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/by-hand\.csv/);
    expect(refused.stderr).toMatch(/line 3/);
    expect(await query('athena', 'SELECT count(*) FROM iceberg_db.entity_data')).toEqual(before);

    await putObject('raw-data/by-hand.csv', 'entity1,entity2,entity3,entity4,key,value\nhand,b,c,d,k,v\n');
    await ingestOnly();
    const mended = "SELECT source_file, value FROM iceberg_db.entity_data WHERE entity1 = 'hand'";
    expect((await query('athena', mended)).rows).toEqual([['by-hand.csv', 'v']]);
  });
});
