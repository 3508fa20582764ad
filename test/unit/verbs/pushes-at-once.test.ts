import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PART_SIZE } from '../../../src/aws/content-digest.ts';
import type { Bucket } from '../../../src/aws/s3.ts';
import type { Lake } from '../../../src/lake/lake.ts';
import { readManifest } from '../../../src/lake/manifest.ts';
import { checkout, lakes, push } from './push-support.ts';

vi.setConfig({ testTimeout: 60_000 });
let on: Awaited<ReturnType<typeof lakes>>;
beforeAll(async () => {
  on = await lakes();
}, 90_000);
afterAll(() => on.moto[Symbol.asyncDispose]());

/** Every object of the raw prefix is what the manifest says it is. */
async function expectConsistent(lake: Lake): Promise<void> {
  const { files } = await readManifest(lake);
  const objects = await lake.bucket.list(lake.config.prefixes.raw);
  expect(objects.map(({ key, etag }) => [key, etag])).toEqual(files.map(({ key, etag }) => [key, etag]));
}

describe('pushes at the same time', () => {
  it('of six folders all end in the manifest', async () => {
    const lake = on.lake();
    const folders = Array.from({ length: 6 }, (_, index) => {
      const data = checkout();
      for (let file = 0; file < 10; file++) data.fill(`${index}/${file}.csv`, 2);
      return data;
    });
    await Promise.all(folders.map((data) => push(lake, data)));
    expect((await readManifest(lake)).files).toHaveLength(60);
    await expectConsistent(lake);
  });

  it('of the same folder send it once between them, and both succeed', async () => {
    const lake = on.lake();
    const data = checkout();
    for (let file = 0; file < 20; file++) data.fill(`${file}.csv`, 2);
    const before = on.keys.length;
    const both = await Promise.all([push(lake, data), push(lake, data)]);
    for (const { sent, found, unchanged } of both)
      expect(sent.length + found.length + unchanged.length).toBe(20);
    expect(on.keys.slice(before).filter((key) => key.endsWith('manifest.json')).length).toBeGreaterThan(0);
    expect((await readManifest(lake)).files).toHaveLength(20);
    await expectConsistent(lake);
  });

  it('that correct the same file leave the object and the entry of one of them', async () => {
    const lake = on.lake();
    const [one, two] = [checkout(), checkout()];
    one.write('a.csv', 'e,a,b,c,k,first\n');
    await push(lake, one);
    one.write('a.csv', 'e,a,b,c,k,one\n');
    two.write('a.csv', 'e,a,b,c,k,two\n');
    await Promise.all([push(lake, one), push(lake, two)]);
    await expectConsistent(lake);
  });
});

describe('a push that ended before it wrote the manifest', () => {
  function dyingAtManifest(lake: Lake): Lake {
    const putIf: Bucket['putIf'] = (key, ...rest) =>
      key.endsWith('manifest.json') ? Promise.reject(new Error('killed')) : lake.bucket.putIf(key, ...rest);
    return { ...lake, bucket: { ...lake.bucket, putIf } };
  }

  it('is finished by the next one, which sends no file again', async () => {
    const lake = on.lake();
    const data = checkout();
    data.fill('a.csv', 2);
    data.write('large.csv', `e,a,b,c,k,"${randomBytes(PART_SIZE / 32).toString('hex')}"\n`.repeat(18));
    await expect(push(dyingAtManifest(lake), data)).rejects.toThrow('killed');
    const before = on.keys.length;
    const { sent, found } = await push(lake, data);
    expect([sent, found.map(({ path }) => path)]).toEqual([[], ['a.csv', 'large.csv']]);
    expect(on.keys.slice(before)).toEqual([`${lake.config.prefixes.state}manifest.json`]);
    await expectConsistent(lake);
    expect((await push(lake, data)).unchanged).toHaveLength(2);
  });

  it('is not taken for the content that is pushed now when only the size is the same', async () => {
    const lake = on.lake();
    const data = checkout();
    data.write('a.csv', 'e,a,b,c,k,one\n');
    await expect(push(dyingAtManifest(lake), data)).rejects.toThrow('killed');
    data.write('a.csv', 'e,a,b,c,k,two\n');
    expect((await push(lake, data)).sent).toMatchObject([{ path: 'a.csv' }]);
    expect((await lake.bucket.text(`${lake.config.prefixes.raw}a.csv`))?.body).toContain('two');
  });
});

describe('an upload in parts that nobody goes on with', () => {
  it('stays for an hour, because somebody may be sending it, and is cleared after that', async () => {
    const lake = on.lake();
    const data = checkout();
    data.fill('a.csv', 1);
    const key = `${lake.config.prefixes.raw}other.csv`;
    const upload = await lake.bucket.multipart.begin(key);
    const { cleared, said } = await push(lake, data);
    expect(cleared).toEqual([]);
    expect(said).toContain(`an upload of ${key} is open since`);
    const soon = Date.now() + 61 * 60 * 1000;
    vi.spyOn(Date, 'now').mockReturnValue(soon);
    expect((await push(lake, data)).cleared).toEqual([key]);
    vi.restoreAllMocks();
    expect(await lake.bucket.multipart.parts(upload)).toBeUndefined();
  });
});

describe('the same content under a second path', () => {
  it('is reported, and checked once', async () => {
    const lake = on.lake();
    const data = checkout();
    data.write('a.csv', 'e,a,b,c,k,v\n');
    data.write('copy of a.csv', 'e,a,b,c,k,v\n');
    const { same_content, said } = await push(lake, data);
    expect(same_content).toEqual([{ path: 'copy of a.csv', as: 'a.csv' }]);
    expect(said).toContain('copy of a.csv has the same content as a.csv');
  });
});
