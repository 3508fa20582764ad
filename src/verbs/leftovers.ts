import type { OpenUpload } from '../aws/multipart.ts';
import type { Lake } from '../lake/lake.ts';
import type { Conversation } from './verb.ts';

/** An upload that got no part for so long belongs to nobody any more: each part takes minutes at most. */
const FORGOTTEN_MS = 60 * 60 * 1000;

/**
 * Removes the parts of uploads that earlier pushes have left and that this one has not gone on with. One that began or
 * got a part within the last hour may belong to another push that is sending right now: it stays, and is named.
 * Returns the keys of those that were removed.
 */
export async function clearLeftovers(
  lake: Lake,
  open: readonly OpenUpload[],
  conversation: Conversation,
): Promise<string[]> {
  const cleared: string[] = [];
  for (const upload of open) {
    const parts = await lake.bucket.multipart.parts(upload);
    if (parts === undefined) continue;
    const latest = Math.max(upload.begun, ...parts.map(({ arrived }) => arrived));
    const since = new Date(latest).toISOString();
    if (conversation.clock.now() - latest < FORGOTTEN_MS) {
      conversation.say(
        `an upload of ${upload.key} is open since ${since}: left alone, somebody may be sending it`,
      );
      continue;
    }
    await lake.bucket.multipart.giveUp(upload);
    conversation.say(`an upload of ${upload.key}, left unfinished at ${since}, was cleared away`);
    cleared.push(upload.key);
  }
  return cleared;
}
