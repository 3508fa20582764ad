import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/actions/action.ts';
import { action as history } from '../../../src/actions/history.ts';
import { action as release } from '../../../src/actions/release.ts';
import { action as rollback } from '../../../src/actions/rollback.ts';
import type { HistoryResult } from '../../../src/verbs/history.ts';
import type { ReleaseResult } from '../../../src/verbs/release.ts';
import type { RollbackResult } from '../../../src/verbs/rollback.ts';
import { VerbFailure } from '../../../src/verbs/verb.ts';

/** What an action shows of a result, and the outputs that it writes. */
async function shown(action: Action, result: object) {
  const outputs: Record<string, string> = {};
  const files = {
    output: (name: string, value: string) => {
      outputs[name] = value;
    },
    state: () => {},
    summary: () => {},
  };
  const env = { INPUT_BUCKET: 'my-lake', 'INPUT_AWS-REGION': 'eu-central-1', INPUT_TO: '1' };
  const failure = new VerbFailure(result, { what: 'x', cure: 'y' });
  const { summary } = await action.salvage(failure, files, { env, workspace: '/w', repository: '/r' });
  return { outputs, summary };
}

const HELD = {
  path: 'a|b.csv',
  sha256: 'f'.repeat(64),
  rows: 1_345,
  held_at: '2026-01-02T10:00:00Z',
  snapshot_id: '2',
};

describe('the action history', () => {
  it('shows each snapshot with what was done to which file, and says where the table is', async () => {
    const snapshot = {
      snapshot_id: '9007199254740997',
      parent_id: null,
      time: '2026-01-02T10:00:00.000Z',
      operation: 'append',
      state: 'current' as const,
      rows_added: 1_345,
      rows_removed: 0,
      rows: 2_345,
      files: [{ path: 'penguins.csv', rows: 1_345, change: 'added' as const }],
      files_more: 1_980,
    };
    const result: HistoryResult = {
      table: 'iceberg_db.entity_data',
      snapshots: [snapshot, { ...snapshot, snapshot_id: '1', state: 'undone', files: [], files_more: 0 }],
    };
    const { outputs, summary } = await shown(history, result);
    expect(outputs).toEqual({ snapshots: '2', current: '9007199254740997' });
    expect(summary).toContain(
      '| 2026-01-02 10:00 | `9007199254740997` | **current** | 1,345 |  | 2,345 | `penguins.csv` added, 1,980 more |',
    );
    expect(summary).toContain('| undone |');
  });
});

describe('the action rollback', () => {
  it('shows its job runs and what is held', async () => {
    const result: RollbackResult = {
      warnings: [],
      warnings_more: 0,
      run_id: 'wr_1',
      status: 'COMPLETED',
      from: '2',
      to: '1',
      jobs: [
        {
          job: 'csv-to-iceberg-ingestion',
          id: 'jr_1',
          state: 'SUCCEEDED',
          seconds: 75,
          dpu_seconds: 1_200,
          console: null,
        },
      ],
      views: [],
      held: [HELD],
    };
    const { outputs, summary } = await shown(rollback, result);
    expect(outputs).toEqual({ 'workflow-run-id': 'wr_1', from: '2', to: '1', held: '1' });
    expect(summary).toContain('| `csv-to-iceberg-ingestion` | SUCCEEDED | 1 min 15 s | 1,200 | `jr_1` |');
    expect(summary).toContain('| `a\\|b.csv` | 1,345 rows | 2026-01-02T10:00:00Z |');
  });
});

describe('the action release', () => {
  it('shows what is still held, a removal as such', async () => {
    const result: ReleaseResult = {
      released: [HELD],
      held: [{ ...HELD, path: 'c.csv', sha256: '', rows: 0 }],
    };
    const { outputs, summary } = await shown(release, result);
    expect(outputs).toEqual({ released: '1', held: '1' });
    expect(summary).toContain('| `c.csv` | its removal |');
  });
});
