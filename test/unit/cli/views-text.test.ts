import { describe, expect, it } from 'vitest';
import { diffText, listText, showText, sqlText } from '../../../src/cli/views-text.ts';
import type { ViewStanding } from '../../../src/lake/view-standing.ts';
import type { ViewsDiffResult } from '../../../src/verbs/views-diff.ts';
import type { ViewsShowResult } from '../../../src/verbs/views-show.ts';

const ENTITY = ['entity1', 'entity2', 'entity3', 'entity4'];
const STANDING: ViewStanding = {
  view: 'entity_view_penguins',
  entity1: 'penguins',
  athena: 'ok',
  spark: 'ok',
  freshness: 'current',
  why: null,
  columns: [...ENTITY, 'bill_length_mm', 'sex'],
  published_columns: [...ENTITY, 'bill_length_mm', 'sex'],
  published_at: '2026-01-02T03:04:05Z',
  snapshot_id: '9007199254740993',
  size: { athena_bytes: 235_930, athena_percent: 90, glue_characters: 235_400, glue_percent: 58 },
};
const STALE: ViewStanding = {
  ...STANDING,
  view: 'entity_view_by_hand',
  entity1: null,
  spark: 'stale',
  freshness: 'differs',
  why: 'the dialect SPARK is stale: the other one was changed by force',
  published_at: null,
  snapshot_id: null,
  size: null,
};
const LIST = { database: 'iceberg_db', snapshot_id: '9007199254740993', views: [STALE, STANDING] };

const { published_columns: _, columns: __, ...facts } = STANDING;
const SHOWN: ViewsShowResult = {
  ...facts,
  database: 'iceberg_db',
  columns: [
    ...ENTITY.map((column) => ({ column, type: 'string', kind: 'entity', original_key: null }) as const),
    { column: 'bill_length', type: 'decimal(5,2)', kind: 'renamed', original_key: 'Bill length (mm)' },
    { column: 'sex', type: 'string', kind: 'key', original_key: 'sex' },
    { column: 'bill_ratio', type: 'decimal(8,4)', kind: 'extra', original_key: null },
    { column: 'by_hand', type: null, kind: 'unknown', original_key: null },
  ],
  sql: { athena: 'SELECT "a" FROM "t"', spark: 'SELECT `a` FROM `t`' },
};

const DIFF: ViewsDiffResult = {
  warnings: [],
  warnings_more: 0,
  database: 'iceberg_db',
  known_by: 'state',
  snapshot_id: '2',
  views: [
    {
      view: 'entity_view_new',
      entity1: 'new',
      change: 'create',
      why: 'it was published and is not in the catalog any more',
      columns_now: [],
      columns_wanted: [...ENTITY, 'k'],
      types_changed: [],
      types_new: {},
    },
    {
      view: 'entity_view_old',
      entity1: 'old',
      change: 'drop',
      why: 'no row of its entity1 is left',
      columns_now: ENTITY,
      columns_wanted: ENTITY,
      types_changed: [],
      types_new: {},
    },
    {
      view: 'entity_view_weather',
      entity1: 'weather',
      change: 'update',
      why: 'it has other columns than were published: somebody changed it',
      columns_now: [...ENTITY, 'rain', 'sun'],
      columns_wanted: [...ENTITY, 'rain', 'wind_m_s', 'z'],
      types_changed: [],
      types_new: {},
    },
  ],
  unchanged: 2,
  not_known: {
    what: 'which entity1 and keys there are now, and so which views are new or get other columns',
    why: 'the table has moved from snapshot 1 to 2 (1 commit: a.csv added)',
    cure: 'npx mydatahub views diff --job --lake dev (a dry run of create-views-dual-engine, which changes nothing)',
  },
};

describe('the views for people', () => {
  it('are one line each in a list', async () => {
    await expect(listText(LIST, 'table')).toMatchFileSnapshot('golden/views-list.txt');
  });

  it('are shown in full one by one', async () => {
    await expect(showText(SHOWN, 'table')).toMatchFileSnapshot('golden/views-show.txt');
    expect(showText({ ...SHOWN, sql: null }, 'table')).toMatch(/The SQL is not known: .*earlier version/);
  });

  it('differ column by column, and what is not known is said with its cure', async () => {
    await expect(diffText(DIFF, 'table')).toMatchFileSnapshot('golden/views-diff.txt');
    expect(diffText({ ...DIFF, views: [], not_known: null }, 'table')).toBe(
      'nothing to change, 2 views unchanged\n',
    );
    const nothing = diffText({ ...DIFF, views: [] }, 'table');
    expect(nothing).toMatch(/^KNOWN: 2 views as the last run left them\nNOT KNOWN: which entity1 and keys/);
    expect(nothing).not.toMatch(/nothing to change|unchanged/);
    expect(diffText({ ...DIFF, views: [], unchanged: 0 }, 'table')).toMatch(/^KNOWN: no view is published\n/);
    const views: ViewsDiffResult['views'] = [
      {
        view: 'entity_view_w',
        entity1: 'w',
        change: 'refuse',
        why: 'config/views.yml:3: no',
        columns_now: [],
        columns_wanted: [],
        types_changed: [],
        types_new: {},
      },
    ];
    expect(diffText({ ...DIFF, views, not_known: null }, 'table')).toBe(
      '! iceberg_db.entity_view_w: NOT published, and it is not there yet: config/views.yml:3: no\n1 view above, 2 views unchanged\n',
    );
    const there = views.map((view) => ({ ...view, columns_now: ENTITY, columns_wanted: ENTITY }));
    expect(diffText({ ...DIFF, views: there, not_known: null }, 'table')).toBe(
      '! iceberg_db.entity_view_w: NOT published, it stays as it was: config/views.yml:3: no\n1 view above, 2 views unchanged\n',
    );
  });

  it('differ in the types of columns, as a dry run of the publisher has found', async () => {
    const typed: ViewsDiffResult = {
      ...DIFF,
      known_by: 'job',
      not_known: null,
      views: [
        {
          view: 'entity_view_penguins',
          entity1: 'penguins',
          change: 'update',
          why: 'new: bill_ratio, label; other types: body_mass_g bigint, year string',
          columns_now: [...ENTITY, 'body_mass_g', 'sex', 'year'],
          columns_wanted: [...ENTITY, 'body_mass_g', 'sex', 'year', 'bill_ratio', 'label'],
          types_changed: [
            { column: 'body_mass_g', now: 'string', wanted: 'bigint' },
            { column: 'year', now: 'date', wanted: 'string' },
          ],
          types_new: { bill_ratio: 'decimal(8,4)' },
        },
      ],
    };
    await expect(diffText(typed, 'table')).toMatchFileSnapshot('golden/views-diff-types.txt');
    expect(diffText(typed, 'csv').split('\r\n')[1]).toMatch(
      /,bill_ratio label,"",body_mass_g string -> bigint; year date -> string,"bill_ratio decimal\(8,4\)"$/,
    );
  });
});

describe('a view of many columns', () => {
  const names = Array.from({ length: 300 }, (_, number) => `key_${number}`);
  const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

  it('is shown with a column a line', () => {
    const columns = names.map(
      (column) => ({ column, type: 'string', kind: 'key', original_key: column }) as const,
    );
    const text = showText({ ...SHOWN, columns, sql: { athena: 'SELECT 1', spark: 'SELECT 1' } }, 'table');
    expect(text.match(/^key_\d+ /gm)).toHaveLength(300);
    expect(longest(text)).toBeLessThan(160);
  });

  it('differs with a column a line', () => {
    const change = {
      entity1: 'w',
      change: 'update',
      why: 'new: key_0 and 299 more',
      columns_now: ENTITY,
    } as const;
    const views = [
      { ...change, view: 'w', columns_wanted: [...ENTITY, ...names], types_changed: [], types_new: {} },
    ];
    const text = diffText({ ...DIFF, views, not_known: null }, 'table');
    expect(text.match(/^ {2}\+key_\d+$/gm)).toHaveLength(300);
    expect(longest(text)).toBeLessThan(80);
  });
});

describe('the views for programs', () => {
  it('are CSV with nothing where nothing is known', () => {
    const [head, stale] = listText(LIST, 'csv').split('\r\n');
    expect(head).toBe('view,entity1,columns,ATHENA,SPARK,freshness,published,snapshot,size');
    expect(stale).toBe('entity_view_by_hand,,6,ok,stale,differs,,,');
    expect(showText(SHOWN, 'csv').split('\r\n').slice(4, 6)).toEqual([
      'entity4,string,entity,',
      'bill_length,"decimal(5,2)",renamed,Bill length (mm)',
    ]);
    expect(diffText(DIFF, 'csv').split('\r\n')[3]).toBe(
      'entity_view_weather,weather,update,it has other columns than were published: somebody changed it,wind_m_s z,sun,"",""',
    );
  });

  it('are the SQL alone, to be piped', () => {
    const shown = { view: 'v', dialect: 'spark', sql: 'SELECT 1' } as const;
    expect(sqlText(shown, 'table')).toBe('SELECT 1\n');
    expect(sqlText(shown, 'csv')).toBe('view,dialect,sql\r\nv,spark,SELECT 1\r\n');
  });

  it('are JSON as the verb gives them', () => {
    expect(JSON.parse(showText(SHOWN, 'json'))).toEqual(SHOWN);
    expect(JSON.parse(diffText(DIFF, 'json'))).toEqual(DIFF);
    expect(JSON.parse(listText(LIST, 'json'))).toEqual(LIST);
  });
});
