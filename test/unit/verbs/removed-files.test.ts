import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../../src/lake/manifest.ts';
import { checkout, lakes, push } from './push-support.ts';

let on: Awaited<ReturnType<typeof lakes>>;
beforeAll(async () => {
  on = await lakes();
}, 90_000);
afterAll(() => on.moto[Symbol.asyncDispose]());

describe('files that were removed from the folder, with removed_files = remove', () => {
  it('leave the lake, and the manifest says since when and by which commit', async () => {
    const lake = on.lake('remove');
    const data = checkout();
    data.fill('a.csv', 9);
    data.fill('b.csv', 1);
    await push(lake, data);
    data.remove('b.csv');
    const { removed, kept, said } = await push(lake, data);
    expect({ removed, kept }).toEqual({ removed: ['b.csv'], kept: [] });
    expect(said).toContain('b.csv is not in');
    const manifest = await readManifest(lake);
    expect(manifest.files.map(({ path }) => path)).toEqual(['a.csv']);
    expect(manifest.removed).toEqual([
      {
        path: 'b.csv',
        key: `${lake.config.prefixes.raw}b.csv`,
        commit: process.env.GITHUB_SHA ?? null,
        removed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        confirmed: false,
      },
    ]);
    expect(await lake.bucket.head(`${lake.config.prefixes.raw}b.csv`)).toBeUndefined();
    const before = on.keys.length;
    expect((await push(lake, data)).removed).toEqual([]);
    expect(on.keys.length).toBe(before);
  });

  it('are forgotten as removed when they come back', async () => {
    const lake = on.lake('remove');
    const data = checkout();
    data.fill('a.csv', 9);
    data.fill('b.csv', 1);
    await push(lake, data);
    data.remove('b.csv');
    await push(lake, data);
    data.fill('b.csv', 1);
    expect((await push(lake, data)).sent).toMatchObject([{ path: 'b.csv', reason: 'new' }]);
    expect((await readManifest(lake)).removed).toEqual([]);
  });

  it('stop the push when they hold more than 20 % of the rows, until somebody confirms it', async () => {
    const lake = on.lake('remove');
    const data = checkout();
    data.fill('a.csv', 79);
    data.fill('b.csv', 21);
    await push(lake, data);
    data.remove('b.csv');
    data.fill('new.csv', 1000);
    const before = on.keys.length;
    await expect(push(lake, data)).rejects.toMatchObject({
      message: expect.stringContaining('21 % of the rows'),
      where: expect.stringContaining('b.csv'),
      // Without the folder, the cure would push another one.
      cure: expect.stringContaining(`upload-data --data ${data.folder} --confirm-removals --lake test`),
    });
    expect(on.keys.length).toBe(before);
    expect((await push(lake, data, true)).removed).toEqual(['b.csv']);
    expect((await readManifest(lake)).removed).toMatchObject([{ path: 'b.csv', confirmed: true }]);
  });

  it('may hold up to 20 % of them', async () => {
    const lake = on.lake('remove');
    const data = checkout();
    data.fill('a.csv', 80);
    data.fill('b.csv', 20);
    await push(lake, data);
    data.remove('b.csv');
    expect((await push(lake, data)).removed).toEqual(['b.csv']);
  });

  it('lose nothing when their content stays under another name', async () => {
    const lake = on.lake('remove');
    const data = checkout();
    data.write('old.csv', 'e,a,b,c,k,v\n');
    await push(lake, data);
    data.remove('old.csv');
    data.write('new.csv', 'e,a,b,c,k,v\n');
    expect(await push(lake, data)).toMatchObject({
      sent: [{ path: 'new.csv', rows: 1 }],
      removed: ['old.csv'],
    });
  });
});

describe('with removed_files = keep', () => {
  it('a removed file keeps its object, its entry and its rows', async () => {
    const lake = on.lake('keep');
    const data = checkout();
    data.fill('a.csv', 1);
    data.fill('b.csv', 99);
    await push(lake, data);
    data.remove('b.csv');
    expect(await push(lake, data)).toMatchObject({ kept: ['b.csv'], removed: [] });
    const { files, removed } = await readManifest(lake);
    expect([files.length, removed]).toEqual([2, []]);
  });
});
