import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DataPreview } from '../../src/lake/preview/preview.ts';
import type { ViewStanding } from '../../src/lake/view-standing.ts';
import type { ViewsDiffResult } from '../../src/verbs/views-diff.ts';
import type { ViewsShowResult } from '../../src/verbs/views-show.ts';
import { sendRules } from '../e2e/support/custom-views.ts';
import { injectFault, withoutFaults } from '../e2e/support/faults.ts';
import { ingestOnly, LAKE_LOGS, logOf, publish, runsOf, VIEWS_JOB } from '../e2e/support/jobs.ts';
import { mydatahub, query, verb } from '../e2e/support/lake.ts';
import { putObject } from '../e2e/support/s3.ts';
import { byteOrder, pivot, type Row } from '../e2e/support/source-files.ts';

const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
const VIEWS = ['entity_view_split', 'entity_view_split_2', 'entity_view_split_3'] as const;
/** Of 100 characters, so that Athena's statement has room for some 1,150 of them; in byte order. */
const KEYS = Array.from({ length: 2500 }, (_, number) =>
  `key_${String(number).padStart(4, '0')}_`.padEnd(100, 'x'),
);
/** Sorts before all the others, and still takes no column's place in the full views. */
const NEW_KEY = 'a new key';

function rowsOf(keys: readonly string[]): Row[] {
  const first = keys.map((key): Row => ['split', 'first', '', '', key, `${key.slice(4, 8)} é`]);
  const second = keys.filter((_, index) => index % 3 === 0);
  return [...first, ...second.map((key): Row => ['split', 'second', '', '', key, key.slice(4, 8)])];
}

function fileOf(rows: readonly Row[]): string {
  return `${HEADER}${rows.map((row) => row.join(',')).join('\n')}\n`;
}

async function push(rows: readonly Row[]): Promise<void> {
  await putObject('raw-data/split.csv', fileOf(rows));
}

/** view name -> its columns, by the table entity_columns as one engine reads it; the keys are the columns' names. */
async function placed(engine: 'athena' | 'spark'): Promise<Map<string, string[]>> {
  const { rows } = await query(
    engine,
    "SELECT view_name, column_name FROM iceberg_db.entity_columns WHERE entity1 = 'split' AND column_name = original_key ORDER BY 1, 2",
  );
  const found = new Map<string, string[]>();
  for (const [view = '', column = ''] of rows) {
    found.set(view ?? '', [...(found.get(view ?? '') ?? []), column ?? '']);
  }
  return found;
}

/** What is known of the first view, without its long texts. */
async function shown() {
  const { columns, sql, ...known } = await verb<ViewsShowResult>('views', 'show', VIEWS[0]);
  return { ...known, columns: columns.length, sql: [sql?.athena.length, sql?.spark.length] };
}

beforeAll(async () => {
  await push(rowsOf(KEYS));
  await verb('run-ingestion');
  for (const [service, operation] of [
    ['AmazonAthena', 'StartQueryExecution'],
    ['AWSGlue', 'UpdateTable'],
    ['lakeformation', 'BatchGrantPermissions'],
  ]) {
    await injectFault({ service, operation, action: 'throttle', times: 1 });
  }
  await verb('wait-for-views');
}, 400_000);
afterEach(withoutFaults);
// Whoever comes next on this lake reads one narrow view instead of three wide ones, and loses no rows by it.
afterAll(async () => {
  await push(rowsOf(KEYS.slice(0, 1)));
  await verb('run-ingestion', '--confirm-removals');
  await verb('wait-for-views');
}, 300_000);

describe('an entity1 with more keys than one view can hold', () => {
  it('has numbered views, which the log announces with a warning of the limit', async () => {
    const [run] = await runsOf(VIEWS_JOB);
    const log = await logOf('output', run?.Id ?? '', LAKE_LOGS);
    expect(log).toMatch(
      /entity1 'split' has too many keys for one view; they are in iceberg_db\.entity_view_split \([\d,]+ keys\), iceberg_db\.entity_view_split_2 \([\d,]+ keys\), iceberg_db\.entity_view_split_3 \(\d+ keys\)/,
    );
    const { views } = await verb<{ views: ViewStanding[] }>('views', 'list');
    const split = views.filter(({ entity1 }) => entity1 === 'split');
    expect(split.map(({ view, freshness }) => [view, freshness])).toEqual(
      VIEWS.map((view) => [view, 'current']),
    );
    expect(split.map(({ size }) => (size?.athena_percent ?? 0) > 98)).toEqual([true, true, false]);
    expect((await mydatahub('views', 'list')).stderr).toContain(
      'WARNING entity_view_split is at 100 % of what AWS lets a view have',
    );
  });

  it('answers in both engines, and entity_columns says in both which view holds a key', async () => {
    const athena = await placed('athena');
    expect([...athena.keys()]).toEqual(VIEWS);
    expect(await placed('spark')).toEqual(athena);
    expect([...athena.values()].flat().sort(byteOrder)).toEqual(KEYS);
    const [view, keys] = [...athena.entries()].at(-1) ?? ['', []];
    for (const engine of ['athena', 'spark'] as const) {
      const { columns, rows } = await query(engine, `SELECT * FROM iceberg_db.${view} ORDER BY entity2`);
      expect(columns.slice(4)).toEqual(keys);
      expect(rows).toEqual(pivot(rowsOf(KEYS), 'split', keys));
    }
    await verb('smoke-test');
  });

  it('is not said to differ while Spark has not read it since it was published again', async () => {
    const reads = (await runsOf('verify-views')).length;
    onTestFinished(() => sendRules({ views: [] }));
    await sendRules({ views: [{ entity1: 'split', order: [KEYS.at(-1)] }] });
    expect((await publish({})).log).toContain('updated: 1: entity_view_split_3\n');
    const told = await mydatahub('smoke-test');
    expect([told.status, told.stderr]).toEqual([
      1,
      expect.stringMatching(
        /FAILED {2}entity_view_split_3 [^\n]*\n +it was published again \(20[^)]*Z\), and Spark has not read it since\n[\s\S]*cure: {2}mend what [^\n]*wait-for-views/,
      ),
    ]);
    expect(await runsOf('verify-views')).toHaveLength(reads);

    await sendRules({ views: [] });
    await publish({});
    await verb('smoke-test');
  });

  it('collects one range of keys in Athena for a query of one column, and each for all columns', async () => {
    const collected = async (columns: string) => {
      const { rows } = await query('athena', `EXPLAIN SELECT ${columns} FROM iceberg_db.${VIEWS[0]}`);
      // Trino collects in two steps, of which the plan shows both.
      return (rows.flat().join('\n').split('array_agg(').length - 1) / 2;
    };
    expect([await collected('*'), await collected(`entity2, "${KEYS[5]}"`)]).toEqual([16, 1]);
  });

  it('is shown in the same views by a preview, which asks no engine, and a new key where it will be', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mydatahub-split-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'split.csv'), fileOf(rowsOf([...KEYS, NEW_KEY])));
    const rules = join(folder, 'views.yml');
    const { views } = await verb<DataPreview>('preview', '--data', folder, '--views', rules);
    const { parts = [] } = views.find(({ entity1 }) => entity1 === 'split') ?? {};
    // Nothing was pushed by upload-data, so every column is a new one for it.
    const shown = parts.map(({ view, new_columns }) => [view, new_columns.map(({ column }) => column)]);
    const there = await placed('athena');
    expect(shown).toEqual(
      [...there].map(([view, columns]) => [view, view === VIEWS[2] ? ['a_new_key', ...columns] : columns]),
    );
  });

  it('gets a new key into its last view, which a dry run tells beforehand and --only then does', async () => {
    await push(rowsOf([...KEYS, NEW_KEY]));
    await ingestOnly();
    const known = await verb<ViewsDiffResult>('views', 'diff', 'split');
    expect(known).toMatchObject({
      known_by: 'state',
      views: [],
      not_known: { cure: expect.stringContaining('views diff --job') },
    });
    const told = await mydatahub('views', 'diff', '--job');
    expect(told.stdout).toMatch(/~ iceberg_db\.entity_view_split_3: updated: new: a_new_key\n/);
    expect(told.stdout).toMatch(/ {2}@@ -4,2 \+4,3 @@\n {3}entity4\n {2}\+a_new_key\n {3}key_/);
    expect(told.stdout).toMatch(/1 view above, \d+ views unchanged/);

    const { state, log } = await publish({ '--only': 'split' });
    expect(state).toBe('SUCCEEDED');
    expect(log).toMatch(
      /SUMMARY\n {2}created: 0\n {2}updated: 1: entity_view_split_3\n {2}unchanged: 2: [^\n]*\n {2}failed: 0/,
    );
    const shown = await verb<{ sql: { athena: string; spark: string } }>('views', 'show', VIEWS[2]);
    expect(shown.sql.athena).toContain("'a new key'");
    expect(shown.sql.spark).toContain("'a new key'");
  });

  it('stays as it is by a rule that Athena refuses, of which a dry run says where it is', async () => {
    onTestFinished(() => sendRules({ views: [] }));
    const expression = `round("${KEYS[0]}", 2)`;
    await sendRules({ views: [{ entity1: 'split', extra_columns: { nope: { expression } } }] });
    const told = await mydatahub('views', 'diff', '--job');
    expect(`${told.stdout}${told.stderr}`).toMatch(
      /! iceberg_db\.entity_view_split: NOT published, it stays as it was: config\/views\.yml:1: Athena: [A-Z_]+: [^\n]*round/,
    );
    expect(told.status).toBe(1);
    expect(told.stdout).not.toContain('--- iceberg_db.entity_view_split (now)');
  });

  it('stays known, and is told as refused, after a run that had to leave it as it was', async () => {
    await publish({});
    const before = await shown();
    expect(before).toMatchObject({ freshness: 'current', why: null });
    onTestFinished(() => sendRules({ views: [] }));
    await sendRules({ views: [{ entity1: 'split', extra_columns: { odd: { expression: 'entity_2' } } }] });
    const { state, log } = await publish({});
    expect(state).toBe('FAILED');
    expect(log).toContain(
      "the expression 'entity_2' reads entity_2, which is no column here; most like entity_2: entity2",
    );
    const why = expect.stringMatching(
      /^the last run refused it: config\/views\.yml:1: the expression 'entity_2'/,
    );
    expect(await shown()).toEqual({ ...before, freshness: 'refused', why });
    const told = await mydatahub('views', 'diff', 'split');
    expect([told.status, told.stdout]).toEqual([
      1,
      expect.stringContaining('NOT published, it stays as it was'),
    ]);

    await sendRules({ views: [] });
    expect((await publish({})).log).toMatch(/updated: 0\n {2}unchanged: \d+: [^\n]*\n {2}failed: 0/);
    expect(await shown()).toEqual(before);
  });
});
