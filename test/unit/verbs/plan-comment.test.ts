import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/aws/poller.ts';
import { type GitHub, github } from '../../../src/github/api.ts';
import { markerOf } from '../../../src/github/sticky-comments.ts';
import { type PlanDocument, planDocument } from '../../../src/terraform/plan/document.ts';
import { planComment, plansAt } from '../../../src/verbs/plan-comment.ts';
import { reviewedPlan } from '../../../src/verbs/reviewed-plan.ts';
import { inLines } from '../../../src/verbs/verb.ts';
import { FakeGitHub } from '../../support/fake-github.ts';
import { eventfulPlan, largePlan, ORIGIN, shownPlan } from '../../support/plans.ts';

const PULL = 7;
const OLD = '0'.repeat(40);
const NEW = 'f'.repeat(40);
const MERGED = 'b'.repeat(40);
let fake: FakeGitHub;
let api: GitHub;
const conversation = {
  ...inLines(() => {}),
  clock: systemClock,
  signal: new AbortController().signal,
};

beforeEach(async () => {
  fake = await FakeGitHub.start();
  const { url: apiUrl, token, owner, repo } = fake;
  api = github({ apiUrl, token, owner, repo, fork: false, clock: systemClock, say: () => {} });
  fake.pulls.set(PULL, { number: PULL, headSha: OLD });
});
afterEach(() => fake[Symbol.asyncDispose]());

function plan(environment: string, commit: string, shown: object = eventfulPlan()): PlanDocument {
  const { text: _, ...document } = planDocument(shown, { ...ORIGIN, environment, commit });
  return document;
}
const show = (...plans: PlanDocument[]) => planComment(api, PULL, plans, conversation);
const markers = () => fake.bodies(PULL).map(markerOf);

describe('plans on a pull request', () => {
  it('have one comment for each environment, found again by the next commit', async () => {
    expect(await show(plan('dev', OLD), plan('prod', OLD))).toMatchObject({
      comments: 2,
      written: 2,
      outdated: 0,
    });
    fake.pulls.set(PULL, { number: PULL, headSha: NEW });
    expect(await show(plan('dev', NEW), plan('prod', NEW))).toMatchObject({
      comments: 2,
      written: 2,
      outdated: 0,
    });
    expect(markers()).toEqual([
      { name: 'plan:dev', part: 1, commit: NEW },
      { name: 'plan:prod', part: 1, commit: NEW },
    ]);
  });

  it('lose the parts that they no longer need', async () => {
    const { comments } = await show(plan('dev', OLD, largePlan(500)));
    expect(comments).toBeGreaterThan(3);
    const result = await show(plan('dev', OLD));
    expect(result).toMatchObject({ comments: 1, written: 1, removed: comments - 1 });
    expect(fake.bodies(PULL)).toHaveLength(1);
  });

  it('are marked as outdated when the pull request has moved on and no new plan is there', async () => {
    await show(plan('dev', OLD), plan('prod', OLD));
    fake.pulls.set(PULL, { number: PULL, headSha: NEW });
    expect(await show(plan('prod', NEW))).toMatchObject({ comments: 1, outdated: 1 });
    const [dev = '', prod = ''] = fake.bodies(PULL);
    expect(dev).toContain(
      '**This plan is outdated**: it is of commit 000000000000, and the pull request is at ffffffffffff',
    );
    expect(prod).not.toContain('outdated');
    expect(await show()).toMatchObject({ outdated: 0 });
  });

  it('never take the place of a newer commit’s, when an older run ends last', async () => {
    fake.pulls.set(PULL, { number: PULL, headSha: NEW });
    await show(plan('dev', NEW));
    expect(await show(plan('dev', OLD))).toMatchObject({ comments: 0, written: 0 });
    expect(markers()).toMatchObject([{ commit: NEW }]);
    expect(await show(plan('prod', OLD))).toMatchObject({ written: 1, outdated: 1 });
  });
});

describe('documents of plans', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mydatahub-plans-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, document: object) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(document));
  };

  it('are found below a folder, each artifact in a folder of its own', async () => {
    write('plan-dev/dev.plan.json', plan('dev', OLD));
    write('plan-prod/prod.plan.json', plan('prod', OLD));
    write('plan-prod/other.json', {});
    expect((await plansAt(folder)).map(({ environment }) => environment)).toEqual(['dev', 'prod']);
    expect(await plansAt(join(folder, 'nothing'))).toEqual([]);
  });

  it('of one environment are one', async () => {
    write('a/dev.plan.json', plan('dev', OLD));
    write('b/dev.plan.json', plan('dev', NEW));
    await expect(plansAt(folder)).rejects.toThrow('two plans of dev');
  });
});

describe('the reviewed plan of a merged commit', () => {
  const merge = (merged: { sha: string; others?: string[] }, headSha = OLD) =>
    fake.pulls.set(PULL, { number: PULL, headSha, merged });
  const reviewed = (commit = MERGED, key = ORIGIN.key) => reviewedPlan(api, commit, 'dev', key);
  beforeEach(() => show(plan('dev', OLD, largePlan(400))));

  it('is found after a merge or a squash', async () => {
    merge({ sha: MERGED });
    const document = planDocument(largePlan(400), { ...ORIGIN, commit: OLD });
    expect(await reviewed()).toMatchObject({ pullRequest: PULL, digest: document.digest });
  });

  it('is found after a rebase, of which the pushed commit is the last', async () => {
    merge({ sha: MERGED, others: ['d'.repeat(40), 'e'.repeat(40)] });
    fake.pulls.set(8, { number: 8, headSha: 'e'.repeat(40) });
    expect(await reviewed()).toMatchObject({ pullRequest: PULL });
    expect(await reviewed('d'.repeat(40))).toMatchObject({ pullRequest: PULL });
  });

  it.each([
    ['nobody has merged it', () => undefined, 'came from no pull request'],
    [
      'the branch went on after the plan',
      () => merge({ sha: MERGED }, NEW),
      'is of commit 000000000000, and ffffffffffff was merged',
    ],
    [
      'it is of another environment',
      () => {
        merge({ sha: MERGED });
        for (const comment of fake.comments.values())
          comment.body = comment.body.replaceAll('plan:dev', 'plan:prod');
      },
      'shows no plan of dev',
    ],
    [
      'a part of it is gone',
      () => {
        merge({ sha: MERGED });
        fake.comments.delete([...fake.comments.keys()].at(-1) ?? 0);
      },
      'was changed after it was written',
    ],
    [
      'somebody else wrote it',
      () => {
        merge({ sha: MERGED });
        for (const comment of fake.comments.values()) comment.user = { login: 'mallory', type: 'User' };
      },
      'shows no plan of dev',
    ],
  ])('does not count when %s', async (_why, prepare, lacking) => {
    prepare();
    expect(await reviewed()).toMatchObject({ lacking: expect.stringContaining(lacking) });
  });

  it('does not count when it is of another pull request, another commit or another state', async () => {
    merge({ sha: MERGED });
    expect(await reviewed(MERGED, 'another key')).toMatchObject({
      lacking: expect.stringContaining('another state'),
    });
    for (const comment of fake.comments.values()) comment.body = comment.body.replaceAll(OLD, NEW);
    merge({ sha: MERGED }, NEW);
    expect(await reviewed()).toMatchObject({ lacking: expect.stringContaining('was changed') });
  });

  it('of a plan that changes nothing is a plan as well', async () => {
    fake.comments.clear();
    await show(plan('dev', OLD, shownPlan([])));
    merge({ sha: MERGED });
    expect(await reviewed()).toMatchObject({ canonical: { changes: [] } });
  });
});
