import { resolve } from 'node:path';
import { runContext } from '../github/event.ts';
import type { PlanCommentResult } from '../verbs/plan-comment.ts';
import { counted } from '../verbs/progress.ts';
import { defineLakelessAction, type Surroundings } from './action.ts';
import { githubOf, TOKEN } from './github-inputs.ts';
import { choice, type InputProblem, optional } from './inputs.ts';

type Given = {
  readonly to?: 'pull-request' | 'drift-issue';
  readonly plans?: string;
  readonly 'pull-request'?: string;
};

export const action = defineLakelessAction({
  verb: 'plan-comment',
  inputs: {
    plans: optional('plans', /./, 'not a path'),
    to: choice('pull-request', 'drift-issue'),
    'pull-request': optional(
      `\${{ github.event.pull_request.number }}`,
      /^[1-9]\d*$/,
      'not the number of a pull request',
    ),
    'github-token': TOKEN,
  },
  check: (values, surroundings) => contradictions(values as Given, surroundings),
  async run(values, conversation, surroundings) {
    const { planComment, plansAt } = await import('../verbs/plan-comment.ts');
    const { env, workspace } = surroundings;
    const plans = values.plans === undefined ? [] : await plansAt(resolve(workspace, values.plans));
    const api = githubOf(values['github-token'], env, conversation);
    if (values.to === 'drift-issue') {
      const { driftIssue } = await import('../verbs/drift-issue.ts');
      return driftIssue(api, plans, conversation);
    }
    return planComment(api, numberOf(values['pull-request'], env) ?? 0, plans, conversation);
  },
  isResult: (result): result is PlanCommentResult => 'comments' in result && 'url' in result,
  outputNames: ['comments', 'written', 'removed', 'outdated', 'url'],
  outputs: ({ comments, written, removed, outdated, url }) => ({ comments, written, removed, outdated, url }),
  headline: ({ comments, written, removed, outdated }) =>
    `${counted(comments, 'comment')} with plans: ${written} written, ${removed} surplus removed, ${outdated} marked as outdated`,
  summary: ({ url }) => (url === '' ? '' : url),
});

function numberOf(given: string | undefined, env: NodeJS.ProcessEnv): number | undefined {
  return given === undefined ? runContext(env).pullRequest?.number : Number(given);
}

function contradictions(values: Given, { env }: Surroundings): InputProblem[] {
  const problems: InputProblem[] = [];
  const { to, plans, 'pull-request': number } = values;
  if (to === 'pull-request' && numberOf(number, env) === undefined)
    problems.push({
      problem: 'pull-request is missing, and the event is not of a pull request',
      line: 'pull-request: <its number>',
    });
  if (to === 'drift-issue' && number !== undefined)
    problems.push({
      problem: 'pull-request is given, but to: drift-issue shows plans on an issue',
      line: 'to: pull-request   # or leave pull-request out',
    });
  if (to === 'drift-issue' && plans === undefined)
    problems.push({
      problem: 'plans is missing: without a plan nobody knows of drift',
      line: 'plans: plans',
    });
  return problems;
}
