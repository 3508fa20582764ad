import { concurrently } from '../lake/concurrently.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import { rowsLost } from '../lake/push-plan.ts';
import type { ManifestFile, RemovedFile } from '../lake/state.ts';
import { counted } from './progress.ts';
import type { Push, UploadDataOptions } from './upload-data.ts';

/** Share of the rows that a push may take out of the lake without being asked to confirm it. */
const MOST_LOST = 0.2;
const AT_ONCE = 8;
const SHOWN = 10;

/** What the manifest says of files that are not in the folder any more. */
export function removedEntries(
  gone: readonly ManifestFile[],
  commit: string | null,
  options: UploadDataOptions,
): RemovedFile[] {
  const removed_at = new Date().toISOString();
  return gone.map(({ path, key }) => ({
    path,
    key,
    commit,
    removed_at,
    confirmed: options.confirmRemovals,
  }));
}

/** Throws ExplainedError when more than 20 % of the rows would go and nobody has confirmed it. */
export function refuseLoss(
  { lake, folder, contents, manifest, options }: Push,
  gone: readonly ManifestFile[],
): void {
  const { lost, all } = rowsLost(gone, contents, manifest);
  if (options.confirmRemovals || lost <= all * MOST_LOST) return;
  const names = gone.slice(0, SHOWN).map(({ path }) => path);
  if (gone.length > SHOWN) names.push(`… and ${gone.length - SHOWN} more`);
  throw new ExplainedError({
    what:
      `nothing was sent: ${counted(gone.length, 'removed file')} would take ` +
      `${Math.round((100 * lost) / all)} % of the rows out of the lake (${lost} of ${all})`,
    where: `not in ${folder} any more: ${names.join(', ')}`,
    why: 'the folder is not complete, or a large part of the data is really meant to go',
    cure: `bring the files back; if they are meant to go, say so: ${lake.call('upload-data', 'confirm-removals', folder)}`,
  });
}

/** Deletes the objects of removed files that are still there; the versions stay in the bucket. */
export async function removeObjects(
  { lake, stored, contents }: Push,
  removed: readonly RemovedFile[],
): Promise<void> {
  if (removed.length === 0) return;
  const here = new Set(contents.map(({ path }) => lake.config.prefixes.raw + path));
  const there = new Set(stored.map(({ key }) => key));
  const keys = removed.map(({ key }) => key).filter((key) => there.has(key) && !here.has(key));
  await concurrently(keys, AT_ONCE, (key) => lake.bucket.remove(key));
}
