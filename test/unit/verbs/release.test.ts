import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lake } from '../../../src/lake/lake.ts';
import { readHolds } from '../../../src/lake/lake-state.ts';
import type { HeldContent } from '../../../src/lake/state.ts';
import { release } from '../../../src/verbs/release.ts';
import { lakes } from './push-support.ts';
import { recordedConversation } from './support.ts';

let on: Awaited<ReturnType<typeof lakes>>;
beforeAll(async () => {
  on = await lakes();
}, 90_000);
afterAll(() => on.moto[Symbol.asyncDispose]());

const content = (path: string, sha256 = 'f'.repeat(64)): HeldContent => ({
  path,
  sha256,
  rows: 2,
  held_at: '2026-01-01T00:00:00Z',
  snapshot_id: '1',
});

async function holding(...contents: HeldContent[]): Promise<Lake> {
  const lake = on.lake();
  const key = `${lake.config.prefixes.state}holds.json`;
  await lake.bucket.putIf(key, JSON.stringify({ version: 1, contents }), 'if-absent');
  return lake;
}

describe('release', () => {
  it('shows what is held and changes nothing when no path is named', async () => {
    const lake = await holding(content('b.csv', ''), content('a.csv'));
    const before = on.keys.length;
    const conversation = recordedConversation();
    const result = await release(lake, { paths: [], all: false }, conversation);
    expect([result.released, result.held.map(({ path }) => path)]).toEqual([[], ['a.csv', 'b.csv']]);
    expect(conversation.said[0]).toMatch(/^held: a\.csv \(2 rows, SHA-256 ffffffffffff, since 2026/);
    expect(conversation.said[1]).toContain('b.csv (its removal,');
    expect(on.keys.length).toBe(before);
  });

  it('lets go of every content of the paths that are named', async () => {
    const lake = await holding(content('a.csv'), content('a.csv', 'e'.repeat(64)), content('b.csv'));
    const { released } = await release(lake, { paths: ['a.csv'], all: false }, recordedConversation());
    expect(released).toHaveLength(2);
    expect((await readHolds(lake))?.contents.map(({ path }) => path)).toEqual(['b.csv']);
  });

  it('lets go of everything when it is asked to', async () => {
    const lake = await holding(content('a.csv'), content('b.csv'));
    await release(lake, { paths: [], all: true }, recordedConversation());
    expect((await readHolds(lake))?.contents).toEqual([]);
  });

  it('keeps what is held meanwhile', async () => {
    const lake = await holding(content('a.csv'));
    const key = `${lake.config.prefixes.state}holds.json`;
    let raced = false;
    const putIf: Lake['bucket']['putIf'] = async (...args) => {
      if (!raced) {
        raced = true;
        const contents = [content('a.csv'), content('late.csv')];
        await lake.bucket.put(key, Buffer.from(JSON.stringify({ version: 1, contents })));
      }
      return lake.bucket.putIf(...args);
    };
    const racing = { ...lake, bucket: { ...lake.bucket, putIf } };
    await release(racing, { paths: ['a.csv'], all: false }, recordedConversation());
    expect((await readHolds(lake))?.contents.map(({ path }) => path)).toEqual(['late.csv']);
  });

  it('refuses a path that is not held, and releases nothing', async () => {
    const lake = await holding(content('a.csv'));
    const refused = release(lake, { paths: ['a.csv', 'x.csv'], all: false }, recordedConversation());
    await expect(refused).rejects.toMatchObject({ where: 'x.csv' });
    expect((await readHolds(lake))?.contents).toHaveLength(1);
  });

  it('says that nothing is held', async () => {
    const conversation = recordedConversation();
    expect(await release(on.lake(), { paths: [], all: true }, conversation)).toEqual({
      released: [],
      held: [],
    });
    expect(conversation.said).toEqual(['nothing is held']);
  });
});
