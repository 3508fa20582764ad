import type { GitHub } from '../github/api.ts';
import type { Permission } from '../github/api-error.ts';
import { stickyComments } from '../github/sticky-comments.ts';
import { detach, type ReviewedPlan } from '../report/plan/attached.ts';
import { commentName } from '../report/plan/comments.ts';
import { type Canonical, digestOf, readCanonical, sealOf } from '../terraform/plan/canonical.ts';

const READ: Permission = { scope: 'pull-requests', level: 'read' };

/** The plan that was reviewed, or why there is none to go by. */
export type Reviewed =
  | { readonly pullRequest: number; readonly canonical: Canonical; readonly digest: string }
  | { readonly pullRequest: number | null; readonly lacking: string };

type Pull = {
  readonly number: number;
  readonly merged_at?: string | null;
  readonly merge_commit_sha?: string | null;
  readonly head: { readonly sha: string };
};

/**
 * Finds the plan of an environment on the pull request that a commit came from.
 *
 * @param key the key that the plan was sealed with
 */
export async function reviewedPlan(
  github: GitHub,
  commit: string,
  environment: string,
  key: string,
): Promise<Reviewed> {
  const pull = await pullRequestOf(github, commit);
  if (pull === undefined)
    return {
      pullRequest: null,
      lacking: `commit ${short(commit)} came from no pull request that was merged`,
    };
  const name = commentName(environment);
  const comments = (await stickyComments(github, pull.number, READ)).filter((one) => one.name === name);
  const reviewed = detach(comments.map(({ body }) => body));
  const where = { pullRequest: pull.number };
  if (reviewed === undefined)
    return { ...where, lacking: `pull request #${pull.number} shows no plan of ${environment}` };
  if (reviewed.commit !== pull.head.sha)
    return {
      ...where,
      lacking: `the plan on pull request #${pull.number} is of commit ${short(reviewed.commit)}, and ${short(pull.head.sha)} was merged`,
    };
  const text = authentic(reviewed, environment, key);
  if (text === undefined)
    return {
      ...where,
      lacking: `the plan on pull request #${pull.number} was changed after it was written, or was made on another state`,
    };
  return { ...where, canonical: readCanonical(text), digest: reviewed.digest };
}

/** The canonical text, if nobody has changed it, nor what it is said to be the plan of. */
function authentic(reviewed: ReviewedPlan, environment: string, key: string): string | undefined {
  const { text, digest, seal, commit } = reviewed;
  if (text === undefined || reviewed.environment !== environment) return undefined;
  if (digestOf(text, key) !== digest) return undefined;
  return sealOf({ environment, commit, digest }, key) === seal ? text : undefined;
}

/**
 * The merged pull request that brought a commit. GitHub knows it for merges, squashes and rebases; where it does not say so
 * for the commit itself, the pull request that names it as its merge commit is the one.
 */
async function pullRequestOf(github: GitHub, commit: string): Promise<Pull | undefined> {
  const route = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls';
  const pulls: readonly Pull[] = await github.call(route, { commit_sha: commit }, READ);
  const merged = pulls.filter(({ merged_at }) => merged_at != null);
  const exact = merged.find(({ merge_commit_sha }) => merge_commit_sha === commit);
  if (exact !== undefined || merged.length > 0) return exact ?? merged[0];
  const recent: readonly Pull[] = await github.call(
    'GET /repos/{owner}/{repo}/pulls',
    { state: 'closed', sort: 'updated', direction: 'desc', per_page: 100 },
    READ,
  );
  return recent.find((pull) => pull.merged_at != null && pull.merge_commit_sha === commit);
}

function short(sha: string): string {
  return sha.slice(0, 12);
}
