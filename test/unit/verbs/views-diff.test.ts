import { describe, expect, it } from 'vitest';
import type { Lake } from '../../../src/lake/lake.ts';
import type { LakeFacts } from '../../../src/lake/view-standing.ts';
import type { JobDifference } from '../../../src/verbs/dry-run.ts';
import { differenceOfJob } from '../../../src/verbs/views-diff.ts';

const VIEW = 'entity_view_a';
const COLUMNS = ['entity1', 'entity2', 'entity3', 'entity4', 'k'];
const LAKE = { config: { database: 'iceberg_db', views: { without_data: 'keep' } } } as unknown as Lake;
const FACTS: LakeFacts = {
  table: 'entity_data',
  tables: new Map([[VIEW, { parameters: {}, columns: COLUMNS, types: [], dialects: [] }]]),
  snapshots: [],
  published: undefined,
  settings: {},
  rules: null,
};
const FOUND: JobDifference = {
  version: 1,
  snapshot_id: '1',
  new: {},
  changed: {},
  unchanged: 3,
  without_data: {},
  refused: { [VIEW]: 'config/views.yml:6: no such column' },
};

describe('the difference that a dry run finds', () => {
  it('names a view that the rules keep from being published though it would stay as it is', () => {
    expect(differenceOfJob(LAKE, FACTS, FOUND)).toMatchObject({
      views: [
        { view: VIEW, change: 'refuse', why: 'config/views.yml:6: no such column', columns_now: COLUMNS },
      ],
      unchanged: 2,
    });
  });

  it('counts no view twice that would change and is refused', () => {
    const changed = {
      [VIEW]: {
        entity1: 'a',
        columns: [...COLUMNS, 'l'],
        types: {},
        columns_now: COLUMNS,
        types_now: {},
        why: 'new: l',
      },
    };
    expect(differenceOfJob(LAKE, FACTS, { ...FOUND, changed })).toMatchObject({
      views: [{ view: VIEW, change: 'refuse' }],
      unchanged: 3,
    });
  });

  it('tells the columns that get another type, and not those that come with one', () => {
    const changed = {
      [VIEW]: {
        entity1: 'a',
        columns: [...COLUMNS, 'l'],
        types: { k: 'bigint', l: 'date' },
        columns_now: COLUMNS,
        types_now: { k: 'decimal(5,1)', entity4: 'date' },
        why: 'new: l; other types: k bigint',
      },
    };
    expect(differenceOfJob(LAKE, FACTS, { ...FOUND, changed, refused: {} }).views[0]?.types_changed).toEqual([
      { column: 'entity4', now: 'date', wanted: 'string' },
      { column: 'k', now: 'decimal(5,1)', wanted: 'bigint' },
    ]);
  });
});
