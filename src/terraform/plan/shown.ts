import { z } from 'zod';
import { ExplainedError } from '../../lake/explained-error.ts';

const action = z.enum(['no-op', 'create', 'read', 'update', 'delete', 'forget']);
const change = z.object({
  actions: z.array(action),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
});
const resourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  deposed: z.string().optional(),
  mode: z.string().default('managed'),
  type: z.string(),
  action_reason: z.string().optional(),
  change: change.extend({
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
    importing: z.object({ id: z.string().optional() }).loose().optional(),
  }),
});
const checked = z.object({
  address: z.object({ to_display: z.string() }).optional(),
  status: z.string(),
  instances: z
    .array(z.object({ problems: z.array(z.object({ message: z.string() })).optional() }))
    .optional(),
});

/** `terraform show -json` of a plan, format 1.x, as far as it is used here (developer.hashicorp.com, "JSON Output Format"). */
const shownPlan = z.object({
  format_version: z.string().regex(/^1\./),
  terraform_version: z.string(),
  errored: z.boolean().default(false),
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), change).default({}),
  checks: z.array(checked).default([]),
  variables: z.record(z.string(), z.object({ value: z.unknown().optional() })).default({}),
  configuration: z
    .object({
      root_module: z
        .object({
          variables: z.record(z.string(), z.object({ sensitive: z.boolean().default(false) })).default({}),
        })
        .default({ variables: {} }),
    })
    .default({ root_module: { variables: {} } }),
});

export type ShownPlan = z.infer<typeof shownPlan>;
export type ShownChange = z.infer<typeof resourceChange>;

/** Throws ExplainedError for what is no plan, and for a plan with actions that are not known here: none may be overlooked. */
export function readShownPlan(shown: unknown): ShownPlan {
  const read = shownPlan.safeParse(shown);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new ExplainedError({
    what: 'the plan that terraform show -json gave cannot be understood',
    where: issue?.path.join('.'),
    why: `${issue?.message}; this version of Terraform may know more than mydatahub does`,
    cure: 'use Terraform 1.10 to 1.14, or a newer mydatahub',
  });
}
