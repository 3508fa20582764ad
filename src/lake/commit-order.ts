import { ExplainedError } from './explained-error.ts';

/** The newest commit that was pushed to a lake. `time` is ISO, UTC. */
export type PushedCommit = { readonly sha: string; readonly time: string };

/** How a commit lies to the one that was pushed last. */
export type CommitOrder = 'same' | 'newer' | 'older' | 'unknown';

/** The refusal of a push whose commit is older than the one that was pushed last. */
export function olderCommit(ours: string, pushed: PushedCommit): ExplainedError {
  return new ExplainedError({
    what: `nothing was sent: commit ${short(ours)} is older than what the lake holds`,
    where: `the lake holds ${short(pushed.sha)} of ${pushed.time}`,
    why: 'an old workflow was run again, or this checkout is behind',
    cure:
      'push the newest commit; to bring old data back on purpose, make it a new commit ' +
      '(git revert, or git commit --allow-empty on the state you want)',
  });
}

function short(sha: string): string {
  return sha.slice(0, 12);
}
