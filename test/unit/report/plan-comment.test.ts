import { describe, expect, it } from 'vitest';
import { COMMENT_LIMIT, markerOf } from '../../../src/github/sticky-comments.ts';
import { detach } from '../../../src/report/plan/attached.ts';
import { planComments, planSummary } from '../../../src/report/plan/comments.ts';
import { planSentence } from '../../../src/report/plan/sentence.ts';
import { planDocument } from '../../../src/terraform/plan/document.ts';
import { driftText } from '../../../src/verbs/drift-issue.ts';
import { eventfulPlan, largePlan, ORIGIN, resourceChange, shownPlan } from '../../support/plans.ts';

/** A comment without the letters that stand for the canonical form: their bytes are gzip's, not ours. */
const readable = (comment = '') =>
  comment.replace(/(mydatahub-canonical )[A-Za-z0-9+/=]+/, '$1…').replace(/("length":)\d+/, '$1…');
const plan = (shown: object, origin = {}) => planDocument(shown, { ...ORIGIN, ...origin });
const addressesIn = (text: string) =>
  [...text.matchAll(/<code>(aws_glue_job\.job\[\d+\])<\/code>/g)].map(([, one]) => one);

describe('the comment of a plan', () => {
  it('warns first, then counts, says it plainly, and shows every resource', async () => {
    const comments = planComments(plan(eventfulPlan()));
    expect(comments).toHaveLength(1);
    await expect(readable(comments[0])).toMatchFileSnapshot('golden/plan-comment.md');
  });

  it('of a plan that changes nothing is short', async () => {
    const comments = planComments(plan(shownPlan([]), { changes: false }));
    expect(comments).toHaveLength(1);
    await expect(readable(comments[0])).toMatchFileSnapshot('golden/plan-comment-nothing.md');
  });

  it('is divided between resources when it is long, and nothing of it is lost', () => {
    const count = 1_000;
    const comments = planComments(plan(largePlan(count)));
    expect(comments.length).toBeGreaterThan(10);
    const all = comments.flatMap(addressesIn);
    expect(all).toHaveLength(count);
    expect(new Set(all).size).toBe(count);
    for (const [index, comment] of comments.entries()) {
      expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(COMMENT_LIMIT - 500);
      expect(markerOf(comment)).toMatchObject({ name: 'plan:dev', part: index + 1 });
      expect(comment).toContain(`part ${index + 1} of ${comments.length}`);
      const fences = comment.match(/^```/gm)?.length ?? 0;
      expect(fences % 2).toBe(0);
      expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
    }
  });

  it('shows also a resource that is larger than a comment, line by line and every letter', () => {
    const text = Array.from({ length: 4_000 }, (_, line) => `line ${line} of a long text, größer`).join('\n');
    const oneLine = 'ä'.repeat(100_000);
    const after = { script: text, words: oneLine };
    const comments = planComments(
      plan(shownPlan([resourceChange('aws_x.y', { actions: ['create'], after })])),
    );
    const shown = comments.join('\n');
    for (const line of text.split('\n')) expect(shown).toContain(`+   ${line}\n`);
    expect(shown.match(/ä/g)).toHaveLength(100_000);
    for (const comment of comments) expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(COMMENT_LIMIT);
  });

  it('cannot be broken out of by what a value holds', () => {
    const after = { a: '```\n</details>\n# heading @team', b: '-->' };
    const address = 'aws_x.y["<script>@team"]';
    const [comment = ''] = planComments(
      plan(shownPlan([resourceChange(address, { actions: ['create'], after })])),
    );
    expect(comment).toContain('````diff\n');
    expect(comment).toContain('&lt;script&gt;@\u2060team');
    expect(comment.match(/^````$/gm)).toHaveLength(1);
  });

  it('carries the canonical form through any number of parts, and tells when one is missing or changed', () => {
    const document = plan(largePlan(1_000));
    const comments = planComments(document);
    expect(detach(comments)).toMatchObject({
      digest: document.digest,
      seal: document.seal,
      text: document.text,
    });
    expect(detach(comments.slice(0, -1))?.text).toBeUndefined();
    const damaged = comments.map((comment) => comment.replace(/(canonical .{100})./, '$1A'));
    expect(detach(damaged)?.text).not.toBe(document.text);
    expect(detach(['somebody else’s'])).toBeUndefined();
    expect(detach([])).toBeUndefined();
  });
});

describe('the job summary of a plan', () => {
  it('holds the whole plan', async () => {
    await expect(planSummary(plan(eventfulPlan()))).toMatchFileSnapshot('golden/plan-summary.md');
    expect(addressesIn(planSummary(plan(largePlan(500))))).toHaveLength(500);
  });

  it('says how much does not fit, when it is larger than GitHub takes', () => {
    const summary = planSummary(plan(largePlan(2_000)));
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
    const left = 2_000 - addressesIn(summary).length;
    expect(left).toBeGreaterThan(0);
    expect(summary).toContain(`**${left.toLocaleString('en')} of 2,000 entries** do not fit`);
  });
});

describe('the plain sentence', () => {
  const of = (...changes: [string, string[]][]) =>
    planSentence(
      plan(
        shownPlan(
          changes.map(([address, actions]) => resourceChange(address, { actions, before: {}, after: {} })),
        ),
      ),
    );

  it.each([
    [[['aws_glue_job.a', ['create']]], '1 Glue job is added; nothing is deleted.'],
    [
      [
        ['aws_lakeformation_permissions.a', ['create']],
        ['aws_lakeformation_permissions.b', ['create']],
        ['aws_iam_role.r', ['update']],
      ],
      '2 grants in Lake Formation are added; 1 role is changed in place; nothing is deleted.',
    ],
    [
      [
        ['aws_sqs_queue.q', ['delete']],
        ['aws_sqs_queue.r', ['delete']],
      ],
      '2 sqs queues are deleted.',
    ],
    [[['aws_s3_bucket.b', ['delete', 'create']]], '1 bucket is destroyed and made anew.'],
    [
      [
        ['aws_nat_gateway.a', ['delete']],
        ['aws_nat_gateway.b', ['delete']],
        ['aws_ecr_repository.a', ['delete']],
        ['aws_ecr_repository.b', ['delete']],
      ],
      '2 ecr repositories and 2 nat gateways are deleted.',
    ],
  ] as [[string, string[]][], string][])('of %j', (changes, sentence) => {
    expect(of(...changes)).toBe(sentence);
  });

  it('of nothing, of outputs alone, and of drift', () => {
    expect(planSentence(plan(shownPlan([]), { changes: false }))).toBe('Nothing changes.');
    const output_changes = { a: { actions: ['create'], before: null, after: 1 } };
    expect(planSentence(plan(shownPlan([], { output_changes })))).toBe(
      'Only 1 output of Terraform changes; nothing is deleted.',
    );
    const [drift, back] = [
      [1, 2],
      [2, 1],
    ].map(([before, after]) =>
      resourceChange('aws_glue_job.a', { actions: ['update'], before: { a: before }, after: { a: after } }),
    );
    expect(planSentence(plan(shownPlan([back ?? {}], { resource_drift: [drift] })))).toBe(
      '1 Glue job is changed in place; nothing is deleted. 1 Glue job was changed outside of Terraform since the last apply.',
    );
  });
});

describe('the issue about drift', () => {
  it('says for each environment what differs', async () => {
    const plans = [
      plan(shownPlan([]), { environment: 'prod', changes: false }),
      plan(eventfulPlan(), { environment: 'dev' }),
    ];
    await expect(driftText(plans)).toMatchFileSnapshot('golden/drift-issue.md');
  });
});
