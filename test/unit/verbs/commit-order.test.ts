import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lake } from '../../../src/lake/lake.ts';
import { readManifest } from '../../../src/lake/manifest.ts';
import { type Checkout, checkout, lakes, push } from './push-support.ts';

let on: Awaited<ReturnType<typeof lakes>>;
beforeAll(async () => {
  on = await lakes();
}, 90_000);
afterAll(() => on.moto[Symbol.asyncDispose]());

const T = 1_700_000_000;

/** A repository with two commits, of which the lake holds the second. */
async function pushedTwice(): Promise<{ lake: Lake; data: Checkout; first: string; second: string }> {
  const lake = on.lake();
  const data = checkout();
  data.git('init', '--quiet');
  data.write('a.csv', 'e,a,b,c,k,old\n');
  const first = data.commit(T);
  data.write('a.csv', 'e,a,b,c,k,new\n');
  const second = data.commit(T + 60);
  await push(lake, data);
  return { lake, data, first, second };
}

/** A checkout as actions/checkout makes it: one commit, no history. */
function shallow({ folder }: Checkout, commit: string): Checkout {
  const clone = checkout(mkdtempSync(join(tmpdir(), 'mydatahub-shallow-')));
  clone.git('init', '--quiet');
  clone.git('fetch', '--quiet', '--depth=1', `file://${folder}`, commit);
  clone.git('checkout', '--quiet', 'FETCH_HEAD');
  return clone;
}

describe('the commit of a push', () => {
  it('is kept in the manifest with its time', async () => {
    const { lake, second } = await pushedTwice();
    const { commit, files } = await readManifest(lake);
    expect(commit).toEqual({ sha: second, time: new Date((T + 60) * 1000).toISOString() });
    expect(files).toMatchObject([{ path: 'a.csv', commit: second }]);
  });

  it('that is older than what the lake holds is refused, and nothing is sent', async () => {
    const { lake, data, first, second } = await pushedTwice();
    data.git('checkout', '--quiet', first);
    const before = on.keys.length;
    await expect(push(lake, data)).rejects.toMatchObject({
      message: expect.stringContaining(`commit ${first.slice(0, 12)} is older`),
      where: expect.stringContaining(second.slice(0, 12)),
      cure: expect.stringContaining('git revert'),
    });
    expect(on.keys.length).toBe(before);
  });

  it('that is older is refused in a clone without history as well', async () => {
    const { lake, data, first } = await pushedTwice();
    await expect(push(lake, shallow(data, first))).rejects.toThrow('is older');
  });

  it('that comes later is taken, with history and without', async () => {
    const { lake, data } = await pushedTwice();
    data.write('a.csv', 'e,a,b,c,k,third\n');
    // Clocks of committers go wrong; the history does not.
    data.commit(T - 1000);
    expect((await push(lake, data)).sent).toHaveLength(1);
    data.write('a.csv', 'e,a,b,c,k,fourth\n');
    const fourth = data.commit(T + 120);
    expect((await push(lake, shallow(data, fourth))).sent).toHaveLength(1);
  });

  it('that brings old data back on purpose, as a new commit, is taken', async () => {
    const { lake, data } = await pushedTwice();
    data.write('a.csv', 'e,a,b,c,k,old\n');
    data.commit(T + 120);
    expect((await push(lake, data)).sent).toMatchObject([{ path: 'a.csv', reason: 'changed' }]);
  });

  it('is not known without git, and that is said', async () => {
    const { lake } = await pushedTwice();
    const copy = checkout();
    copy.write('a.csv', 'e,a,b,c,k,by hand\n');
    expect((await push(lake, copy)).said).toContain('no git history');
  });

  it('stands in the manifest before the first object is sent, so that an interrupted push is not undone by an older one', async () => {
    const { lake, data, second } = await pushedTwice();
    data.write('a.csv', 'e,a,b,c,k,third\n');
    const third = data.commit(T + 120);
    const cut = { ...lake.bucket, putIf: lake.bucket.putIf };
    cut.putIf = (key, ...rest) =>
      key.endsWith('.csv') ? Promise.reject(new Error('cut')) : lake.bucket.putIf(key, ...rest);
    await expect(push({ ...lake, bucket: cut }, data)).rejects.toThrow('cut');
    expect((await readManifest(lake)).commit?.sha).toBe(third);
    data.git('checkout', '--quiet', second);
    await expect(push(lake, data)).rejects.toThrow('is older');
    data.git('checkout', '--quiet', third);
    expect((await push(lake, data)).sent).toHaveLength(1);
  });
});
