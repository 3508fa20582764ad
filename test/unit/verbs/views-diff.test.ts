import { describe, expect, it } from 'vitest';
import { commandLine, type Lake } from '../../../src/lake/lake.ts';
import type { LakeFacts } from '../../../src/lake/view-standing.ts';
import type { JobDifference } from '../../../src/verbs/dry-run.ts';
import { differenceOfJob, refusedViews } from '../../../src/verbs/views-diff.ts';

const VIEW = 'entity_view_a';
const COLUMNS = ['entity1', 'entity2', 'entity3', 'entity4', 'k'];
const LAKE = {
  call: commandLine('dev'),
  config: { database: 'iceberg_db', views: { without_data: 'keep' } },
} as unknown as Lake;
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

  it('tells no columns of a view that is refused, which would be those without its rules', () => {
    const changed = {
      [VIEW]: {
        entity1: 'a',
        columns: [...COLUMNS, 'without_rule'],
        types: {},
        columns_now: COLUMNS,
        types_now: { k: 'bigint' },
        why: 'new: without_rule; other types: k string',
      },
    };
    const news = { entity_view_b: { entity1: 'b', columns: COLUMNS, types: {} } };
    const refused = { ...FOUND.refused, entity_view_b: 'config/views.yml:9: no' };
    expect(differenceOfJob(LAKE, FACTS, { ...FOUND, changed, new: news, refused }).views).toEqual([
      {
        view: VIEW,
        entity1: 'a',
        change: 'refuse',
        why: 'config/views.yml:6: no such column',
        columns_now: COLUMNS,
        columns_wanted: COLUMNS,
        types_changed: [],
        types_new: {},
      },
      {
        view: 'entity_view_b',
        entity1: 'b',
        change: 'refuse',
        why: 'config/views.yml:9: no',
        columns_now: [],
        columns_wanted: [],
        types_changed: [],
        types_new: {},
      },
    ]);
  });

  it('fails the command where a view is refused, and with nothing else', () => {
    const refused = refusedViews(LAKE, differenceOfJob(LAKE, FACTS, FOUND));
    expect(refused).toMatchObject({
      message: '1 view would NOT be published',
      where: `iceberg_db.${VIEW}`,
      exitStatus: 1,
      result: { views: [{ view: VIEW, change: 'refuse' }] },
    });
    expect(refused?.cure).toContain('upload-assets --lake dev');
    const changed = {
      [VIEW]: { entity1: 'a', columns: [], types: {}, columns_now: COLUMNS, types_now: {}, why: 'gone: k' },
    };
    expect(
      refusedViews(LAKE, differenceOfJob(LAKE, FACTS, { ...FOUND, changed, refused: {} })),
    ).toBeUndefined();
  });

  it('tells the columns that get another type, and apart from them those that come with one', () => {
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
    expect(differenceOfJob(LAKE, FACTS, { ...FOUND, changed, refused: {} }).views[0]).toMatchObject({
      types_changed: [
        { column: 'entity4', now: 'date', wanted: 'string' },
        { column: 'k', now: 'decimal(5,1)', wanted: 'bigint' },
      ],
      types_new: { l: 'date' },
    });
  });
});
