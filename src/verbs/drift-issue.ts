import type { GitHub } from '../github/api.ts';
import type { Permission } from '../github/api-error.ts';
import { marker, markerOf, stickyComments, syncComments } from '../github/sticky-comments.ts';
import { code, parts, plain, table } from '../report/markdown.ts';
import { commentName, planComments } from '../report/plan/comments.ts';
import { planSentence } from '../report/plan/sentence.ts';
import type { PlanDocument } from '../terraform/plan/document.ts';
import type { PlanCommentResult } from './plan-comment.ts';
import type { Conversation } from './verb.ts';

const WRITE: Permission = { scope: 'issues', level: 'write' };
const NAME = 'drift';
const TITLE = 'The infrastructure differs from the configuration';

/** An open issue, as far as it is used here. */
type Issue = { readonly number: number; readonly html_url: string; readonly body: string };

/**
 * Keeps the one issue about drift: opened when a plan changes anything or finds something changed from outside, its text
 * and the plans in its comments brought up to date, closed when all is as it should be. Throws ExplainedError.
 *
 * @param plans of every environment, made on the branch that is applied
 */
export async function driftIssue(
  github: GitHub,
  plans: readonly PlanDocument[],
  conversation: Conversation,
): Promise<PlanCommentResult> {
  const drifted = plans.filter(({ changes, drift }) => changes || drift.length > 0);
  const open = await openIssue(github);
  const none = { comments: 0, written: 0, removed: 0, outdated: 0, url: '' };
  if (drifted.length === 0) {
    if (open === undefined) return none;
    await change(github, open.number, { body: closingText(open.body), state: 'closed' });
    conversation.say(`no drift any more: closed ${open.html_url}`);
    return { ...none, url: open.html_url };
  }
  const body = driftText(plans);
  const issue = open ?? (await create(github, body));
  if (issue.body !== body) await change(github, issue.number, { body });
  const result = { ...none, url: issue.html_url };
  const there = open === undefined ? [] : await stickyComments(github, issue.number, WRITE);
  for (const plan of plans) {
    const bodies = drifted.includes(plan) ? planComments(plan) : [];
    const name = commentName(plan.environment);
    const { written, removed } = await syncComments(github, issue.number, name, there, bodies, WRITE);
    result.comments += bodies.length;
    result.written += written;
    result.removed += removed;
  }
  conversation.say(`drift of ${drifted.map(({ environment }) => environment).join(', ')}: ${issue.html_url}`);
  return result;
}

/** Text of the issue: what differs, one sentence an environment. */
export function driftText(plans: readonly PlanDocument[]): string {
  const rows = plans.map((plan) => [
    code(plan.environment),
    plain(planSentence(plan)),
    plan.run_url === null ? '' : `[run](${plan.run_url})`,
  ]);
  return parts(
    `${marker({ name: NAME, part: 1, commit: plans[0]?.commit ?? '' })}What an apply of commit ${(plans[0]?.commit ?? '').slice(0, 12)} would do now. The plans are in the comments below, and are kept up to date; this issue is closed when nothing differs any more.`,
    table(['Environment', 'An apply would do this', ''], rows),
    'Somebody changed it by hand, or what was merged was not applied. Take the change back, or put it into the configuration.',
  );
}

function closingText(body: string): string {
  const line = marker({ name: NAME, part: 1, commit: markerOf(body)?.commit ?? '' });
  return `${line}Nothing differs any more. The plans below are the last ones that did.`;
}

async function openIssue(github: GitHub): Promise<Issue | undefined> {
  const issues = await github.all('GET /repos/{owner}/{repo}/issues', { state: 'open' }, WRITE);
  const found = issues.find(
    ({ body, pull_request, user }) =>
      pull_request === undefined &&
      (!github.installation || user?.type === 'Bot') &&
      markerOf(body ?? '')?.name === NAME,
  );
  if (found === undefined) return undefined;
  return {
    number: found.number,
    html_url: found.html_url,
    body: (found.body ?? '').replaceAll('\r\n', '\n'),
  };
}

async function create(github: GitHub, body: string): Promise<Issue> {
  const { number, html_url } = await github.call(
    'POST /repos/{owner}/{repo}/issues',
    { title: TITLE, body },
    WRITE,
  );
  return { number, html_url, body };
}

async function change(
  github: GitHub,
  issue: number,
  to: { readonly body: string; readonly state?: 'closed' },
): Promise<void> {
  await github.call(
    'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
    { issue_number: issue, ...to },
    WRITE,
  );
}
