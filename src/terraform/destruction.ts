import { z } from 'zod';
import { ExplainedError } from '../lake/explained-error.ts';

/** What holds data that Terraform cannot bring back. */
const GUARDED = ['aws_s3_bucket.lake', 'aws_glue_catalog_database.lake'];
const GUARD = 'terraform_data.guard';

const plan = z.object({
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        change: z.object({ actions: z.array(z.string()), before: z.unknown() }),
      }),
    )
    .default([]),
});
const guardBefore = z.object({ output: z.object({ allow_destroy: z.boolean() }) });

/**
 * Refuses a plan (what `terraform show -json` says of it) that would destroy or replace the bucket, the database or the
 * table of a lake, unless allow_destroy = true was applied before. It is the rule of terraform/guard.tf, told before
 * anything is touched instead of when the guard is destroyed. Throws ExplainedError.
 */
export function refuseDestruction(shown: unknown): void {
  const { resource_changes } = plan.parse(shown);
  const deleted = resource_changes.filter(({ change }) => change.actions.includes('delete'));
  const lost = deleted.filter(({ address }) => [...GUARDED, GUARD].includes(address));
  if (lost.length === 0) return;
  const guard = guardBefore.safeParse(
    resource_changes.find(({ address }) => address === GUARD)?.change.before,
  );
  if (guard.success && guard.data.output.allow_destroy) return;
  throw new ExplainedError({
    what: 'the plan would destroy or replace the bucket, the database or the table of the lake',
    where: lost.map(({ address, change }) => `${address} (${change.actions.join(', ')})`).join(', '),
    why: 'everything is destroyed, or the name of the bucket, database, table or Iceberg folder was changed; allow_destroy is false',
    cure: 'take the change back; or, if you want it: apply with allow_destroy = true first, then do this again',
  });
}
