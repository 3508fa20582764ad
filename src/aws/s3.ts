import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Connection, clientSettings } from './connection.ts';

/** ETags come and go with their quotes, as S3 sends them. Sizes are bytes. */
export type StoredObject = { readonly key: string; readonly etag: string; readonly size: number };
export type Put = { readonly etag: string; readonly versionId: string | null };
export type Head = {
  readonly etag: string;
  readonly size: number;
  readonly metadata: Readonly<Record<string, string>>;
};

/** Only write if the object is still the one read (its ETag), or still absent. */
export type Condition = { readonly ifMatch: string } | 'if-absent';

/** Objects up to this size travel in one PUT; larger ones in parts of this size. */
export const PART_SIZE = 16 * 1024 * 1024;

/** The lake's bucket. */
export type Bucket = {
  readonly name: string;
  /** `s3://bucket/key`, for messages. */
  url(key: string): string;
  /** The object's text, or `undefined` when there is none. */
  text(key: string): Promise<{ readonly body: string; readonly etag: string } | undefined>;
  head(key: string): Promise<Head | undefined>;
  /** All objects under a prefix, in key order. */
  list(prefix: string): Promise<StoredObject[]>;
  /** Sends bytes in one PUT. */
  put(
    key: string,
    body: Buffer,
    options?: { readonly type?: string; readonly metadata?: Record<string, string> },
  ): Promise<Put>;
  /** Writes a text if the condition holds; `undefined` when another writer came first. */
  putIf(key: string, body: string, condition: Condition): Promise<Put | undefined>;
  /** Sends a large file in parts; `through` sees every byte in order and may refuse by throwing, which sends nothing. */
  putLarge(
    key: string,
    path: string,
    options: { readonly through: (chunk: Buffer | null) => void; readonly metadata?: Record<string, string> },
  ): Promise<Put>;
};

/** S3 checks what arrived against this digest, which the SDK computes. */
const CHECKSUM = { ChecksumAlgorithm: 'SHA256' } as const;

export function openBucket(connection: Connection): Bucket {
  const client = new S3Client({
    ...clientSettings(connection),
    forcePathStyle: connection.endpoint !== undefined,
  });
  const Bucket = connection.bucket;
  return {
    name: Bucket,
    url: (key) => `s3://${Bucket}/${key}`,
    async text(Key) {
      const answer = await orAbsent(() => client.send(new GetObjectCommand({ Bucket, Key })));
      if (answer === undefined) return undefined;
      return { body: (await answer.Body?.transformToString('utf-8')) ?? '', etag: answer.ETag ?? '' };
    },
    async head(Key) {
      const answer = await orAbsent(() => client.send(new HeadObjectCommand({ Bucket, Key })));
      if (answer === undefined) return undefined;
      return { etag: answer.ETag ?? '', size: answer.ContentLength ?? 0, metadata: answer.Metadata ?? {} };
    },
    async list(Prefix) {
      const objects: StoredObject[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
        for (const { Key, ETag, Size } of page.Contents ?? []) {
          if (Key !== undefined) objects.push({ key: Key, etag: ETag ?? '', size: Size ?? 0 });
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return objects;
    },
    async put(Key, Body, { type, metadata } = {}) {
      const answer = await client.send(
        new PutObjectCommand({ Bucket, Key, Body, ContentType: type, Metadata: metadata, ...CHECKSUM }),
      );
      return { etag: answer.ETag ?? '', versionId: answer.VersionId ?? null };
    },
    async putIf(Key, body, condition) {
      const only = condition === 'if-absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.ifMatch };
      const object = { Bucket, Key, Body: Buffer.from(body, 'utf8'), ContentType: 'application/json' };
      try {
        const answer = await client.send(new PutObjectCommand({ ...object, ...only, ...CHECKSUM }));
        return { etag: answer.ETag ?? '', versionId: answer.VersionId ?? null };
      } catch (error) {
        if (otherWriterFirst(error)) return undefined;
        throw error;
      }
    },
    async putLarge(Key, path, { through, metadata }) {
      const { Upload } = await import('@aws-sdk/lib-storage');
      const Body = Readable.from(seen(path, through), { objectMode: false });
      const upload = new Upload({
        client,
        params: { Bucket, Key, Body, Metadata: metadata, ...CHECKSUM },
        partSize: PART_SIZE,
        queueSize: 4,
      });
      const answer = await upload.done();
      return { etag: answer.ETag ?? '', versionId: answer.VersionId ?? null };
    },
  };
}

async function* seen(path: string, through: (chunk: Buffer | null) => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    through(chunk as Buffer);
    yield chunk as Buffer;
  }
  through(null);
}

/** 412: the condition does not hold; 409: another conditional write of the same key is under way (S3 User Guide, conditional writes). */
function otherWriterFirst(error: unknown): boolean {
  const status = statusOf(error);
  return (
    status === 412 ||
    status === 409 ||
    (status === 404 && error instanceof Error && error.name === 'NoSuchKey')
  );
}

async function orAbsent<T>(send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NoSuchKey' || (name === 'NotFound' && statusOf(error) === 404)) return undefined;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata as { httpStatusCode?: number };
  return metadata.httpStatusCode;
}
