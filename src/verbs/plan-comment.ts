import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitHub } from '../github/api.ts';
import type { Permission } from '../github/api-error.ts';
import { markOutdated, stickyComments, syncComments } from '../github/sticky-comments.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import { commentName, planComments } from '../report/plan/comments.ts';
import { documentName, type PlanDocument, readPlanDocument } from '../terraform/plan/document.ts';
import { counted } from './progress.ts';
import type { Conversation } from './verb.ts';

const WRITE: Permission = { scope: 'pull-requests', level: 'write' };
const ANY_PLAN = commentName('');
const SUFFIX = documentName('');

export type PlanCommentResult = {
  /** Comments that show the plans. */
  readonly comments: number;
  readonly written: number;
  readonly removed: number;
  /** Comments of older plans that were marked. */
  readonly outdated: number;
  /** Address of the first comment; empty when there is none. */
  readonly url: string;
};

/**
 * Shows plans on a pull request, one sticky comment an environment in as many parts as it takes, and marks the plans of
 * older commits as outdated. A plan of an older commit never takes the place of the newest one's. Throws ExplainedError.
 */
export async function planComment(
  github: GitHub,
  number: number,
  plans: readonly PlanDocument[],
  conversation: Conversation,
): Promise<PlanCommentResult> {
  const pull = await github.call(
    'GET /repos/{owner}/{repo}/pulls/{pull_number}',
    { pull_number: number },
    WRITE,
  );
  const head = pull.head.sha;
  const there = await stickyComments(github, number, WRITE);
  const result = { comments: 0, written: 0, removed: 0, outdated: 0, url: '' };
  for (const plan of plans) {
    const name = commentName(plan.environment);
    if (plan.commit !== head && there.some((one) => one.name === name && one.commit === head)) {
      conversation.say(`${plan.environment}: a plan of the newer commit ${short(head)} is shown already`);
      continue;
    }
    const bodies = planComments(plan);
    const synced = await syncComments(github, number, name, there, bodies, WRITE);
    result.comments += bodies.length;
    result.written += synced.written;
    result.removed += synced.removed;
    result.url ||= synced.url;
    conversation.say(`${plan.environment}: ${counted(bodies.length, 'comment')}, ${synced.url}`);
  }
  const now = result.written + result.removed === 0 ? there : await stickyComments(github, number, WRITE);
  const old = now.filter(({ name, commit }) => name.startsWith(ANY_PLAN) && commit !== head);
  for (const commit of new Set(old.map((one) => one.commit))) {
    const note = `**This plan is outdated**: it is of commit ${short(commit)}, and the pull request is at ${short(head)} now.`;
    const own = old.filter((one) => one.commit === commit);
    result.outdated += await markOutdated(github, own, note, WRITE);
  }
  if (result.outdated > 0) conversation.say(`${counted(result.outdated, 'comment')} marked as outdated`);
  return result;
}

/**
 * The plans at a path: one document, or all *.plan.json below a folder; none when nothing is there. Throws ExplainedError for
 * two plans of one environment, and for other documents.
 */
export async function plansAt(path: string): Promise<PlanDocument[]> {
  if (!existsSync(path)) return [];
  const files = (await stat(path)).isDirectory()
    ? (await readdir(path, { recursive: true }))
        .filter((name) => name.endsWith(SUFFIX))
        .map((name) => join(path, name))
    : [path];
  const plans = await Promise.all(
    files.sort().map(async (file) => readPlanDocument(await readFile(file, 'utf8'), file)),
  );
  const names = plans.map(({ environment }) => environment);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return plans;
  throw new ExplainedError({
    what: `there are two plans of ${twice}`,
    where: files.filter((_, index) => names[index] === twice).join(', '),
    why: 'documents of another run lie in the same folder',
    cure: 'download the documents of one run into an empty folder',
  });
}

function short(sha: string): string {
  return sha.slice(0, 12);
}
