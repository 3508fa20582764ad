import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VIEWS_FILE } from '../../../src/lake/custom-views/digest.ts';
import { customViewsObject } from '../../../src/lake/custom-views/read.ts';
import type { BaseFolder } from '../../../src/lake/preview/base-folder.ts';
import type { DataPreview } from '../../../src/lake/preview/preview.ts';
import { lakeBase } from '../../../src/verbs/base-folders.ts';
import { type PreviewOptions, previewData } from '../../../src/verbs/preview-data.ts';
import { BrokenFiles } from '../../../src/verbs/verb.ts';
import { checkout, committed, lakes, push } from './push-support.ts';
import { recordedConversation } from './support.ts';

const PLAIN: PreviewOptions = {
  policies: { mode: 'sync', removed_files: 'keep' },
  additionalColumns: 'refuse',
  names: undefined,
  views: { database: 'iceberg_db', table: 'entity_data', form: 'auto' },
  rules: { file: '/no-such-file', name: 'config/views.yml', sent: true },
  showValues: false,
};
const preview = (folder: string, base: BaseFolder, options: Partial<PreviewOptions> = {}) =>
  previewData(folder, base, { ...PLAIN, ...options }, recordedConversation());

const row = (entity1: string, id: string, key: string, value: string) =>
  `${entity1},x,y,${id},${key},${value}\n`;
const counts = ({ added, changed, removed }: { added: number; changed: number; removed: number }) => [
  added,
  changed,
  removed,
];

describe('the preview of a changed file', () => {
  it('tells added, changed and removed rows from those that only moved within it', async () => {
    const here = committed({
      'a.csv': row('otters', '1', 'k', 'v') + row('otters', '2', 'k', 'v') + row('otters', '3', 'k', 'v'),
      'b.csv': row('otters', '9', 'k', 'v'),
    });
    here.write(
      'a.csv',
      row('otters', '3', 'k', 'v') + row('otters', '1', 'k', 'w') + row('otters', '4', 'k', 'v'),
    );
    const { files, rows, views, unchanged } = await preview(here.folder, await here.base());
    expect(files).toEqual([
      {
        path: 'a.csv',
        change: 'changed',
        as: null,
        added: 1,
        changed: 1,
        removed: 1,
        rows_before: 3,
        rows_after: 3,
        rows_stay: false,
      },
    ]);
    expect(rows).toEqual({ before: 4, after: 4, added: 1, changed: 1, removed: 1 });
    expect(views.map(({ view, change }) => [view, change])).toEqual([['entity_view_otters', 'changes']]);
    expect(unchanged).toBe(1);
  });

  it('counts repeated rows one by one', async () => {
    const here = committed({ 'a.csv': row('o', '1', 'k', 'v') + row('o', '1', 'k', 'v') });
    here.write('a.csv', row('o', '1', 'k', 'v'));
    expect(counts((await preview(here.folder, await here.base())).rows)).toEqual([0, 0, 1]);
  });

  it('says nothing when only the order of rows changes', async () => {
    const here = committed({ 'a.csv': row('o', '1', 'k', 'v') + row('o', '2', 'k', 'v') });
    here.write('a.csv', row('o', '2', 'k', 'v') + row('o', '1', 'k', 'v'));
    const { rows, views } = await preview(here.folder, await here.base());
    expect(counts(rows)).toEqual([0, 0, 0]);
    expect(views).toEqual([]);
  });

  it('keeps old rows where the lake appends', async () => {
    const here = committed({ 'a.csv': row('o', '1', 'k', 'v') + row('o', '2', 'k', 'v') });
    here.write('a.csv', row('o', '1', 'k', 'w') + row('o', '2', 'k', 'v'));
    const options = { policies: { mode: 'append', removed_files: 'keep' } } as const;
    const { rows, conflicts } = await preview(here.folder, await here.base(), options);
    expect(rows).toEqual({ before: 2, after: 4, added: 2, changed: 0, removed: 0 });
    expect(conflicts).toMatchObject({ after: 1, new: 1 });
  });
});

describe('the preview of a folder', () => {
  it('knows files that are new, moved, copied and gone', async () => {
    const here = committed({
      'gone.csv': row('g', '1', 'k', 'v'),
      'old.csv': row('m', '1', 'k', 'v'),
      'same.csv': row('s', '1', 'k', 'v'),
    });
    here.remove('gone.csv');
    here.remove('old.csv');
    here.write('folder/moved.csv', row('m', '1', 'k', 'v'));
    here.write('copy.csv', row('s', '1', 'k', 'v'));
    here.write('new.csv', row('n', '1', 'k', 'v'));
    here.write('new-copy.csv', row('n', '1', 'k', 'v'));
    const result = await preview(here.folder, await here.base());
    expect(result.files.map(({ path, change, as }) => [path, change, as])).toEqual([
      ['copy.csv', 'copy', 'same.csv'],
      ['folder/moved.csv', 'moved', 'old.csv'],
      ['gone.csv', 'removed', null],
      ['new-copy.csv', 'new', null],
      ['new.csv', 'copy', 'new-copy.csv'],
    ]);
    expect(result.rows).toEqual({ before: 3, after: 4, added: 1, changed: 0, removed: 0 });
    expect(result.files[2]).toMatchObject({ rows_before: 1, rows_after: null, rows_stay: true });
  });

  it('takes the rows of removed files out where the lake does', async () => {
    const here = committed({ 'gone.csv': row('g', '1', 'k', 'v'), 'stays.csv': row('s', '1', 'k', 'v') });
    here.remove('gone.csv');
    const options = { policies: { mode: 'sync', removed_files: 'remove' } } as const;
    const { rows, views, limits } = await preview(here.folder, await here.base(), options);
    expect(rows).toEqual({ before: 2, after: 1, added: 0, changed: 0, removed: 1 });
    expect(views).toMatchObject([{ view: 'entity_view_g', change: 'empty', columns: 5, gone_columns: [] }]);
    expect(limits).toMatchObject([
      { level: 'over', text: expect.stringContaining('lose 50.0 % of its rows') },
    ]);
  });

  it('shows views that appear, columns that come and go, and names that give way', async () => {
    const here = committed({
      'a.csv': row('Birds', '1', 'Wing span (cm)', '7') + row('Birds', '1', 'old', '1'),
    });
    here.write(
      'a.csv',
      row('Birds', '1', 'Wing span (cm)', '7') +
        row('Birds', '1', 'wing_span_cm', '8') +
        row('birds', '1', 'entity1', 'x'),
    );
    const { views, collisions } = await preview(here.folder, await here.base());
    expect(views.map(({ view, change, columns }) => [view, change, columns])).toEqual([
      ['entity_view_birds', 'changes', 6],
      [expect.stringMatching(/^entity_view_birds_[0-9a-f]{8}$/), 'appears', 5],
    ]);
    expect(views[0]).toMatchObject({
      new_columns: [{ key: 'wing_span_cm', column: expect.stringMatching(/^wing_span_cm_[0-9a-f]{8}$/) }],
      gone_columns: [{ key: 'old', column: 'old' }],
    });
    expect(collisions).toMatchObject([
      { kind: 'view', text: 'birds', wanted: 'entity_view_birds', taken_by: 'Birds' },
      { kind: 'column', text: 'wing_span_cm', wanted: 'wing_span_cm', taken_by: 'Wing span (cm)' },
      { kind: 'column', text: 'entity1', wanted: 'entity1', taken_by: null },
    ]);
  });

  it('keeps the names that the lake has given', async () => {
    const here = committed({ 'a.csv': row('b', '1', 'k', 'v') });
    here.write('a.csv', row('b', '1', 'K', 'v'));
    const names = {
      version: 1,
      views: { b: 'entity_view_b' },
      columns: { b: { k: 'k_12345678', x: 'k' } },
      more: {},
      placed: {},
    } as const;
    const { views } = await preview(here.folder, await here.base(), { names });
    expect(views[0]?.gone_columns).toEqual([{ key: 'k', column: 'k_12345678' }]);
    expect(views[0]?.new_columns[0]?.column).toMatch(/^k_[0-9a-f]{8}$/);
  });

  it('finds cells that get a second value, across files, with their places and no value', async () => {
    const here = committed({
      'a.csv': row('o', '1', 'k', 'v') + row('o', '2', 'k', '1') + row('o', '2', 'k', '2'),
    });
    here.write('more/b.csv', row('o', '5', 'k', 'v') + row('o', '1', 'k', 'secret'));
    const { conflicts, value_changes } = await preview(here.folder, await here.base());
    expect(conflicts).toEqual({
      after: 2,
      new: 1,
      latest: false,
      examples: [
        {
          view: 'entity_view_o',
          column: 'k',
          places: [
            { path: 'a.csv', line: 2, was: false, value: null },
            { path: 'more/b.csv', line: 3, was: false, value: null },
          ],
        },
      ],
    });
    expect(value_changes).toEqual([]);
  });

  it('shows values only when it is told to', async () => {
    const here = committed({ 'a.csv': row('o', '1', 'k', 'first') });
    here.write('a.csv', row('o', '1', 'k', 'x'.repeat(70)));
    const { value_changes } = await preview(here.folder, await here.base(), { showValues: true });
    expect(value_changes).toEqual([
      {
        view: 'entity_view_o',
        column: 'k',
        places: [
          { path: 'a.csv', line: 2, was: true, value: 'first' },
          { path: 'a.csv', line: 2, was: false, value: `${'x'.repeat(60)}…` },
        ],
      },
    ]);
  });

  it('warns of keys that are too many for one view', async () => {
    const here = committed({ 'a.csv': row('o', '1', 'k', 'v') });
    const keys = Array.from({ length: 4400 }, (_, at) => row('o', '1', `key number ${at}`, 'v'));
    here.write('b.csv', keys.join(''));
    const { limits } = await preview(here.folder, await here.base());
    expect(limits).toMatchObject([
      {
        level: 'near',
        text: expect.stringMatching(
          /^entity_view_o would have 4,401 keys and take 87 % of the 262,144 bytes that Athena takes \(227,\d{3}\)/,
        ),
      },
    ]);
  });

  it('names broken files with every place, and still compares the others', async () => {
    const here = committed({ 'a.csv': row('o', '1', 'k', 'v'), 'b.csv': row('b', '1', 'k', 'v') });
    here.write('a.csv', 'o,x,y,1,,v\n');
    here.write('b.csv', row('b', '1', 'k', 'w'));
    const error = await preview(here.folder, await here.base()).catch((thrown: unknown) => thrown);
    if (!(error instanceof BrokenFiles)) throw error;
    const result = error.result as DataPreview;
    expect(error.files).toMatchObject([{ path: 'a.csv', breaches: [{ line: 2, name: 'key' }] }]);
    expect(result.files.map(({ path, change }) => [path, change])).toEqual([['b.csv', 'changed']]);
    expect(result.rows).toEqual({ before: 2, after: 2, added: 0, changed: 1, removed: 0 });
  });

  it('says how many files there are differ, and how many are gone', async () => {
    const here = committed({ 'a.csv': row('o', '1', 'k', 'v'), 'b.csv': row('b', '1', 'k', 'v') });
    const told = async () => {
      const conversation = recordedConversation();
      await previewData(here.folder, { ...(await here.base()), name: 'main' }, PLAIN, conversation);
      return conversation.said.at(-1);
    };
    expect(await told()).toBe('0 of 2 files differ from main');
    here.write('c.csv', row('o', '2', 'k', 'v'));
    here.remove('b.csv');
    expect(await told()).toBe('1 of 2 files differs from main, 1 is gone');
    here.remove('c.csv');
    here.write('a.csv', row('o', '2', 'k', 'w'));
    expect(await told()).toBe('1 of 1 file differs from main, 1 is gone');
  });
});

describe('beside a lake', () => {
  let account: Awaited<ReturnType<typeof lakes>>;
  beforeAll(async () => {
    account = await lakes();
  }, 60_000);
  afterAll(() => account.moto[Symbol.asyncDispose]());

  it('compares with what was pushed, without git', async () => {
    const lake = account.lake();
    const here = checkout();
    here.write('a.csv', row('o', '1', 'k', 'v'));
    here.write('b.csv', row('b', '1', 'k', 'v'));
    await push(lake, here);
    here.write('a.csv', row('o', '1', 'k', 'w') + row('o', '2', 'k', 'w'));
    const { base, rows, unchanged } = await preview(here.folder, await lakeBase(lake));
    expect(base).toBe('the lake test');
    expect(rows).toEqual({ before: 2, after: 3, added: 1, changed: 1, removed: 0 });
    expect(unchanged).toBe(1);
  });

  it('compares the rules of views with those that were sent', async () => {
    const lake = account.lake();
    const here = checkout();
    here.write('a.csv', row('o', '1', 'k', 'v') + row('o', '1', 'note', 'v'));
    await push(lake, here);
    const text = "views:\n  - pattern: '*'\n    leave_out: [note]\n";
    const file = join(here.folder, 'views.yml');
    writeFileSync(file, text);
    const key = lake.config.prefixes.config + VIEWS_FILE;
    const asked = async () =>
      preview(here.folder, await lakeBase(lake), { rules: { file, name: 'views.yml', sent: true } });
    expect((await asked()).views).toMatchObject([{ gone_columns: [{ key: 'note' }] }]);
    await lake.bucket.putIf(key, customViewsObject(text, file), 'if-absent');
    expect((await asked()).rules.changed).toBe(false);
    rmSync(file);
    expect((await asked()).views).toMatchObject([{ new_columns: [{ key: 'note' }], gone_columns: [] }]);
  });
});
