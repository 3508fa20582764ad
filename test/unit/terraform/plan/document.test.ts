import { describe, expect, it } from 'vitest';
import {
  canonicalText,
  digestOf,
  readCanonical,
  unpacked,
} from '../../../../src/terraform/plan/canonical.ts';
import { planDifference } from '../../../../src/terraform/plan/difference.ts';
import { countsOf, planDocument, readPlanDocument } from '../../../../src/terraform/plan/document.ts';
import { eventfulPlan, ORIGIN, resourceChange, shownPlan } from '../../../support/plans.ts';

const one = (change: Parameters<typeof resourceChange>[1], more: object = {}) =>
  planDocument(shownPlan([resourceChange('aws_x.y', change)], more), ORIGIN);
const diffOf = (change: Parameters<typeof resourceChange>[1]) => one(change).resources[0]?.diff;
const update = (before: unknown, after: unknown, more: object = {}) =>
  ({ actions: ['update'], before, after, ...more }) as const;

describe('the document of a plan', () => {
  it('counts what happens by its kind', () => {
    expect(countsOf(planDocument(eventfulPlan(), ORIGIN))).toEqual({
      destroy: 1,
      replace: 1,
      create: 3,
      update: 4,
      import: 1,
      move: 1,
      forget: 1,
      read: 1,
      drift: 2,
    });
  });

  it('is read back as it was written, and nothing else is taken for one', () => {
    const { text: _, ...document } = planDocument(eventfulPlan(), ORIGIN);
    expect(readPlanDocument(JSON.stringify(document), 'dev.plan.json')).toEqual(document);
    expect(() => readPlanDocument('{}', 'dev.plan.json')).toThrow('no document of terraform-plan');
  });

  it('refuses actions that are not known, rather than overlook them', () => {
    expect(() => one({ actions: ['transmogrify'] })).toThrow('cannot be understood');
    expect(() => planDocument({ format_version: '2.0' }, ORIGIN)).toThrow('cannot be understood');
  });

  it('says that terraform-apply will refuse to destroy the lake', () => {
    const guard = { actions: ['delete'], before: { output: { allow_destroy: false } } };
    const plan = planDocument(shownPlan([resourceChange('terraform_data.guard', guard)]), ORIGIN);
    expect(plan.refusal?.cure).toContain('allow_destroy = true');
    expect(plan.data_at_risk).toHaveLength(1);
  });
});

describe('a secret', () => {
  const SECRET = 'hunter22-hunter22';

  it.each([
    ['a whole resource', update({ a: 'x' }, { a: SECRET }, { after_sensitive: true })],
    [
      'nested lists and objects',
      update(null, { a: [{ b: ['x', SECRET] }] }, { after_sensitive: { a: [{ b: [false, true] }] } }),
    ],
    [
      'a value that is partly unknown',
      update(null, { a: { b: SECRET } }, { after_sensitive: { a: true }, after_unknown: { a: { c: true } } }),
    ],
    [
      'the value before alone',
      update({ a: SECRET, b: 1 }, { a: 'plain', b: 1 }, { before_sensitive: { a: true } }),
    ],
    [
      'an attribute into which the provider has copied it',
      update(
        { a: SECRET, copy: `url=${SECRET}` },
        { a: SECRET, copy: `url2=${SECRET}` },
        {
          before_sensitive: { a: true },
          after_sensitive: { a: true },
        },
      ),
    ],
    [
      'JSON in a text',
      update({}, { a: SECRET, json: JSON.stringify({ password: SECRET }) }, { after_sensitive: { a: true } }),
    ],
    [
      'a resource that is destroyed',
      { actions: ['delete'], before: { a: SECRET }, before_sensitive: { a: true } },
    ],
  ])('in %s is in no part of the document', (_where, change) => {
    expect(JSON.stringify(one(change))).not.toContain(SECRET);
  });

  it('of an output or a variable is in no part of it either', () => {
    const more = {
      variables: { password: { value: SECRET } },
      configuration: { root_module: { variables: { password: { sensitive: true } } } },
      output_changes: {
        o: { actions: ['create'], before: null, after: 'another-secret', after_sensitive: true },
        leaked: { actions: ['create'], before: null, after: `x ${SECRET}` },
      },
    };
    const text = JSON.stringify(one(update({ a: 1 }, { a: 2 }), more));
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('another-secret');
  });

  it('that changes is seen to change, and one that stays is not', () => {
    const marks = { before_sensitive: { a: true, b: true }, after_sensitive: { a: true, b: true } };
    const change = update(
      { a: 'old-secret', b: 'same-secret' },
      { a: 'new-secret', b: 'same-secret' },
      marks,
    );
    expect(diffOf(change)).toEqual(['! a: (sensitive) → (sensitive, another value)']);
  });

  it('cannot be found by trying values without the key', () => {
    const change = { actions: ['create'], after: { a: 'x' }, after_sensitive: { a: true } };
    const shown = shownPlan([resourceChange('aws_x.y', change)]);
    const text = (key: string | undefined) => planDocument(shown, { ...ORIGIN, key }).text;
    expect(text('one')).not.toBe(text('other'));
    expect(text(undefined)).toContain('{"mydatahub:sensitive":true}');
    expect(planDocument(shown, { ...ORIGIN, key: undefined }).complete).toBe(false);
    expect(planDocument(shown, ORIGIN).complete).toBe(true);
  });
});

describe('a diff of attributes', () => {
  it.each([
    ['a changed value', { a: 1 }, { a: 2 }, ['! a: 1 → 2']],
    [
      'a new and a gone one',
      { a: 'x', gone: true },
      { a: 'x', fresh: [1] },
      ['+ fresh[0]: 1', '- gone: true'],
    ],
    ['a name that is none', { 'a b': 1 }, { 'a b': 2 }, ['! ["a b"]: 1 → 2']],
    ['an item in a list', { l: ['a', 'b', 'c'] }, { l: ['a', 'x', 'b', 'c'] }, ['+ l[1]: "x"']],
    [
      'an item in another place',
      { l: [1, 2] },
      { l: [2, 1] },
      ['! l: the same items in another order', '+ l[0]: 2', '+ l[1]: 1'],
    ],
    ['a part of an item', { l: [{ a: 1, b: 1 }] }, { l: [{ a: 1, b: 2 }] }, ['! l[0].b: 1 → 2']],
    ['JSON in a text', { p: '{"S":[{"A":"x"}]}' }, { p: '{"S":[{"A":"y"}]}' }, ['! p.S[0].A: "x" → "y"']],
    ['spaces in such JSON', { p: '{"a":1}' }, { p: '{"a": 1}' }, ['! p: "{\\"a\\":1}" → "{\\"a\\": 1}"']],
    ['lines of a text', { t: 'a\nb\nc' }, { t: 'a\nB\nc' }, ['! t: from line 2', '-   b', '+   B']],
    ['an empty list', { l: [1] }, { l: [] }, ['- l[0]: 1']],
    ['another sort of value', { v: [1] }, { v: 'x' }, ['- v[0]: 1', '+ v: "x"']],
    ['a text that turns the writing', { t: 'a' }, { t: 'a\u202eb' }, ['! t: "a" → "a\\u{202e}b"']],
    [
      'names that every object has',
      { t: { valueOf: 'x' } },
      { t: { constructor: 'x' } },
      ['+ t.constructor: "x"', '- t.valueOf: "x"'],
    ],
  ])('shows %s', (_what, before, after, lines) => {
    expect(diffOf(update(before, after))).toEqual(lines);
  });

  it('tells an item that is not known from the word for it', () => {
    const change = update({ l: ['unknown'] }, { l: [] }, { after_unknown: { l: [true] } });
    expect(diffOf(change)).toEqual(['! l[0]: "unknown" → (known after apply)']);
  });

  it('names on one line what only the apply will tell', () => {
    const change = { actions: ['create'], after: { a: 'x', e: {} }, after_unknown: { id: true, arn: true } };
    expect(diffOf(change)).toEqual(['+ a: "x"', '# known after apply: arn, id']);
  });

  it('says which attribute forces a replacement', () => {
    const change = {
      actions: ['delete', 'create'],
      before: { bucket: 'a', b: [{ c: 1 }] },
      after: { bucket: 'z', b: [{ c: 2 }] },
      replace_paths: [['bucket'], ['b', 0]],
    };
    expect(diffOf(change)).toEqual([
      '! b[0].c: 1 → 2  # forces replacement',
      '! bucket: "a" → "z"  # forces replacement',
    ]);
  });
});

describe('the canonical form', () => {
  const plan = planDocument(eventfulPlan(), ORIGIN);

  it('is the same however Terraform orders what it says', () => {
    const shown = eventfulPlan() as { resource_changes: object[] };
    const turned = { ...shown, resource_changes: [...shown.resource_changes].reverse() };
    expect(planDocument(turned, ORIGIN).digest).toBe(plan.digest);
    expect(plan.digest).toBe(digestOf(canonicalText(readCanonical(plan.text)), ORIGIN.key));
    expect(unpacked(plan.canonical)).toBe(plan.text);
  });

  it('is another when one value, address, action or secret is', () => {
    const digests = [
      one(update({ a: 1 }, { a: 2 })),
      one(update({ a: 1 }, { a: 3 })),
      one(update({ a: 0 }, { a: 2 })),
      one({ actions: ['delete', 'create'], before: { a: 1 }, after: { a: 2 } }),
      one({ actions: ['create', 'delete'], before: { a: 1 }, after: { a: 2 } }),
      one(update({ a: 1 }, {}, { after_unknown: { a: true } })),
      one(update({ a: 1 }, { a: { 'mydatahub:unknown': true } })),
      one(update({ a: 1 }, { a: 2 }, { after_sensitive: { a: true } })),
      one(update({ a: 1 }, { a: 3 }, { after_sensitive: { a: true } })),
      one({ ...update({ a: 1 }, { a: 2 }), importing: { id: 'x' } }),
      planDocument(shownPlan([resourceChange('aws_x.z', update({ a: 1 }, { a: 2 }))]), ORIGIN),
      planDocument(shownPlan([resourceChange('aws_x.y', update({ a: 1 }, { a: 2 }))]), {
        ...ORIGIN,
        environment: 'prod',
      }),
    ].map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('leaves out what a change does not touch, and what was changed from outside', () => {
    const a = one(update({ a: 1, version: 1 }, { a: 2, version: 1 }));
    const b = one(update({ a: 1, version: 2 }, { a: 2, version: 2 }), {
      resource_drift: [resourceChange('aws_x.y', update({ version: 1 }, { version: 2 }))],
    });
    expect(b.digest).toBe(a.digest);
  });

  it('tells in what two plans differ', () => {
    const shown = eventfulPlan() as { resource_changes: { address: string; change: object }[] };
    const changes = shown.resource_changes
      .filter(({ address }) => address !== 'aws_iam_role_policy.ingestion')
      .map((change) =>
        change.address === 'aws_glue_job.ingestion'
          ? resourceChange(change.address, update({ timeout: 60 }, { timeout: 120 }))
          : change,
      );
    const now = planDocument(
      shownPlan([...changes, resourceChange('aws_x.new', { actions: ['create'], after: { a: 1 } })]),
      ORIGIN,
    );
    const found = planDifference(readCanonical(plan.text), readCanonical(now.text));
    expect(found.map(({ address, what }) => [address, what])).toEqual([
      ['aws_glue_job.ingestion', 'update, with other values'],
      ['aws_iam_role_policy.ingestion', 'was to update, and no longer is'],
      ['aws_x.new', 'create, which nobody has reviewed'],
      ['output.bucket', 'was to update, and no longer is'],
    ]);
    expect(found[0]?.diff).toContain('! after.timeout: 90 → 120');
    expect(planDifference(readCanonical(plan.text), readCanonical(plan.text))).toEqual([]);
  });
});

describe('data at risk', () => {
  const risk = (address: string, change: Parameters<typeof resourceChange>[1]) =>
    planDocument(shownPlan([resourceChange(address, change)]), ORIGIN).data_at_risk.map(({ why }) => why);
  const rule = (days: number) => ({ rule: [{ id: 'old', expiration: [{ days }] }] });

  it.each([
    ['aws_s3_bucket.b', { actions: ['delete'], before: {} }, 'is destroyed'],
    ['aws_glue_catalog_database.d', { actions: ['delete', 'create'], before: {}, after: {} }, 'is replaced'],
    ['aws_kms_key.k', { actions: ['delete'], before: {} }, 'is destroyed'],
    [
      'aws_s3_bucket.b',
      update({ force_destroy: false }, { force_destroy: true }),
      'force_destroy is switched on',
    ],
    [
      'terraform_data.guard',
      update({ input: { allow_destroy: false } }, { input: { allow_destroy: true } }),
      'allow_destroy is switched on',
    ],
    [
      'aws_s3_bucket_versioning.v',
      update(
        { versioning_configuration: [{ status: 'Enabled' }] },
        { versioning_configuration: [{ status: 'Suspended' }] },
      ),
      'old versions',
    ],
    ['aws_s3_bucket_lifecycle_configuration.l', update(rule(30), rule(3)), 'rules that delete objects'],
  ])('is seen when %s changes by %j', (address, change, why) => {
    expect(risk(address, change)).toEqual([expect.stringContaining(why)]);
  });

  it.each([
    ['aws_s3_bucket.b', { actions: ['create'], after: { force_destroy: false } }],
    ['aws_s3_bucket.b', update({ tags: {} }, { tags: { a: 'b' } })],
    ['aws_glue_job.j', { actions: ['delete'], before: {} }],
    ['aws_s3_bucket_lifecycle_configuration.l', update({ ...rule(30), x: 1 }, { ...rule(30), x: 2 })],
  ])('is not seen where there is none: %s', (address, change) => {
    expect(risk(address, change)).toEqual([]);
  });
});
