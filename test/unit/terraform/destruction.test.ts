import { describe, expect, it } from 'vitest';
import { refuseDestruction } from '../../../src/terraform/destruction.ts';

const change = (address: string, actions: string[], before: unknown = {}) => ({
  address,
  change: { actions, before },
});
const guard = (allow: boolean, actions: string[]) =>
  change('terraform_data.guard', actions, { output: { allow_destroy: allow } });

describe('a plan that would lose data', () => {
  it.each([
    ['destroys all', [change('aws_s3_bucket.lake', ['delete']), guard(false, ['delete'])]],
    [
      'has another database',
      [change('aws_glue_catalog_database.lake', ['delete', 'create']), guard(false, ['delete', 'create'])],
    ],
    ['has another table', [guard(false, ['delete', 'create'])]],
    ['is of a lake without a guard', [change('aws_s3_bucket.lake', ['create', 'delete'])]],
  ])('is refused when it %s', (_what, resource_changes) => {
    expect(() => refuseDestruction({ resource_changes })).toThrow(/would destroy or replace the bucket/);
  });

  it('passes once allow_destroy = true was applied', () => {
    expect(() =>
      refuseDestruction({
        resource_changes: [change('aws_s3_bucket.lake', ['delete']), guard(true, ['delete'])],
      }),
    ).not.toThrow();
  });

  it('is not one that makes, changes or destroys anything else', () => {
    const resource_changes = [
      change('aws_s3_bucket.lake', ['update']),
      guard(false, ['update']),
      change('aws_athena_named_query.example["snapshots"]', ['delete', 'create']),
    ];
    expect(() => refuseDestruction({ resource_changes })).not.toThrow();
    expect(() => refuseDestruction({})).not.toThrow();
  });
});
