import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CommitOrder, PushedCommit } from '../lake/commit-order.ts';

const run = promisify(execFile);

/** The commit the source files come from; `time` (ISO, UTC) is `null` where there is no git to ask. */
export type Commit = { readonly sha: string; readonly time: string | null };

/**
 * HEAD of the repository around `folder`, else GITHUB_SHA (a checkout without git), else `null`.
 */
export async function commitOf(folder: string): Promise<Commit | null> {
  const head = await git(folder, 'show', '--no-patch', '--format=%H %ct', 'HEAD');
  const [sha, seconds] = head.output.split(' ');
  if (head.status === 0 && sha !== undefined)
    return { sha, time: new Date(Number(seconds) * 1000).toISOString() };
  const named = process.env.GITHUB_SHA;
  return named === undefined || named === '' ? null : { sha: named, time: null };
}

/**
 * How `ours` lies to the commit that was pushed last: by history where both are in it, else (a shallow clone, another
 * branch) by the time of the commits.
 */
export async function orderOf(folder: string, ours: Commit, pushed: PushedCommit): Promise<CommitOrder> {
  if (ours.sha === pushed.sha) return 'same';
  if (await isAncestor(folder, ours.sha, pushed.sha)) return 'older';
  if (await isAncestor(folder, pushed.sha, ours.sha)) return 'newer';
  if (ours.time === null) return 'unknown';
  return Date.parse(ours.time) < Date.parse(pushed.time) ? 'older' : 'newer';
}

/** False also when a commit is not in the history that was fetched. */
async function isAncestor(folder: string, ancestor: string, of: string): Promise<boolean> {
  return (await git(folder, 'merge-base', '--is-ancestor', ancestor, of)).status === 0;
}

async function git(folder: string, ...args: string[]): Promise<{ status: number; output: string }> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...args]);
    return { status: 0, output: stdout.trim() };
  } catch {
    // No git, no repository, or a commit that is not there: what is known is what the caller makes of it.
    return { status: 1, output: '' };
  }
}
