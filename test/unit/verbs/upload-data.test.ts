import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Lake } from '../../../src/lake/lake.ts';
import { readManifest } from '../../../src/lake/manifest.ts';
import { uploadData } from '../../../src/verbs/upload-data.ts';
import type { Moto } from '../aws/moto.ts';
import { motoLake, recordedConversation, type Writes } from './support.ts';

const OPTIONS = { confirmRemovals: false };
const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
let moto: Moto;
let lake: Lake;
let writes: Writes;
let data: string;
let pushes = 0;

beforeAll(async () => {
  ({ moto, lake, writes } = await motoLake());
}, 90_000);
afterAll(() => moto[Symbol.asyncDispose]());
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'mydatahub-data-'));
  // Each test has a lake of its own inside the one bucket.
  pushes++;
  const prefixes = { ...lake.config.prefixes, raw: `${pushes}/raw-data/`, state: `${pushes}/state/` };
  lake = { ...lake, config: { ...lake.config, prefixes } };
});
afterEach(() => rmSync(data, { recursive: true }));

function write(path: string, rows: string): string {
  const content = HEADER + rows;
  mkdirSync(dirname(join(data, path)), { recursive: true });
  writeFileSync(join(data, path), content);
  return content;
}

async function upload() {
  const before = writes.keys.length;
  const conversation = recordedConversation();
  const result = await uploadData(lake, data, OPTIONS, conversation);
  return { result, puts: writes.keys.slice(before), said: conversation.said };
}

const key = (path: string) => lake.config.prefixes.raw + path;

describe('the first push', () => {
  it('sends every source file and writes the manifest with content, rows and versions', async () => {
    const content = write('penguins.csv', 'p,a,b,c,k,v\np,a,b,c,l,"x\ny"\n');
    write('folder/größe 東京.csv', 'q,a,b,c,k,v\n');
    const { result } = await upload();
    expect(result.sent.map(({ path, reason }) => [path, reason])).toEqual([
      ['folder/größe 東京.csv', 'new'],
      ['penguins.csv', 'new'],
    ]);
    const manifest = await readManifest(lake);
    expect(manifest.files[1]).toEqual({
      path: 'penguins.csv',
      key: key('penguins.csv'),
      sha256: createHash('sha256').update(content).digest('hex'),
      size: Buffer.byteLength(content),
      rows: 2,
      version_id: expect.any(String),
      etag: (await lake.bucket.head(key('penguins.csv')))?.etag,
      commit: process.env.GITHUB_SHA ?? null,
    });
    expect((await lake.bucket.text(key('penguins.csv')))?.body).toBe(content);
  });
});

describe('the ending .csv', () => {
  it('counts in any case, and nothing else is sent', async () => {
    write('A.CSV', 'p,a,b,c,k,v\n');
    write('README.md', '');
    const { result } = await upload();
    expect(result.sent.map(({ path }) => path)).toEqual(['A.CSV']);
  });
});

describe('a push of what is in the lake already', () => {
  it('makes no PUT at all', async () => {
    write('a.csv', 'p,a,b,c,k,v\n');
    await upload();
    const { result, puts } = await upload();
    expect(puts).toEqual([]);
    expect(result).toMatchObject({ sent: [], unchanged: [{ path: 'a.csv', rows: 1 }] });
  });

  it('sends only the file whose content changed', async () => {
    write('a.csv', 'p,a,b,c,k,v\n');
    write('b.csv', 'p,a,b,c,l,v\n');
    await upload();
    write('b.csv', 'p,a,b,c,l,w\n');
    const { result, puts } = await upload();
    expect(result.sent).toMatchObject([{ path: 'b.csv', reason: 'changed' }]);
    expect(puts).toEqual([key('b.csv'), `${lake.config.prefixes.state}manifest.json`]);
  });

  it('heals an object that others changed', async () => {
    write('a.csv', 'p,a,b,c,k,v\n');
    await upload();
    await lake.bucket.put(key('a.csv'), Buffer.from('something else'));
    const { result } = await upload();
    expect(result.sent).toMatchObject([{ path: 'a.csv', reason: 'healed' }]);
    expect((await lake.bucket.text(key('a.csv')))?.body).toContain('p,a,b,c,k,v');
  });

  it('keeps a file that is gone from the folder, and says so', async () => {
    write('a.csv', 'p,a,b,c,k,v\n');
    write('b.csv', 'p,a,b,c,l,v\n');
    await upload();
    rmSync(join(data, 'b.csv'));
    const { result, said } = await upload();
    expect(result.kept).toEqual(['b.csv']);
    expect(said.join('\n')).toContain('b.csv is not in');
    expect((await readManifest(lake)).files).toHaveLength(2);
    expect(await lake.bucket.head(key('b.csv'))).toBeDefined();
  });
});

describe('two pushes at the same time', () => {
  it('both end in the manifest', async () => {
    const other = mkdtempSync(join(tmpdir(), 'mydatahub-other-'));
    write('a.csv', 'p,a,b,c,k,v\n');
    writeFileSync(join(other, 'b.csv'), `${HEADER}p,a,b,c,l,v\n`);
    await Promise.all([
      uploadData(lake, data, OPTIONS, recordedConversation()),
      uploadData(lake, other, OPTIONS, recordedConversation()),
    ]);
    rmSync(other, { recursive: true });
    expect((await readManifest(lake)).files.map(({ path }) => path)).toEqual(['a.csv', 'b.csv']);
  });
});

describe('a push that is refused', () => {
  it('sends nothing when one file of many is broken, and names its file, line and column', async () => {
    write('good.csv', 'p,a,b,c,k,v\n');
    write('broken.csv', 'p,a,b,c,k\n');
    const before = writes.keys.length;
    const conversation = recordedConversation();
    await expect(uploadData(lake, data, OPTIONS, conversation)).rejects.toThrow('nothing was sent');
    expect(writes.keys.length).toBe(before);
    expect(conversation.said.join('\n')).toContain('broken.csv: line 2, column 6 (value)');
  });

  it('says where it looked when there is no source file', async () => {
    await expect(upload()).rejects.toMatchObject({ message: 'there is no source file', where: data });
  });

  it('does not follow a symbolic link out of the folder', async () => {
    const outside = join(tmpdir(), `mydatahub-outside-${process.pid}.csv`);
    writeFileSync(outside, `${HEADER}p,a,b,c,k,v\n`);
    symlinkSync(outside, join(data, 'link.csv'));
    await expect(upload()).rejects.toThrow('leads outside');
    rmSync(outside);
  });

  it('names a file whose name S3 cannot list', async () => {
    write('line\nbreak.csv', 'p,a,b,c,k,v\n');
    await expect(upload()).rejects.toThrow('cannot be the name of an object');
  });
});
