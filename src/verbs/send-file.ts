import { readFile } from 'node:fs/promises';
import type { Condition } from '../aws/condition.ts';
import { type ContentDigest, isLarge, sha256Of } from '../aws/content-digest.ts';
import { sendInParts } from '../aws/large-upload.ts';
import type { OpenUpload } from '../aws/multipart.ts';
import type { Put } from '../aws/s3.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';

/** A checked source file on its way: `digest` is of the content that was checked. */
export type SendableFile = {
  readonly key: string;
  readonly file: string;
  readonly digest: ContentDigest;
  /** What the object must still be. */
  readonly condition: Condition;
};

const TYPE = 'text/csv; charset=utf-8';

/**
 * Sends exactly the content that was checked; `sent` hears of the bytes as they go, `open` are uploads that an earlier
 * push may have left. `undefined` when another writer changed the object first. Throws ExplainedError when the file has
 * changed since, and stores nothing then.
 */
export async function sendFile(
  lake: Lake,
  source: SendableFile,
  open: readonly OpenUpload[],
  signal: AbortSignal,
  sent: (bytes: number) => void,
): Promise<Put | undefined> {
  const { key, file, digest, condition } = source;
  const changed = () => changedMeanwhile(file);
  const options = { type: TYPE };
  if (isLarge(digest)) {
    const ours = open.filter((upload) => upload.key === key);
    return sendInParts(lake.bucket, {
      key,
      file,
      digest,
      options,
      condition,
      open: ours,
      sent,
      signal,
      changed,
    });
  }
  const content = await readFile(file);
  if (sha256Of(content, 'hex') !== digest.sha256) throw changed();
  const put = await lake.bucket.putIf(key, content, condition, options);
  sent(content.length);
  return put;
}

/** The refusal of a file whose content is not the one that was read before. */
export function changedMeanwhile(file: string): ExplainedError {
  return new ExplainedError({
    what: 'a file changed between its check and its upload',
    where: file,
    why: 'another program is still writing it',
    cure: 'let that program finish, then run upload-data again',
  });
}
