import { type CommitOrder, olderCommit, type PushedCommit } from '../lake/commit-order.ts';
import { changeManifest } from '../lake/manifest.ts';
import type { PushPlan } from '../lake/push-plan.ts';
import type { Manifest } from '../lake/state.ts';
import { orderOf } from './commit.ts';
import { changedMeanwhile } from './send-file.ts';
import type { Push } from './upload-data.ts';
import { brokenOnes, checkAll } from './validate.ts';
import { BrokenFiles } from './verb.ts';

/** Re-running an old workflow must not bring old data back. Throws ExplainedError. */
export async function refuseOlder({ folder, commit }: Push, manifest: Manifest): Promise<CommitOrder> {
  if (manifest.commit === null) return 'newer';
  const order = commit === null ? 'unknown' : await orderOf(folder, commit, manifest.commit);
  if (commit !== null && order === 'older') throw olderCommit(commit.sha, manifest.commit);
  return order;
}

export function sayUnknownOrder({ folder, conversation }: Push): void {
  conversation.say(
    `there is no git history around ${folder}: not checked whether it is older than what the lake holds`,
  );
}

/**
 * Checks contents that no earlier push has sent, and notes their rows. Throws BrokenFiles, with nothing sent, when one
 * breaks the contract.
 */
export async function checkUnknown(
  { lake, manifest, conversation, rowsOf }: Push,
  plan: PushPlan,
): Promise<void> {
  for (const { sha256, rows } of manifest.files) rowsOf.set(sha256, rows);
  const unknown = new Map(
    plan.wanted.filter(({ digest }) => !rowsOf.has(digest.sha256)).map((file) => [file.digest.sha256, file]),
  );
  const options = { additionalColumns: lake.config.ingestion.additional_columns };
  const checked = await checkAll([...unknown.values()], options, conversation);
  for (const { file, sha256, digest } of checked) if (sha256 !== digest.sha256) throw changedMeanwhile(file);
  const broken = brokenOnes(checked);
  if (broken.length > 0) {
    const what = 'nothing was sent: a push with a broken file is refused as a whole';
    throw new BrokenFiles(broken, { files: broken }, what);
  }
  for (const { sha256, rows } of checked) rowsOf.set(sha256, rows);
}

/**
 * Writes into the manifest that this commit is being pushed, before any object is: from then on an older one is
 * refused, also when this push is interrupted. Returns the commit to leave there. Throws ExplainedError when a newer one came first.
 */
export async function claim(task: Push): Promise<PushedCommit | null> {
  const { lake, commit, manifest } = task;
  if (commit === null || commit.time === null) return null;
  const ours = { sha: commit.sha, time: commit.time };
  if (manifest.commit?.sha === ours.sha) return ours;
  await changeManifest(lake, async (now) => {
    await refuseOlder(task, now);
    return { ...now, commit: ours };
  });
  return ours;
}
