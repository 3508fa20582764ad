import { describe, expect, it } from 'vitest';
import type { CatalogTable } from '../../../src/aws/glue.ts';
import type { Snapshot } from '../../../src/lake/history.ts';
import type { PublishedView, PublishedViews } from '../../../src/lake/state.ts';
import { viewStandings } from '../../../src/lake/view-standing.ts';

const COLUMNS = ['entity1', 'entity2', 'entity3', 'entity4', 'k'];
const V = 'entity_view_v';
const SETTINGS = { form: 'auto', without_data: 'keep' };

function view(
  athena: boolean | null = false,
  spark: boolean | null = false,
  columns = COLUMNS,
): CatalogTable {
  const dialects = [
    ...(athena === null ? [] : [{ dialect: 'ATHENA', stale: athena }]),
    ...(spark === null ? [] : [{ dialect: 'SPARK', stale: spark }]),
  ];
  return { parameters: {}, columns, types: [], dialects };
}

function snapshot(id: string, state: Snapshot['state'], operation = 'append'): Snapshot {
  const files = operation === 'append' ? [{ path: `${id}.csv`, rows: 1, change: 'added' as const }] : [];
  return {
    snapshot_id: id,
    parent_id: null,
    time: '2026-01-01T00:00:00.000Z',
    operation,
    state,
    rows_added: 1,
    rows_removed: 0,
    rows: 1,
    files,
    files_more: 0,
  };
}

const PUBLISHED: PublishedView = {
  entity1: 'v',
  columns: COLUMNS,
  hash: 'h',
  athena_bytes: 209_716,
  glue_characters: 100,
  published_at: '2026-01-01T00:00:00Z',
  snapshot_id: '1',
};
const STATE: PublishedViews = {
  version: 1,
  snapshot_id: '1',
  settings: SETTINGS,
  table_columns: ['entity1 string', 'value string'],
  views: { [V]: PUBLISHED },
};
const TABLE: CatalogTable = { parameters: {}, columns: ['entity1', 'value'], types: [], dialects: [] };

type Given = {
  tables?: Record<string, CatalogTable>;
  snapshots?: Snapshot[];
  published?: Partial<PublishedViews>;
  table?: CatalogTable;
  rules?: string;
};

function standing({ tables = { [V]: view() }, snapshots, published = {}, table = TABLE, rules }: Given) {
  return viewStandings({
    table: 'entity_data',
    tables: new Map(Object.entries({ entity_data: table, ...tables })),
    snapshots: snapshots ?? [snapshot('1', 'current')],
    published: { ...STATE, ...published },
    settings: SETTINGS,
    rules: rules ?? null,
  });
}

describe('a view', () => {
  it('is current when both dialects are as they were published for the snapshot of the table', () => {
    expect(standing({})).toEqual([
      {
        view: V,
        entity1: 'v',
        athena: 'ok',
        spark: 'ok',
        freshness: 'current',
        why: null,
        columns: COLUMNS,
        published_columns: COLUMNS,
        published_at: '2026-01-01T00:00:00Z',
        snapshot_id: '1',
        size: { athena_bytes: 209_716, athena_percent: 81, glue_characters: 100, glue_percent: 1 },
      },
    ]);
  });

  it.each([
    ['SPARK', view(false, true), { athena: 'ok', spark: 'stale' }, 'the dialect SPARK is stale'],
    ['ATHENA', view(true, false), { athena: 'stale', spark: 'ok' }, 'the dialect ATHENA is stale'],
  ])('shows that only its dialect %s is stale', (_, table, dialects, why) => {
    const [found] = standing({ tables: { [V]: table } });
    expect(found).toMatchObject({ ...dialects, freshness: 'differs', why: expect.stringContaining(why) });
  });

  it.each<[string, Given, string, RegExp]>([
    ['lacks a dialect', { tables: { [V]: view(false, null) } }, 'differs', /the dialect SPARK is missing/],
    ['is a table', { tables: { [V]: view(null, null) } }, 'differs', /is no multi-dialect view/],
    ['has other columns', { tables: { [V]: view(false, false, ['x']) } }, 'differs', /somebody changed it/],
    [
      'is of a table with other columns',
      { table: { ...TABLE, columns: ['a'] } },
      'differs',
      /the entity table has/,
    ],
    ['is not there', { tables: {} }, 'missing', /not in the catalog any more/],
    [
      'failed',
      { published: { views: { [V]: { ...PUBLISHED, hash: '' } } } },
      'unfinished',
      /failed or was cut/,
    ],
    [
      'was refused',
      { published: { views: { [V]: { ...PUBLISHED, refused: 'config/views.yml:3: no such column' } } } },
      'refused',
      /^the last run refused it: config\/views\.yml:3: no such column$/,
    ],
    [
      'was refused by rules that have changed',
      { published: { views: { [V]: { ...PUBLISHED, refused: 'no such column' } } }, rules: 'other' },
      'behind',
      /config\/views\.yml has changed/,
    ],
    [
      'is not there since rules that have changed were refused',
      {
        published: { views: { [V]: { ...PUBLISHED, hash: '', refused: 'no such column' } } },
        rules: 'other',
      },
      'unfinished',
      /^the last run refused it; since then config\/views\.yml has changed$/,
    ],
    ['nobody knows', { published: { views: {} } }, 'unknown', /nothing is known of its publication/],
    [
      'has no data',
      { published: { views: {}, without_data: { [V]: { entity1: 'v', since: 'then' } } } },
      'without-data',
      /no row of its entity1 is left since then/,
    ],
    [
      'was published before rows came',
      { snapshots: [snapshot('2', 'current'), snapshot('1', 'past')] },
      'behind',
      /from snapshot 1 to 2 \(1 commit: 2\.csv added\)/,
    ],
    [
      'was published before a rollback',
      { snapshots: [snapshot('1', 'undone'), snapshot('0', 'current')] },
      'behind',
      /from snapshot 1 to 0$/,
    ],
    [
      'was published with other settings',
      { published: { settings: { ...SETTINGS, form: 'case' } } },
      'behind',
      /form was case, is auto/,
    ],
    ['was published by other rules', { rules: 'digest' }, 'behind', /config\/views\.yml has changed/],
    ['is of a run that never ended', { published: { snapshot_id: null } }, 'current', /^$/],
  ])('that %s is told', (_, given, freshness, why) => {
    const [found] = standing(given);
    expect(found?.freshness).toBe(freshness);
    expect(found?.why ?? '').toMatch(why);
  });

  it('whose entity1 has gone is still told as it was published', () => {
    const without_data = { [V]: { entity1: 'v', since: 'then', published: PUBLISHED } };
    expect(standing({ published: { views: {}, without_data } })[0]).toMatchObject({
      freshness: 'without-data',
      published_columns: COLUMNS,
      published_at: PUBLISHED.published_at,
      snapshot_id: '1',
      size: { athena_bytes: 209_716 },
    });
  });

  it('stays current when the table was only compacted since', () => {
    const snapshots = [snapshot('2', 'current', 'replace'), snapshot('1', 'past')];
    expect(standing({ snapshots })[0]?.freshness).toBe('current');
  });

  it('that a run published before it was cut short is current, the others are behind', () => {
    const views = { [V]: { ...PUBLISHED, snapshot_id: '2' }, entity_view_w: PUBLISHED };
    const snapshots = [snapshot('2', 'current'), snapshot('1', 'past')];
    const found = standing({
      tables: { [V]: view(), entity_view_w: view() },
      published: { views },
      snapshots,
    });
    expect(found.map(({ freshness }) => freshness)).toEqual(['current', 'behind']);
  });

  it('that an earlier version published has no size, and is as fresh as any', () => {
    const { athena_bytes, glue_characters, published_at, snapshot_id, ...old } = PUBLISHED;
    const [found] = standing({ published: { views: { [V]: old } } });
    expect(found).toMatchObject({ freshness: 'current', size: null, published_at: null, snapshot_id: null });
  });
});
