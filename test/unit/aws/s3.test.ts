import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSettings } from '../../../src/aws/connection.ts';
import { type Bucket, openBucket } from '../../../src/aws/s3.ts';
import { type Moto, startMoto } from './moto.ts';

let moto: Moto;
let bucket: Bucket;

beforeAll(async () => {
  moto = await startMoto();
  bucket = openBucket(moto.connection);
}, 90_000);
afterAll(async () => {
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

  it('lets one of many at the same moment through', async () => {
    const first = await bucket.putIf('state/race.json', '0', 'if-absent');
    const ifMatch = first?.etag ?? '';
    const racers = Array.from({ length: 12 }, (_, index) =>
      bucket.putIf('state/race.json', `${index}!`, { ifMatch }),
    );
    expect((await Promise.all(racers)).filter((put) => put !== undefined)).toHaveLength(1);
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
    expect(await bucket.head(key)).toEqual({
      ...put,
      size: 5,
      sha256: createHash('sha256').update('a,b\r\n').digest('base64'),
      metadata: { sha256: 'abc' },
    });
    expect(await bucket.list('raw-data/')).toEqual([{ key, etag: put.etag, size: 5 }]);
  });

  it('are listed beyond one page', async () => {
    const keys = Array.from({ length: 1005 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => bucket.put(key, Buffer.from('x'))));
    }
    expect((await bucket.list('many/')).map(({ key }) => key)).toEqual(keys);
    // What the caller believes to be there may be wrong: it must not change the answer.
    const near = [...keys.filter((_, index) => index % 3 > 0), 'many/0500a', 'many/2', ...keys.slice(0, 400)];
    for (const guess of [keys, near, near.slice(0, 1000)])
      expect((await bucket.list('many/', guess)).map(({ key }) => key)).toEqual(keys);
  }, 60_000);

  it('are refused when their content does not fit their checksum', async () => {
    const client = new S3Client({ ...clientSettings(moto.connection), forcePathStyle: true });
    const ChecksumSHA256 = createHash('sha256').update('other').digest('base64');
    const put = new PutObjectCommand({
      Bucket: bucket.name,
      Key: 'torn',
      Body: Buffer.from('it'),
      ChecksumSHA256,
    });
    await expect(client.send(put)).rejects.toMatchObject({ name: 'BadDigest' });
    expect(await bucket.head('torn')).toBeUndefined();
  });

  it('that are removed are gone, and removing them again is no error', async () => {
    await bucket.put('removed', Buffer.from('x'));
    await bucket.remove('removed');
    await bucket.remove('removed');
    expect(await bucket.head('removed')).toBeUndefined();
    expect(await bucket.putIf('removed', 'back', 'if-absent')).toBeDefined();
  });
});
