import { open } from 'node:fs/promises';
import type { Condition } from './condition.ts';
import { type ContentDigest, compositeSha256, sha256Of } from './content-digest.ts';
import type { OpenUpload, StoredPart } from './multipart.ts';
import type { Bucket, Put, PutOptions } from './s3.ts';

/** Parts of one object on their way at a time. */
const PARTS_AT_ONCE = 4;
/** Times that an upload is begun anew after somebody has ended it. */
const ATTEMPTS = 3;

export type LargeUpload = {
  readonly key: string;
  readonly file: string;
  readonly digest: ContentDigest;
  readonly options?: PutOptions;
  /** Without it the object is replaced whatever it is. */
  readonly condition?: Condition | undefined;
  /** Uploads of this key that an earlier process may have left: one whose parts are ours is gone on with. */
  readonly open: readonly OpenUpload[];
  /** Hears of bytes that need not be sent any more. */
  readonly sent: (bytes: number) => void;
  readonly signal: AbortSignal;
  /** Makes the error for a file that does not hold the content of `digest` any more. */
  readonly changed: () => Error;
};

type SentPart = Pick<StoredPart, 'number' | 'etag' | 'sha256'>;

/**
 * Sends a large file in parts, several at once. S3 verifies each part, and the list of them, by SHA-256. When this
 * ends early the parts stay, for the next call to go on with. `undefined` when another writer changed the object first.
 */
export async function sendInParts(bucket: Bucket, source: LargeUpload): Promise<Put | undefined> {
  let candidates = source.open;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { upload, parts } = await begun(bucket, source, candidates);
    candidates = [];
    const whole = await sendMissing(bucket, source, upload, parts);
    const put =
      whole === undefined ? 'gone' : await bucket.multipart.complete(upload, whole, source.condition);
    if (put === 'other-writer') {
      await bucket.multipart.giveUp(upload);
      return undefined;
    }
    if (put !== 'gone') return put;
    // Another process may have sent the same content by the same upload.
    const head = await bucket.head(source.key);
    if (head?.sha256 === compositeSha256(source.digest)) return head;
  }
  throw new Error(`uploads of ${bucket.url(source.key)} were ended by others ${ATTEMPTS} times`);
}

/** An upload that holds nothing but parts of this content, else a new one. Metadata of one without parts may be another content's. */
async function begun(bucket: Bucket, source: LargeUpload, candidates: readonly OpenUpload[]) {
  for (const upload of candidates) {
    const parts = await bucket.multipart.parts(upload);
    if (parts === undefined) continue;
    if (parts.length === 0 && source.options?.metadata !== undefined) continue;
    if (parts.every(({ number, sha256 }) => sha256 !== null && source.digest.parts[number - 1] === sha256))
      return { upload, parts };
  }
  return { upload: await bucket.multipart.begin(source.key, source.options), parts: [] };
}

async function sendMissing(
  bucket: Bucket,
  source: LargeUpload,
  upload: OpenUpload,
  there: readonly StoredPart[],
): Promise<SentPart[] | undefined> {
  const { digest, sent, signal } = source;
  const parts: (SentPart | undefined)[] = [];
  for (const part of there) {
    parts[part.number - 1] = part;
    sent(part.size);
  }
  const missing = digest.parts.keys().filter((index) => parts[index] === undefined);
  const file = await open(source.file);
  let gone = false;
  const worker = async (): Promise<void> => {
    for (const index of missing) {
      signal.throwIfAborted();
      const size = Math.min(digest.partSize, digest.size - index * digest.partSize);
      const body = Buffer.allocUnsafe(size);
      const { bytesRead } = await file.read(body, 0, size, index * digest.partSize);
      const sha256 = digest.parts[index] ?? '';
      if (bytesRead !== size || sha256Of(body, 'base64') !== sha256) throw source.changed();
      parts[index] = await bucket.multipart.send(upload, index + 1, body, sha256);
      if (parts[index] === undefined) gone = true;
      if (gone) return;
      sent(size);
    }
  };
  try {
    const ends = await Promise.allSettled(Array.from({ length: PARTS_AT_ONCE }, worker));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    await file.close();
  }
  return gone ? undefined : parts.filter((part) => part !== undefined);
}
