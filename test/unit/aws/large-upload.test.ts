import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compositeSha256, digestOf, digestOfFile, PART_SIZE } from '../../../src/aws/content-digest.ts';
import { type LargeUpload, sendInParts } from '../../../src/aws/large-upload.ts';
import { type Bucket, openBucket } from '../../../src/aws/s3.ts';
import { type Moto, startMoto } from './moto.ts';

// Each test moves a hundred megabytes and more.
vi.setConfig({ testTimeout: 60_000 });
let moto: Moto;
let bucket: Bucket;
const folder = mkdtempSync(join(tmpdir(), 'mydatahub-large-'));
const file = join(folder, 'large');
const content = randomBytes(2 * PART_SIZE + 12_345);
writeFileSync(file, content);

beforeAll(async () => {
  moto = await startMoto();
  bucket = openBucket(moto.connection);
}, 90_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await moto[Symbol.asyncDispose]();
});

async function source(key: string, parts: Partial<LargeUpload> = {}): Promise<LargeUpload> {
  return {
    key,
    file,
    digest: await digestOfFile(file),
    open: await bucket.multipart.open(key),
    sent: () => {},
    signal: new AbortController().signal,
    changed: () => new Error('changed meanwhile'),
    ...parts,
  };
}

/** The bucket as a process sees it whose part `number` never arrives. */
function cutAt(number: number): Bucket {
  const send: Bucket['multipart']['send'] = (upload, part, body, sha256) =>
    part === number ? Promise.reject(new Error('cut')) : bucket.multipart.send(upload, part, body, sha256);
  return { ...bucket, multipart: { ...bucket.multipart, send } };
}

/** The bucket with the numbers of the parts that were sent to it. */
function counting(): { bucket: Bucket; numbers: number[] } {
  const numbers: number[] = [];
  const send: Bucket['multipart']['send'] = (upload, part, body, sha256) => {
    numbers.push(part);
    return bucket.multipart.send(upload, part, body, sha256);
  };
  return { bucket: { ...bucket, multipart: { ...bucket.multipart, send } }, numbers };
}

describe('the digest of a file', () => {
  it('is the same whether it was read in one go or in pieces', async () => {
    for (const size of [0, 1, 1024 * 1024, 1024 * 1024 + 1, PART_SIZE]) {
      const path = join(folder, 'sized');
      writeFileSync(path, content.subarray(0, size));
      expect(await digestOfFile(path)).toEqual(digestOf(content.subarray(0, size)));
    }
  });

  it('has one part for each that S3 gets, and none too many', async () => {
    expect((await digestOfFile(file)).parts).toHaveLength(3);
    const path = join(folder, 'even');
    writeFileSync(path, content.subarray(0, 2 * PART_SIZE));
    expect((await digestOfFile(path)).parts).toHaveLength(2);
  });
});

describe('a large file', () => {
  it('travels in parts, and S3 has verified it as a whole', async () => {
    let seen = 0;
    const large = await source('large', { sent: (count) => (seen += count) });
    const put = await sendInParts(bucket, large);
    expect(seen).toBe(content.length);
    expect(put?.etag).toMatch(/-3"$/);
    const head = await bucket.head('large');
    expect(head).toMatchObject({
      size: content.length,
      etag: put?.etag,
      sha256: compositeSha256(large.digest),
    });
    expect(await bucket.multipart.open('large')).toEqual([]);
  });

  it('is not stored at all when it has changed since its digest was taken', async () => {
    const other = await source('refused', { digest: await digestOfFile(file) });
    const path = join(folder, 'changed');
    writeFileSync(path, Buffer.concat([content.subarray(0, 100), randomBytes(1), content.subarray(101)]));
    await expect(sendInParts(bucket, { ...other, file: path })).rejects.toThrow('changed meanwhile');
    expect(await bucket.head('refused')).toBeUndefined();
  });

  it('does not replace what another writer put there meanwhile', async () => {
    const large = await source('raced', { condition: 'if-absent' });
    const theirs = await bucket.put('raced', Buffer.from('theirs'));
    expect(await sendInParts(bucket, large)).toBeUndefined();
    expect(await sendInParts(bucket, { ...large, condition: { ifMatch: '"0"' } })).toBeUndefined();
    expect(await bucket.text('raced')).toEqual({ body: 'theirs', etag: theirs.etag });
    expect(await bucket.multipart.open('raced')).toEqual([]);
  });
});

describe('an upload that was interrupted', () => {
  it('is finished by the next one, which sends only what is missing', async () => {
    await expect(sendInParts(cutAt(2), await source('half'))).rejects.toThrow('cut');
    const [left] = await bucket.multipart.open('half');
    expect((await bucket.multipart.parts(left as never))?.map(({ number }) => number)).toEqual([1, 3]);
    const { bucket: again, numbers } = counting();
    expect(await sendInParts(again, await source('half'))).toMatchObject({ etag: expect.any(String) });
    expect(numbers).toEqual([2]);
    expect(await bucket.multipart.open('half')).toEqual([]);
  });

  it('is not gone on with when it was of other content', async () => {
    await expect(sendInParts(cutAt(2), await source('other'))).rejects.toThrow('cut');
    const path = join(folder, 'corrected');
    const corrected = Buffer.concat([randomBytes(1), content.subarray(1)]);
    writeFileSync(path, corrected);
    const { bucket: again, numbers } = counting();
    const large = await source('other', { file: path, digest: await digestOfFile(path) });
    await sendInParts(again, large);
    expect(numbers.sort()).toEqual([1, 2, 3]);
    expect((await bucket.head('other'))?.sha256).toBe(compositeSha256(large.digest));
  });

  it('that two processes go on with at once ends well for both', async () => {
    await expect(sendInParts(cutAt(2), await source('both'))).rejects.toThrow('cut');
    const large = await source('both');
    const [one, two] = await Promise.all([sendInParts(bucket, large), sendInParts(bucket, large)]);
    expect(one?.etag).toBe(two?.etag);
    expect((await bucket.head('both'))?.sha256).toBe(compositeSha256(large.digest));
  });

  it('is begun anew when somebody has cleared it away', async () => {
    await expect(sendInParts(cutAt(2), await source('cleared'))).rejects.toThrow('cut');
    const large = await source('cleared');
    const send: Bucket['multipart']['send'] = async (upload, part, body, sha256) => {
      if (upload.id === large.open[0]?.id) await bucket.multipart.giveUp(upload);
      return bucket.multipart.send(upload, part, body, sha256);
    };
    const put = await sendInParts({ ...bucket, multipart: { ...bucket.multipart, send } }, large);
    expect((await bucket.head('cleared'))?.etag).toBe(put?.etag);
  });
});
