import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PART_SIZE, type Put } from '../aws/s3.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';

/** A checked source file on its way: `sha256` and `size` are of the content that was checked. */
export type SendableFile = {
  readonly path: string;
  readonly key: string;
  readonly file: string;
  readonly rows: number;
  readonly size: number;
  readonly sha256: string;
};

/**
 * Sends exactly the content that was checked; `sent` hears of the bytes as they go. Throws ExplainedError when the
 * file has changed since, and stores nothing then.
 */
export async function sendFile(
  lake: Lake,
  source: SendableFile,
  sent: (bytes: number) => void,
): Promise<Put> {
  const metadata = { sha256: source.sha256 };
  if (source.size <= PART_SIZE) {
    const content = await readFile(source.file);
    if (createHash('sha256').update(content).digest('hex') !== source.sha256) throw changedMeanwhile(source);
    const put = await lake.bucket.put(source.key, content, { type: 'text/csv; charset=utf-8', metadata });
    sent(content.length);
    return put;
  }
  const hash = createHash('sha256');
  const through = (chunk: Buffer | null) => {
    if (chunk === null) {
      if (hash.digest('hex') !== source.sha256) throw changedMeanwhile(source);
      return;
    }
    hash.update(chunk);
    sent(chunk.length);
  };
  return lake.bucket.putLarge(source.key, source.file, { through, metadata });
}

function changedMeanwhile(source: SendableFile): ExplainedError {
  return new ExplainedError({
    what: 'a file changed between its check and its upload',
    where: source.file,
    why: 'another program is still writing it',
    cure: 'let that program finish, then run upload-data again',
  });
}
