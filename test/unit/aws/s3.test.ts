import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bucket, openBucket, PART_SIZE } from '../../../src/aws/s3.ts';
import { type Moto, startMoto } from './moto.ts';

let moto: Moto;
let bucket: Bucket;
const folder = mkdtempSync(join(tmpdir(), 'mydatahub-s3-'));

beforeAll(async () => {
  moto = await startMoto();
  bucket = openBucket(moto.connection);
}, 90_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await moto[Symbol.asyncDispose]();
});

describe('a conditional write', () => {
  it('creates an absent object once, and tells the second writer that another came first', async () => {
    expect(await bucket.putIf('state/once.json', '1', 'if-absent')).toMatchObject({
      etag: expect.any(String),
    });
    expect(await bucket.putIf('state/once.json', '2', 'if-absent')).toBeUndefined();
    expect(await bucket.text('state/once.json')).toMatchObject({ body: '1' });
  });

  it('replaces only the version that was read', async () => {
    const first = await bucket.putIf('state/it.json', '1', 'if-absent');
    const second = await bucket.putIf('state/it.json', '2', { ifMatch: first?.etag ?? '' });
    expect(second?.versionId).toEqual(expect.any(String));
    expect(await bucket.putIf('state/it.json', '3', { ifMatch: first?.etag ?? '' })).toBeUndefined();
    expect(await bucket.text('state/it.json')).toMatchObject({ body: '2', etag: second?.etag });
  });

  it('does not bring back an object that was deleted meanwhile', async () => {
    expect(await bucket.putIf('state/gone.json', '1', { ifMatch: '"0"' })).toBeUndefined();
  });
});

describe('objects', () => {
  it('that are absent are undefined, not an error', async () => {
    expect(await bucket.text('none')).toBeUndefined();
    expect(await bucket.head('none')).toBeUndefined();
  });

  it('keep their bytes, names of any script and metadata', async () => {
    const key = 'raw-data/Größe & 東京 +%20 🐧.csv';
    const put = await bucket.put(key, Buffer.from('a,b\r\n'), { metadata: { sha256: 'abc' } });
    expect(await bucket.head(key)).toEqual({ etag: put.etag, size: 5, metadata: { sha256: 'abc' } });
    expect(await bucket.list('raw-data/')).toEqual([{ key, etag: put.etag, size: 5 }]);
  });

  it('are listed beyond one page', async () => {
    const keys = Array.from({ length: 1005 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => bucket.put(key, Buffer.from('x'))));
    }
    expect((await bucket.list('many/')).map(({ key }) => key)).toEqual(keys);
  }, 60_000);
});

describe('a large file', () => {
  it('travels in parts, every byte seen once', async () => {
    const path = join(folder, 'large');
    const content = randomBytes(PART_SIZE + 12_345);
    writeFileSync(path, content);
    let seen = 0;
    const put = await bucket.putLarge('large', path, {
      through: (chunk) => {
        seen += chunk?.length ?? 0;
      },
    });
    expect(seen).toBe(content.length);
    expect(put.etag).toMatch(/-2"$/);
    expect(await bucket.head('large')).toMatchObject({ size: content.length, etag: put.etag });
  });

  it('is not stored at all when the look at its bytes refuses it', async () => {
    const path = join(folder, 'refused');
    writeFileSync(path, randomBytes(PART_SIZE + 1));
    const refused = bucket.putLarge('refused', path, {
      through: (chunk) => {
        if (chunk === null) throw new Error('changed meanwhile');
      },
    });
    await expect(refused).rejects.toThrow('changed meanwhile');
    expect(await bucket.head('refused')).toBeUndefined();
  });
});
