import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetWorkflowRunPropertiesCommand, GetWorkflowRunsCommand } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/lake/history.ts';
import { glue, ingestOnly } from '../e2e/support/jobs.ts';
import { query, verb } from '../e2e/support/lake.ts';
import { type Row, writeSourceFile } from '../e2e/support/source-files.ts';

const data = mkdtempSync(join(tmpdir(), 'mydatahub-travel-'));
afterAll(() => rmSync(data, { recursive: true }));
const WORKFLOW = 'data-lake';

type History = { readonly snapshots: readonly Snapshot[] };
type Run = { readonly run_id: string | null; readonly status: string };

async function push(...rows: Row[]): Promise<void> {
  writeSourceFile(data, 'travel.csv', rows);
  await verb('upload-data', '--data', data);
}

async function current(): Promise<Snapshot | undefined> {
  const { snapshots } = await verb<History>('history');
  return snapshots.find(({ state }) => state === 'current');
}

async function values(engine: 'athena' | 'spark'): Promise<(string | null)[]> {
  const { rows } = await query(engine, 'SELECT v FROM iceberg_db.entity_view_travel ORDER BY entity2');
  return rows.map(([value]) => value ?? null);
}

describe('time travel', () => {
  let good: Snapshot | undefined;
  let bad: Snapshot | undefined;
  beforeAll(async () => {
    await push(['travel', 'a', 'b', 'c', 'v', 'good']);
    await verb('run-ingestion');
    await verb('wait-for-views');
    good = await current();
  }, 400_000);

  it('is told by the history, with files and rows', async () => {
    expect(good).toMatchObject({
      rows_added: 1,
      files: [{ path: 'travel.csv', rows: 1, change: 'added' }],
      files_more: 0,
    });
  });

  it('is not needed for a refresh, which publishes and verifies without a commit', async () => {
    const run = await verb<Run>('run-ingestion', '--refresh');
    await verb('wait-for-views');
    const properties = await glue.send(
      new GetWorkflowRunPropertiesCommand({ Name: WORKFLOW, RunId: run.run_id ?? '' }),
    );
    expect(properties.RunProperties).toMatchObject({ refresh: 'true' });
    expect((await current())?.snapshot_id).toBe(good?.snapshot_id);
  });

  it('takes the table and its views back, and no push brings back what was undone', async () => {
    await push(['travel', 'a', 'b', 'c', 'v', 'bad'], ['travel', 'b', 'b', 'c', 'v', 'bad']);
    await ingestOnly();
    bad = await current();
    expect(await values('athena')).toEqual(['bad', 'bad']);

    const back = await verb<{ held: { path: string }[] }>('rollback', '--to', good?.snapshot_id ?? '');
    expect(back.held.map(({ path }) => path)).toEqual(['travel.csv']);
    for (const engine of ['athena', 'spark'] as const) expect(await values(engine)).toEqual(['good']);
    const { snapshots } = await verb<History>('history');
    expect(snapshots.find(({ snapshot_id }) => snapshot_id === bad?.snapshot_id)?.state).toBe('undone');

    await verb('upload-data', '--data', data);
    expect(await verb('run-ingestion')).toMatchObject({ run_id: null, status: 'UNCHANGED' });
    expect(await verb('rollback', '--to', good?.snapshot_id ?? '')).toMatchObject({ status: 'UNCHANGED' });
  }, 600_000);

  it('ends with a corrected file, which is another content', async () => {
    await push(['travel', 'a', 'b', 'c', 'v', 'corrected']);
    await ingestOnly();
    expect(await values('athena')).toEqual(['corrected']);
  });

  it('lets the undone come back when it is released', async () => {
    await push(['travel', 'a', 'b', 'c', 'v', 'bad'], ['travel', 'b', 'b', 'c', 'v', 'bad']);
    const before = (await glue.send(new GetWorkflowRunsCommand({ Name: WORKFLOW }))).Runs?.length;
    await verb('release', 'travel.csv');
    expect((await glue.send(new GetWorkflowRunsCommand({ Name: WORKFLOW }))).Runs?.length).toBe(before);
    await ingestOnly();
    expect(await values('spark')).toEqual(['bad', 'bad']);
    expect(await verb('release')).toEqual({ released: [], held: [] });
  });
});
