import { digestOfFile } from '../aws/content-digest.ts';
import type { Lake } from '../lake/lake.ts';
import { changeManifest, readManifest } from '../lake/manifest.ts';
import { afterPush, type LocalContent, planPush, type SendReason, sameContent } from '../lake/push-plan.ts';
import { type LocalSourceFile, noSourceFiles, sourceFolder } from '../lake/source-folder.ts';
import type { Manifest, RemovedFile } from '../lake/state.ts';
import { type Commit, commitOf } from './commit.ts';
import { clearLeftovers } from './leftovers.ts';
import { bytes, counted, progress } from './progress.ts';
import { checkUnknown, claim, refuseOlder, sayUnknownOrder } from './push-checks.ts';
import { refuseLoss, removedEntries, removeObjects } from './removed-files.ts';
import { type Sent, sendAll } from './send-files.ts';
import type { Conversation } from './verb.ts';

/** Times that a push looks again because another one changed an object or the manifest first. */
const ATTEMPTS = 5;
/** Files hashed before other work gets its turn. */
const TURN = 200;

export type FileResult = {
  readonly path: string;
  readonly key: string;
  readonly rows: number;
  readonly size: number;
};
export type UploadDataResult = {
  readonly sent: readonly (FileResult & { readonly reason: SendReason })[];
  readonly unchanged: readonly FileResult[];
  /** Sent by a push that ended before it could write so into the manifest. */
  readonly found: readonly FileResult[];
  /** In the lake but not in this folder: they stay there, with their rows (`removed_files = keep`). */
  readonly kept: readonly string[];
  /** Not in this folder any more: taken out of the lake, their rows go with the next ingestion (`removed_files = remove`). */
  readonly removed: readonly string[];
  readonly same_content: readonly { readonly path: string; readonly as: string }[];
  /** Keys of interrupted uploads whose parts were removed. */
  readonly cleared: readonly string[];
};
export type UploadDataOptions = { readonly confirmRemovals: boolean };

/**
 * Brings the source files of a folder into the lake's raw prefix. The content decides what is sent; what is in the lake
 * unchanged costs no PUT. Content that the lake does not know is checked first: one broken file refuses the push as a
 * whole. Objects are written only as they were seen, so of two pushes at once none undoes the other. Throws BrokenFiles
 * or ExplainedError.
 */
export async function uploadData(
  lake: Lake,
  folder: string,
  options: UploadDataOptions,
  conversation: Conversation,
): Promise<UploadDataResult> {
  const files = await sourceFolder(folder);
  if (files.length === 0) throw noSourceFiles(folder);
  const looked = look(lake);
  // Should hashing fail, that failure is the one to tell.
  looked.catch(() => {});
  const [contents, commit] = await Promise.all([digests(files, conversation), commitOf(folder)]);
  const rowsOf = new Map<string, number>();
  let seen = await looked;
  for (let attempt = 1; ; attempt++) {
    const result = await push({ lake, folder, options, conversation, contents, commit, rowsOf, ...seen });
    if (result !== 'other-push') return result;
    if (attempt === ATTEMPTS) throw new Error('other pushes came first each time; run upload-data again');
    conversation.say('another push changed the lake meanwhile: looking again');
    seen = await look(lake);
  }
}

/** What is in the lake. */
async function look(lake: Lake) {
  const raw = lake.config.prefixes.raw;
  const open = lake.bucket.multipart.open(raw);
  open.catch(() => {});
  const manifest = await readManifest(lake);
  const stored = await lake.bucket.list(
    raw,
    manifest.files.map(({ key }) => key),
  );
  return { manifest, stored, open: await open };
}

async function digests(
  files: readonly LocalSourceFile[],
  conversation: Conversation,
): Promise<LocalContent[]> {
  const contents: LocalContent[] = [];
  let read = 0;
  const tell = progress(
    conversation,
    () => `read ${contents.length} of ${files.length} files, ${bytes(read)}`,
  );
  for (const { path, file, size } of files) {
    if (contents.length % TURN === 0) await new Promise(setImmediate);
    conversation.signal.throwIfAborted();
    const digest = await digestOfFile(file, size);
    contents.push({ path, file, digest });
    read += digest.size;
    tell();
  }
  return contents;
}

export type Push = Awaited<ReturnType<typeof look>> & {
  readonly lake: Lake;
  readonly folder: string;
  readonly options: UploadDataOptions;
  readonly conversation: Conversation;
  readonly contents: readonly LocalContent[];
  readonly commit: Commit | null;
  /** Rows by SHA-256 of contents that were checked. */
  readonly rowsOf: Map<string, number>;
};

async function push(task: Push): Promise<UploadDataResult | 'other-push'> {
  const { lake, folder, manifest, contents, conversation } = task;
  const raw = lake.config.prefixes.raw;
  const plan = planPush(contents, manifest, task.stored, raw);
  const policy = lake.config.ingestion.removed_files;
  const removed: RemovedFile[] =
    policy === 'remove' ? removedEntries(plan.gone, task.commit?.sha ?? null, task.options) : [];
  if ((await refuseOlder(task, manifest)) === 'unknown') sayUnknownOrder(task);
  await checkUnknown(task, plan);
  if (removed.length > 0) refuseLoss(task, plan.gone);

  let sent: Sent = { entries: [], found: [], sent: [] };
  if (plan.wanted.length > 0 || removed.length > 0) {
    const changes = await claim(task);
    const done = await sendAll(task, plan.wanted);
    if (done === 'other-push') return done;
    sent = done;
    await removeObjects(task, removed);
    await changeManifest(lake, async (now: Manifest) => {
      await refuseOlder(task, now);
      return afterPush(now, sent.entries, removed, changes);
    });
  }
  const cleared = await clearLeftovers(lake, task.open, conversation);

  const same = sameContent(contents, manifest);
  for (const { path, as } of same)
    conversation.say(`${path} has the same content as ${as}: its rows are in the table once`);
  const kept = policy === 'remove' ? [] : plan.gone.map(({ path }) => path);
  for (const path of kept) conversation.say(`${path} is not in ${folder}: it stays in the lake`);
  for (const { path } of removed) conversation.say(`${path} is not in ${folder}: removed from the lake`);
  const counts = [
    `${counted(sent.sent.length, 'file')} sent`,
    `${plan.unchanged.length + sent.found.length} unchanged`,
    policy === 'remove' ? `${removed.length} removed` : `${kept.length} kept`,
  ];
  conversation.say(counts.join(', '));
  return {
    sent: sent.sent,
    unchanged: plan.unchanged.map(({ path, key, rows, size }) => ({ path, key, rows, size })),
    found: sent.found,
    kept,
    removed: removed.map(({ path }) => path),
    same_content: same,
    cleared,
  };
}
