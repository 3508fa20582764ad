import { compositeSha256, isLarge } from '../aws/content-digest.ts';
import { concurrently } from '../lake/concurrently.ts';
import type { PlannedFile, SendReason } from '../lake/push-plan.ts';
import type { ManifestFile } from '../lake/state.ts';
import { bytes, counted, progress } from './progress.ts';
import { sendFile } from './send-file.ts';
import type { FileResult, Push } from './upload-data.ts';

/** Small files sent at a time; of large ones fewer, since each sends several parts at a time. */
const SMALL_AT_ONCE = 8;
const LARGE_AT_ONCE = 2;

/** What was sent, what was there already, and what the manifest has to say of both. */
export type Sent = {
  readonly entries: readonly ManifestFile[];
  readonly sent: readonly (FileResult & { readonly reason: SendReason })[];
  readonly found: readonly FileResult[];
};

/** Sends what is wanted, small files first; `other-push` as soon as another writer has changed one of the objects. */
export async function sendAll(
  { lake, conversation, commit, rowsOf, open }: Push,
  wanted: readonly PlannedFile[],
): Promise<Sent | 'other-push'> {
  const total = wanted.reduce((sum, { digest }) => sum + digest.size, 0);
  let done = 0;
  let sentBytes = 0;
  const tell = progress(
    conversation,
    () => `sent ${done} of ${counted(wanted.length, 'file')}, ${bytes(sentBytes)} of ${bytes(total)}`,
  );
  const sent: (FileResult & { reason: SendReason })[] = [];
  const found: FileResult[] = [];
  const entries: ManifestFile[] = [];
  let otherPush = false;

  const one = async (file: PlannedFile): Promise<void> => {
    if (otherPush) return;
    conversation.signal.throwIfAborted();
    const head = file.mayBeThere ? await lake.bucket.head(file.key) : undefined;
    const there = head?.sha256 === compositeSha256(file.digest) ? head : undefined;
    const count = (size: number) => {
      sentBytes += size;
      tell();
    };
    const put = there ?? (await sendFile(lake, file, open, conversation.signal, count));
    if (put === undefined) {
      otherPush = true;
      return;
    }
    done++;
    const { path, key, digest, reason } = file;
    const { sha256, size } = digest;
    const rows = rowsOf.get(sha256) ?? 0;
    entries.push({
      path,
      key,
      sha256,
      size,
      rows,
      version_id: put.versionId,
      etag: put.etag,
      commit: commit?.sha ?? null,
    });
    if (there === undefined) sent.push({ path, key, rows, size, reason });
    else found.push({ path, key, rows, size });
  };

  const [large, small] = [true, false].map((is) => wanted.filter(({ digest }) => isLarge(digest) === is));
  await concurrently(small ?? [], SMALL_AT_ONCE, one);
  await concurrently(large ?? [], LARGE_AT_ONCE, one);
  if (otherPush) return 'other-push';
  const order = new Map(wanted.map(({ path }, index) => [path, index]));
  const inOrder = <T extends { path: string }>(files: T[]) =>
    files.sort((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0));
  return { entries, sent: inOrder(sent), found: inOrder(found) };
}
