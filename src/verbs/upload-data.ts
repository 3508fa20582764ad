import { concurrently } from '../lake/concurrently.ts';
import type { Lake } from '../lake/lake.ts';
import { changeManifest, readManifest } from '../lake/manifest.ts';
import { noSourceFiles, sourceFolder } from '../lake/source-folder.ts';
import type { Manifest, ManifestFile } from '../lake/state.ts';
import { currentCommit } from './commit.ts';
import { bytes, counted, progress } from './progress.ts';
import { type SendableFile, sendFile } from './send-file.ts';
import { brokenOnes, checkAll } from './validate.ts';
import { BrokenFiles, type Conversation } from './verb.ts';

/** Files sent at a time. */
const AT_ONCE = 8;

type FileResult = {
  readonly path: string;
  readonly key: string;
  readonly rows: number;
  readonly size: number;
};

export type UploadDataResult = {
  readonly sent: readonly (FileResult & { readonly reason: 'new' | 'changed' | 'healed' })[];
  readonly unchanged: readonly FileResult[];
  /** In the lake but not in this folder: they stay there, with their rows. */
  readonly kept: readonly string[];
};

/**
 * Sends the source files of a folder to the lake's raw prefix. All are checked first: one broken file refuses the push
 * as a whole. The content decides what is sent; what is in the lake unchanged costs no PUT. An object that vanished or
 * was changed by others is sent again. Throws BrokenFiles or ExplainedError.
 */
export async function uploadData(
  lake: Lake,
  folder: string,
  conversation: Conversation,
): Promise<UploadDataResult> {
  const files = await sourceFolder(folder);
  if (files.length === 0) throw noSourceFiles(folder);
  const checked = await checkAll(files, conversation);
  const broken = brokenOnes(checked);
  if (broken.length > 0) {
    const what = 'nothing was sent: a push with a broken file is refused as a whole';
    throw new BrokenFiles(broken, { files: broken }, what);
  }

  const raw = lake.config.prefixes.raw;
  const [manifest, stored] = await Promise.all([readManifest(lake), lake.bucket.list(raw)]);
  const objects = new Map(stored.map((object) => [object.key, object]));
  const known = new Map(manifest.files.map((file) => [file.path, file]));

  const unchanged: FileResult[] = [];
  const wanted: (SendableFile & { reason: 'new' | 'changed' | 'healed' })[] = [];
  for (const { path, file, size, rows, sha256 } of checked) {
    const entry = known.get(path);
    const object = objects.get(raw + path);
    const same = entry?.sha256 === sha256;
    const whole = object !== undefined && object.etag === entry?.etag && object.size === size;
    if (same && whole) unchanged.push({ path, key: raw + path, rows, size });
    else wanted.push({ path, key: raw + path, file, rows, size, sha256, reason: reasonOf(entry, same) });
  }
  await send(lake, folder, wanted, conversation);

  const here = new Set(files.map(({ path }) => path));
  const kept = manifest.files.map(({ path }) => path).filter((path) => !here.has(path));
  for (const path of kept) conversation.say(`${path} is not in ${folder}: it stays in the lake`);
  const sent = wanted.map(({ path, key, rows, size, reason }) => ({ path, key, rows, size, reason }));
  conversation.say(
    `${counted(sent.length, 'file')} sent, ${unchanged.length} unchanged, ${kept.length} kept`,
  );
  return { sent, unchanged, kept };
}

function reasonOf(entry: ManifestFile | undefined, same: boolean): 'new' | 'changed' | 'healed' {
  if (entry === undefined) return 'new';
  return same ? 'healed' : 'changed';
}

async function send(
  lake: Lake,
  folder: string,
  wanted: readonly SendableFile[],
  conversation: Conversation,
): Promise<void> {
  if (wanted.length === 0) return;
  const commit = await currentCommit(folder);
  const total = wanted.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  let sentBytes = 0;
  const tell = progress(
    conversation,
    () => `sent ${done} of ${counted(wanted.length, 'file')}, ${bytes(sentBytes)} of ${bytes(total)}`,
  );
  const entries = await concurrently(wanted, AT_ONCE, async (file): Promise<ManifestFile> => {
    conversation.signal.throwIfAborted();
    const put = await sendFile(lake, file, (count) => {
      sentBytes += count;
      tell();
    });
    done++;
    const { path, key, sha256, size, rows } = file;
    return { path, key, sha256, size, rows, version_id: put.versionId, etag: put.etag, commit };
  });
  await changeManifest(lake, (manifest) => withEntries(manifest, entries));
}

function withEntries(manifest: Manifest, entries: readonly ManifestFile[]): Manifest {
  const files = new Map(manifest.files.map((file) => [file.path, file]));
  for (const entry of entries) files.set(entry.path, entry);
  const sorted = [...files.values()].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return { version: 1, files: sorted };
}
