import { createHash, hash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Content up to this size travels in one PUT; larger content in parts of this size, or larger ones if there were too many. */
export const PART_SIZE = 16 * 1024 * 1024;
/** S3 User Guide, multipart upload limits. */
const MOST_PARTS = 10_000;
/** Files up to this size are read in one go: a stream costs several times the hash of a small file. */
const SMALL = 1024 * 1024;

/** What a file holds. `sha256` is hexadecimal, of all; `parts` are base64, of each part of `partSize` bytes. */
export type ContentDigest = {
  readonly size: number;
  readonly sha256: string;
  readonly partSize: number;
  readonly parts: readonly string[];
};

/** SHA-256 of bytes. */
export function sha256Of(bytes: Buffer, encoding: 'hex' | 'base64'): string {
  return hash('sha256', bytes, encoding);
}

/** Reads a file once; memory stays at a few megabytes. Throws the file system's error. */
export async function digestOfFile(file: string, size?: number): Promise<ContentDigest> {
  const expected = size ?? (await stat(file)).size;
  if (expected <= SMALL) return digestOf(readFileSync(file));
  const partSize = partSizeOf(expected);
  const whole = createHash('sha256');
  const parts: string[] = [];
  let part = createHash('sha256');
  let inPart = 0;
  let total = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: SMALL })) {
    const bytes = chunk as Buffer;
    whole.update(bytes);
    total += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const slice = bytes.subarray(at, at + partSize - inPart);
      part.update(slice);
      inPart += slice.length;
      at += slice.length;
      if (inPart < partSize) continue;
      parts.push(part.digest('base64'));
      part = createHash('sha256');
      inPart = 0;
    }
  }
  if (inPart > 0 || parts.length === 0) parts.push(part.digest('base64'));
  return { size: total, sha256: whole.digest('hex'), partSize, parts };
}

/** The digest of content in memory. */
export function digestOf(bytes: Buffer): ContentDigest {
  const sha256 = sha256Of(bytes, 'hex');
  const parts = [Buffer.from(sha256, 'hex').toString('base64')];
  return { size: bytes.length, sha256, partSize: PART_SIZE, parts };
}

/** Whether the content travels in parts. */
export function isLarge({ size }: ContentDigest): boolean {
  return size > PART_SIZE;
}

/**
 * What S3 calls the content's SHA-256 once it is stored: of all, or of large content the SHA-256 over those of its parts
 * (S3 User Guide, "Checking object integrity", composite checksums).
 */
export function compositeSha256(digest: ContentDigest): string {
  if (!isLarge(digest)) return Buffer.from(digest.sha256, 'hex').toString('base64');
  const all = Buffer.concat(digest.parts.map((part) => Buffer.from(part, 'base64')));
  return `${sha256Of(all, 'base64')}-${digest.parts.length}`;
}

function partSizeOf(size: number): number {
  const least = Math.ceil(size / MOST_PARTS);
  const megabyte = 1024 * 1024;
  return Math.max(PART_SIZE, Math.ceil(least / megabyte) * megabyte);
}
