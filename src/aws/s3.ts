import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Condition, conditional, otherWriterFirst } from './condition.ts';
import { awsStatus, type Connection, clientSettings } from './connection.ts';
import { type Multipart, multipartOf } from './multipart.ts';

/** ETags come and go with their quotes, as S3 sends them. Sizes are bytes. */
export type StoredObject = { readonly key: string; readonly etag: string; readonly size: number };
export type Put = { readonly etag: string; readonly versionId: string | null };
export type Head = Put & {
  readonly size: number;
  /** S3's own SHA-256 of the content: base64, of a multipart upload `<that of its parts>-<count>`. */
  readonly sha256: string | null;
  readonly metadata: Readonly<Record<string, string>>;
};

/** What an object is stored with. */
export type PutOptions = {
  readonly type?: string | undefined;
  readonly metadata?: Record<string, string> | undefined;
};

/** The lake's bucket. */
export type Bucket = {
  readonly name: string;
  /** `s3://bucket/key`, for messages. */
  url(key: string): string;
  /** The object's text, or `undefined` when there is none. */
  text(key: string): Promise<{ readonly body: string; readonly etag: string } | undefined>;
  /** The object's bytes as they come. Throws NoSuchKey when there is none. */
  bytes(key: string): AsyncIterable<Buffer>;
  head(key: string): Promise<Head | undefined>;
  /** All objects under a prefix, in key order. `near` are keys that are likely there: they let S3 be asked in parallel. */
  list(prefix: string, near?: readonly string[]): Promise<StoredObject[]>;
  /** Sends bytes in one PUT. */
  put(key: string, body: Buffer, options?: PutOptions): Promise<Put>;
  /** Writes if the condition holds; `undefined` when another writer came first. */
  putIf(
    key: string,
    body: string | Buffer,
    condition: Condition,
    options?: PutOptions,
  ): Promise<Put | undefined>;
  /** In a versioned bucket the versions stay. No error when there is no such object. */
  remove(key: string): Promise<void>;
  readonly multipart: Multipart;
};

/** S3 checks what arrived against this digest, which the SDK computes. */
const CHECKSUM = { ChecksumAlgorithm: 'SHA256' } as const;
/** Known objects that one page is asked for. It takes 1,000 (S3 API, ListObjectsV2, MaxKeys): so there is room for new ones. */
const RANGE = 950;

export function openBucket(connection: Connection): Bucket {
  const client = new S3Client({
    ...clientSettings(connection),
    forcePathStyle: connection.endpoint !== undefined,
  });
  const Bucket = connection.bucket;

  /** The objects after one key, up to and with another. */
  const range = async (Prefix: string, after: string | undefined, last: string | undefined) => {
    const objects: StoredObject[] = [];
    let StartAfter = after;
    for (;;) {
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, StartAfter }));
      for (const { Key, ETag, Size } of page.Contents ?? []) {
        if (Key === undefined) continue;
        if (last !== undefined && inKeyOrder(Key, last) > 0) return objects;
        objects.push({ key: Key, etag: ETag ?? '', size: Size ?? 0 });
      }
      StartAfter = page.Contents?.at(-1)?.Key;
      if (page.IsTruncated !== true || StartAfter === undefined || StartAfter === last) return objects;
    }
  };

  return {
    name: Bucket,
    url: (key) => `s3://${Bucket}/${key}`,
    async text(Key) {
      const answer = await orAbsent(() => client.send(new GetObjectCommand({ Bucket, Key })));
      if (answer === undefined) return undefined;
      return { body: (await answer.Body?.transformToString('utf-8')) ?? '', etag: answer.ETag ?? '' };
    },
    async *bytes(Key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      // In Node the body is a stream of it; the SDK's type is that of every platform.
      for await (const chunk of Body as AsyncIterable<Uint8Array>) yield Buffer.from(chunk);
    },
    async head(Key) {
      const answer = await orAbsent(() =>
        client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' })),
      );
      if (answer === undefined) return undefined;
      return {
        etag: answer.ETag ?? '',
        versionId: answer.VersionId ?? null,
        size: answer.ContentLength ?? 0,
        sha256: answer.ChecksumSHA256 ?? null,
        metadata: answer.Metadata ?? {},
      };
    },
    async list(prefix, near = []) {
      const keys = near.filter((key) => key.startsWith(prefix)).sort(inKeyOrder);
      const ends: (string | undefined)[] = keys.filter((_, index) => index % RANGE === RANGE - 1);
      const pages = await Promise.all(
        [...ends, undefined].map((end, index) =>
          range(prefix, index === 0 ? undefined : ends[index - 1], end),
        ),
      );
      return pages.flat();
    },
    async put(Key, Body, { type, metadata } = {}) {
      const answer = await client.send(
        new PutObjectCommand({ Bucket, Key, Body, ContentType: type, Metadata: metadata, ...CHECKSUM }),
      );
      return { etag: answer.ETag ?? '', versionId: answer.VersionId ?? null };
    },
    async putIf(Key, body, condition, { type = 'application/json', metadata } = {}) {
      const Body = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
      const object = { Bucket, Key, Body, ContentType: type, Metadata: metadata, ...conditional(condition) };
      try {
        const answer = await client.send(new PutObjectCommand({ ...object, ...CHECKSUM }));
        return { etag: answer.ETag ?? '', versionId: answer.VersionId ?? null };
      } catch (error) {
        if (otherWriterFirst(error)) return undefined;
        throw error;
      }
    },
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    multipart: multipartOf(client, Bucket),
  };
}

/** S3 lists keys in the order of their UTF-8 bytes. */
function inKeyOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function orAbsent<T>(send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NoSuchKey' || (name === 'NotFound' && awsStatus(error) === 404)) return undefined;
    throw error;
  }
}
