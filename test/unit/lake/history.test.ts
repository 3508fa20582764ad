import { describe, expect, it } from 'vitest';
import { historyText } from '../../../src/cli/history-text.ts';
import { snapshotToRollBackTo, tableHistory } from '../../../src/lake/history.ts';

/** One snapshot as Iceberg writes it; ids are beyond what a number of JavaScript keeps. */
function snapshot(id: string, parent: string | null, time: string, summary: Record<string, string>): string {
  const properties = JSON.stringify({ operation: 'append', ...summary });
  const parentMember = parent === null ? '' : `"parent-snapshot-id": ${parent}, `;
  return `{"snapshot-id": ${id}, ${parentMember}"timestamp-ms": ${Date.parse(time)}, "summary": ${properties}}`;
}

const FIRST = '9007199254740993';
const SECOND = '9007199254740995';
const UNDONE = '9007199254740997';
const FOURTH = '9007199254740999';
const TEXT = `{"format-version": 2, "current-snapshot-id": ${FOURTH}, "snapshots": [
  ${snapshot(FIRST, null, '2026-01-01T10:00:00Z', {
    'added-records': '344',
    'total-records': '344',
    'mydatahub.files': '[{"path":"penguins.csv","rows":344,"change":"added"}]',
  })},
  ${snapshot(SECOND, FIRST, '2026-01-02T10:00:00Z', {
    operation: 'overwrite',
    'added-records': '345',
    'deleted-records': '344',
    'total-records': '1345',
    'mydatahub.files':
      '[{"path":"penguins.csv","rows":345,"change":"replaced"},{"path":"new\\n.csv","rows":1000,"change":"added"}]',
    'mydatahub.files-more': '1980',
  })},
  ${snapshot(UNDONE, SECOND, '2026-01-03T10:00:00Z', {
    'deleted-records': '345',
    'total-records': '1000',
    'mydatahub.files': '[{"path":"penguins.csv","rows":345,"change":"removed"}]',
  })},
  ${snapshot(FOURTH, SECOND, '2026-01-05T10:00:00Z', {
    operation: 'replace',
    'total-records': '1345',
    'mydatahub.files': 'written by something else',
  })}
]}`;

describe('the history of a table', () => {
  const history = tableHistory(TEXT, 's3://lake/metadata.json');

  it('keeps ids of 64 bits, newest first, and tells the line of the table from what was undone', () => {
    expect(history.map(({ snapshot_id, state }) => [snapshot_id, state])).toEqual([
      [FOURTH, 'current'],
      [UNDONE, 'undone'],
      [SECOND, 'past'],
      [FIRST, 'past'],
    ]);
  });

  it('reads as people read it', async () => {
    const text = historyText({ table: 'iceberg_db.entity_data', snapshots: history });
    await expect(text).toMatchFileSnapshot('../cli/golden/history.txt');
  });

  it('is empty for a table that nothing was committed to', () => {
    for (const text of [
      '{"current-snapshot-id": -1, "snapshots": []}',
      '{"current-snapshot-id": null}',
      '{}',
    ])
      expect(tableHistory(text, 'x')).toEqual([]);
    expect(historyText({ table: 'd.t', snapshots: [] })).toContain('nothing was ingested yet');
  });

  it.each(['not JSON', '[]', '{"snapshots": [{}]}'])('names the file that cannot be read: %s', (text) => {
    expect(() => tableHistory(text, 's3://lake/it.json')).toThrow(
      expect.objectContaining({ where: 's3://lake/it.json' }),
    );
  });
});

describe('where a rollback goes', () => {
  const history = tableHistory(TEXT, 's3://lake/metadata.json');

  it.each([
    [FIRST, FIRST],
    ['2026-01-02T10:00:00Z', SECOND],
    ['2026-01-02T09:59:59Z', FIRST],
    // What a rollback has undone is not on the line of the table any more.
    ['2026-01-04T00:00Z', SECOND],
    ['2026-01-02T11:00+02:00', FIRST],
    ['2027-01-01', FOURTH],
  ])('for %s is %s', (to, wanted) => {
    expect(snapshotToRollBackTo(history, to).snapshot_id).toBe(wanted);
  });

  it.each([
    ['1', 'there is no such snapshot', 1],
    [UNDONE, 'was undone itself', 1],
    ['2025-12-31', 'no snapshot of that time', 1],
    ['yesterday', 'neither a snapshot nor a time', 2],
  ])('is refused for %s: %s', (to, message, exitStatus) => {
    expect(() => snapshotToRollBackTo(history, to)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), exitStatus }),
    );
  });
});
