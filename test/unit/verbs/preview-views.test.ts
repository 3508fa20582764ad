import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataPreview } from '../../../src/lake/preview/preview.ts';
import type { Names } from '../../../src/lake/state.ts';
import { previewParts } from '../../../src/report/data-preview.ts';
import { parts } from '../../../src/report/markdown.ts';
import { commitBase } from '../../../src/verbs/base-folders.ts';
import { previewData } from '../../../src/verbs/preview-data.ts';
import { VerbFailure } from '../../../src/verbs/verb.ts';
import { checkout } from './push-support.ts';
import { recordedConversation } from './support.ts';

const row = (entity1: string, key: string, value = 'v') => `${entity1},x,y,1,${key},${value}\n`;
const rows = (entity1: string, keys: readonly string[]) => keys.map((key) => row(entity1, key)).join('');
/** Of the length of those of the users' sensors. */
const WIDE = Array.from({ length: 5300 }, (_, number) => `key number ${number}`);

/** A repository with data/ and config/views.yml, whose commit is previewed against. */
function repository(rules: string | undefined, files: Record<string, string>) {
  const here = checkout(mkdtempSync(join(tmpdir(), 'mydatahub-preview-views-')));
  const rulesFile = join(here.folder, 'config', 'views.yml');
  const write = (text: string) => writeFileSync(rulesFile, text);
  here.git('init', '--quiet');
  mkdirSync(join(here.folder, 'config'));
  if (rules !== undefined) write(rules);
  for (const [path, text] of Object.entries(files)) here.write(`data/${path}`, text);
  const commit = here.commit(1_700_000_000);
  const conversation = recordedConversation();
  return {
    data: (path: string, text: string) => here.write(`data/${path}`, text),
    rules: write,
    said: conversation.said,
    async preview(names?: Names): Promise<DataPreview> {
      const folder = join(here.folder, 'data');
      const base = await commitBase(folder, commit);
      return previewData(
        folder,
        { ...base, name: 'commit 0123456789ab' },
        {
          policies: { mode: 'sync', removed_files: 'keep' },
          additionalColumns: 'refuse',
          names,
          views: { database: 'iceberg_db', table: 'entity_data', form: 'auto' },
          rules: { file: rulesFile, name: 'config/views.yml', sent: true },
          showValues: false,
        },
        conversation,
      );
    },
  };
}
const markdown = (preview: DataPreview) => `${parts(...previewParts(preview, 'Data preview'))}\n`;

const RULES = `views:
  - pattern: '*'
    leave_out: [note, remark]
  - entity1: otters
    rename:
      Fur (cm): fur
    cast:
      weight: integer
    extra_columns:
      per_cm:
        expression: weight / 2
        type: decimal(8,2)
`;

describe('new data beside rules', () => {
  it('shows the columns that the rules make of it, and what stands in their way', async () => {
    const here = repository(RULES, { 'a.csv': rows('otters', ['weight']) });
    here.data('b.csv', rows('otters', ['Fur (cm)', 'fur', 'note', 'PER_CM']));
    const { views, collisions, rules } = await here.preview();
    expect(views).toMatchObject([
      {
        view: 'entity_view_otters',
        // Four of the entity, weight, the three below and the extra one.
        columns: 9,
        new_columns: [
          { key: 'Fur (cm)', column: 'fur' },
          { key: 'PER_CM', column: 'per_cm_88585a1c' },
          { key: 'fur', column: 'fur_be1130b7' },
        ],
        renamed_columns: [],
        by_rules: [],
      },
    ]);
    expect(collisions).toMatchObject([
      { text: 'PER_CM', wanted: 'per_cm', taken_by: null, by_rule: true },
      { text: 'fur', wanted: 'fur', taken_by: 'Fur (cm)', by_rule: true },
    ]);
    expect(rules).toEqual({
      file: 'config/views.yml',
      changed: false,
      sent: true,
      problems: [],
      refused: [],
      idle: [],
    });
  });

  it('says where rules cannot hold for the columns that there will be', async () => {
    const here = repository(undefined, { 'a.csv': rows('otters', ['fur', 'weight']) });
    here.rules(RULES);
    here.data('b.csv', rows('otters', ['Fur (cm)']));
    const { rules, views } = await here.preview();
    expect(views[0]?.new_columns).toEqual([]);
    expect(rules.refused).toEqual([
      {
        view: 'entity_view_otters',
        line: 6,
        problem: "the key 'Fur (cm)' cannot be named fur: 'fur' has that name",
      },
    ]);
  });
});

describe('rules that change', () => {
  it('are shown view by view, also when no source file changes', async () => {
    const here = repository(RULES, {
      'a.csv': rows('otters', ['Fur (cm)', 'weight', 'note']) + rows('seals', ['weight', 'remark']),
      'b.csv': rows('crabs', ['weight']),
    });
    here.rules(
      RULES.replace('[note, remark]', '[note]')
        .replace('Fur (cm): fur', 'Fur (cm): fur_cm')
        .replace('weight: integer', 'weight: decimal(6,1)')
        .replace('weight / 2', 'weight / 3')
        .concat('    filter: weight IS NOT NULL\n    comment: Otters\n')
        .concat(
          "  - entity1: otter\n    leave_out: [a]\n  - pattern: 's*'\n    cast:\n      wieght: integer\n",
        ),
    );
    const preview = await here.preview();
    expect(preview.files).toEqual([]);
    await expect(markdown(preview)).toMatchFileSnapshot('golden/preview-rules.md');
  });

  it('are none when they only stand elsewhere in the file', async () => {
    const here = repository(RULES, { 'a.csv': rows('otters', ['weight']) });
    here.rules(`# Views of the zoo\n${RULES}`);
    const { rules, views } = await here.preview();
    expect([rules.changed, views]).toEqual([false, []]);
  });

  it('that appear with the pull request are compared with none', async () => {
    const here = repository(undefined, { 'a.csv': rows('otters', ['note', 'weight']) });
    here.rules(RULES);
    const { rules, views } = await here.preview();
    expect(rules.changed).toBe(true);
    expect(views).toMatchObject([
      {
        view: 'entity_view_otters',
        gone_columns: [{ key: 'note', column: 'note' }],
        by_rules: ['weight becomes integer', 'the extra column per_cm appears (decimal(8,2))'],
      },
    ]);
  });

  it('that are broken fail with each place, and the data is shown by the rules of before', async () => {
    const here = repository(RULES, { 'a.csv': rows('otters', ['weight']) });
    here.rules(RULES.replace('weight: integer', 'weight: number').replace('leave_out', 'leave'));
    here.data('b.csv', rows('otters', ['note', 'Fur (cm)']));
    const error = await here.preview().catch((thrown: unknown) => thrown);
    if (!(error instanceof VerbFailure)) throw error;
    const preview = error.result as DataPreview;
    expect(preview.rules.problems.map(({ line, column }) => [line, column])).toEqual([
      [3, 5],
      [8, 7],
    ]);
    expect(here.said).toContainEqual(expect.stringContaining('config/views.yml:8:7: cast.weight: '));
    await expect(markdown(preview)).toMatchFileSnapshot('golden/preview-rules-broken.md');
  });
});

describe('more keys than one view can hold', () => {
  it('go to numbered views, and each new key is shown in its own', async () => {
    const here = repository(undefined, { 'a.csv': rows('wide', WIDE.slice(0, 5000)) });
    here.data('b.csv', rows('wide', [...WIDE.slice(5000, 5100), 'another key']));
    const preview = await here.preview();
    expect(preview.views).toMatchObject([
      {
        view: 'entity_view_wide',
        parts: [
          { view: 'entity_view_wide', change: 'changes' },
          { view: 'entity_view_wide_2', change: 'appears' },
        ],
      },
    ]);
    await expect(markdown(preview)).toMatchFileSnapshot('golden/preview-split.md');
  });

  it('go where the lake has room: into the last of its views', async () => {
    const here = repository(undefined, { 'a.csv': rows('wide', ['a', 'b']) });
    here.data('b.csv', rows('wide', ['0']));
    const { views } = await here.preview({
      version: 1,
      views: { wide: 'entity_view_wide' },
      columns: { wide: { a: 'a', b: 'b' } },
      more: { wide: ['entity_view_wide_2'] },
      placed: { wide: { b: 1 } },
    });
    expect(views[0]?.parts).toMatchObject([
      { view: 'entity_view_wide', change: 'same', columns: 5 },
      {
        view: 'entity_view_wide_2',
        change: 'changes',
        columns: 6,
        new_columns: [{ key: '0', column: 'k_0' }],
      },
    ]);
  });

  it('go to views that only the job knows, where rules give values types', async () => {
    const rule = "views:\n  - pattern: '*'\n    cast:\n      key number 7: integer\n";
    const here = repository(rule, { 'a.csv': rows('wide', WIDE.slice(0, 4900)) });
    here.data('b.csv', rows('wide', ['another key']));
    const { limits, views } = await here.preview();
    expect(limits).toMatchObject([{ level: 'unknown', text: expect.stringContaining('is not known here') }]);
    expect(views[0]?.parts).toEqual([]);
  });

  it('are told by their sentence when one key is too long for any view', async () => {
    const here = repository(undefined, { 'a.csv': rows('odd', ['a']) });
    here.data('b.csv', rows('odd', ['k'.repeat(270_000)]));
    const { limits } = await here.preview();
    expect(limits.map(({ level }) => level)).toContain('over');
    expect(limits.find(({ level }) => level === 'over')?.text).toContain(
      'entity_view_odd_2 would have 1 key',
    );
  });
});
