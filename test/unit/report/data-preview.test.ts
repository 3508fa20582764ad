import { describe, expect, it } from 'vitest';
import { packed } from '../../../src/actions/preview-comment.ts';
import { breach } from '../../../src/lake/contract/breach.ts';
import type { DataPreview } from '../../../src/lake/preview/preview.ts';
import { previewParts, previewSentence } from '../../../src/report/data-preview.ts';
import { parts } from '../../../src/report/markdown.ts';

const NOTHING: DataPreview = {
  base: 'commit 0123456789ab',
  rows: { before: 100, after: 100, added: 0, changed: 0, removed: 0 },
  files: [],
  unchanged: 2,
  views: [],
  rules: { file: 'config/views.yml', changed: false, sent: true, problems: [], refused: [], idle: [] },
  collisions: [],
  conflicts: { after: 0, new: 0, latest: false, examples: [] },
  value_changes: [],
  limits: [],
  broken: [],
  mode: 'sync',
  names_of_lake: true,
};
const PLAIN = { renamed_columns: [], by_rules: [], parts: [] };
const named = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ key: `Key ${at}`, column: `key_${at}` }));
const FULL: DataPreview = {
  ...NOTHING,
  rows: { before: 20_000, after: 15_600, added: 1_234, changed: 5, removed: 5_634 },
  files: [
    {
      path: 'a|b.csv',
      change: 'changed',
      as: null,
      added: 1_000,
      changed: 5,
      removed: 0,
      rows_before: 9_000,
      rows_after: 10_000,
      rows_stay: false,
    },
    {
      path: 'copy.csv',
      change: 'copy',
      as: 'a.csv',
      added: 0,
      changed: 0,
      removed: 0,
      rows_before: null,
      rows_after: 3,
      rows_stay: false,
    },
    {
      path: 'gone.csv',
      change: 'removed',
      as: null,
      added: 0,
      changed: 0,
      removed: 0,
      rows_before: 7,
      rows_after: null,
      rows_stay: true,
    },
    {
      path: 'moved.csv',
      change: 'moved',
      as: 'old.csv',
      added: 0,
      changed: 0,
      removed: 0,
      rows_before: 8,
      rows_after: 8,
      rows_stay: false,
    },
    {
      path: 'new.csv',
      change: 'new',
      as: null,
      added: 234,
      changed: 0,
      removed: 0,
      rows_before: null,
      rows_after: 234,
      rows_stay: false,
    },
  ],
  views: [
    {
      view: 'entity_view_otters',
      entity1: 'otters',
      change: 'appears',
      added: 234,
      changed: 0,
      removed: 0,
      columns: 6,
      new_columns: [
        { key: 'Größe', column: 'gro_e' },
        { key: 'k', column: 'k' },
      ],
      gone_columns: [],
      ...PLAIN,
    },
    {
      view: 'entity_view_wide',
      entity1: 'wide',
      change: 'changes',
      added: 1_000,
      changed: 5,
      removed: 0,
      columns: 54,
      new_columns: named(20),
      gone_columns: [...named(12), { key: 'old', column: 'old' }],
      ...PLAIN,
    },
    {
      view: 'entity_view_empty',
      entity1: 'empty',
      change: 'empty',
      added: 0,
      changed: 0,
      removed: 5_634,
      columns: 17,
      new_columns: [],
      gone_columns: [],
      ...PLAIN,
    },
  ],
  collisions: [
    {
      kind: 'column',
      text: 'K',
      view: 'entity_view_otters',
      wanted: 'k',
      name: 'k_86be9a55',
      taken_by: 'k',
      by_rule: false,
    },
    {
      kind: 'view',
      text: 'Otters',
      view: 'entity_view_otters_1234abcd',
      wanted: 'entity_view_otters',
      name: 'entity_view_otters_1234abcd',
      taken_by: 'otters',
      by_rule: false,
    },
  ],
  conflicts: {
    after: 3,
    new: 1,
    latest: false,
    examples: [
      {
        view: 'entity_view_wide',
        column: 'old',
        places: [
          { path: 'a.csv', line: 12, was: false, value: null },
          { path: 'b.csv', line: 3, was: false, value: null },
        ],
      },
    ],
  },
  value_changes: [
    {
      view: 'entity_view_wide',
      column: 'old',
      places: [
        { path: 'a.csv', line: 12, was: true, value: '1|2' },
        { path: 'a.csv', line: 13, was: false, value: '`3`' },
      ],
    },
  ],
  limits: [
    { level: 'near', text: 'big.csv has 60 MiB' },
    { level: 'over', text: 'the table would lose 22.0 % of its rows' },
  ],
  mode: 'append',
  names_of_lake: false,
};

describe('the preview as Markdown', () => {
  it('shows files, views, names, conflicts and limits', async () => {
    const markdown = parts(...previewParts(FULL, 'Data preview for dev'));
    await expect(`${markdown}\n`).toMatchFileSnapshot('golden/data-preview.md');
  });

  it('begins with the places to mend when files are broken', async () => {
    const broken = [
      {
        path: 'more/b.csv',
        breaches: [
          breach('EMPTY_REQUIRED', 4, 5),
          breach('FIELD_COUNT', 9, 7, '7 fields where 6 are expected'),
        ],
        more: 3,
      },
    ];
    const markdown = parts(...previewParts({ ...NOTHING, broken }, 'Data preview'));
    await expect(`${markdown}\n`).toMatchFileSnapshot('golden/data-preview-broken.md');
  });

  it('says in one sentence when nothing changes', () => {
    expect(previewSentence(NOTHING)).toBe('No source file changes.');
    expect(previewSentence({ ...NOTHING, files: FULL.files.slice(1, 2) })).toBe(
      '1 file differs; no row changes.',
    );
  });

  it('fits into comments whole, however many files and keys there are', () => {
    const [file] = FULL.files;
    const [view] = FULL.views;
    if (file === undefined || view === undefined) throw new Error('the sample is empty');
    const path = 'x'.repeat(800);
    const key = '😀'.repeat(300);
    const many = {
      ...FULL,
      files: Array.from({ length: 400 }, (_, at) => ({ ...file, path: `${path}${at}.csv` })),
      views: Array.from({ length: 200 }, () => ({
        ...view,
        new_columns: named(500).map((one) => ({ ...one, key })),
      })),
    };
    const bodies = packed(previewParts(many, 'Data preview'), 65_000);
    expect(bodies.length).toBeGreaterThan(5);
    for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_000);
    const all = bodies.join('\n');
    for (let at = 0; at < 400; at++) expect(all).toContain(`${path}${at}.csv`);
  });
});
