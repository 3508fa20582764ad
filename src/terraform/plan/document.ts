import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ExplainedError } from '../../lake/explained-error.ts';
import { refuseDestruction } from '../destruction.ts';
import { attributeDiff } from './attribute-diff.ts';
import { canonicalText, digestOf, holdsSensitive, packed, sealOf } from './canonical.ts';
import { dataAtRisk } from './data-at-risk.ts';
import { keyedHash } from './masked.ts';
import {
  addressOf,
  canonicalChanges,
  driftedResource,
  KINDS,
  type Kind,
  maskChange,
  outputs,
  plannedResource,
} from './resources.ts';
import { betrayal } from './secrets.ts';
import { readShownPlan } from './shown.ts';

const resource = z.object({
  kind: z.enum([...KINDS, 'drift']),
  address: z.string(),
  type: z.string(),
  notes: z.array(z.string()).readonly(),
  diff: z.array(z.string()).readonly(),
});
const schema = z.object({
  version: z.literal(1),
  environment: z.string(),
  /** The commit that the plan is of; of a pull request the newest one of its branch. */
  commit: z.string(),
  terraform_version: z.string(),
  /** Address of the run that made it. */
  run_url: z.string().nullable(),
  /** Whether Terraform would change anything. */
  changes: z.boolean(),
  resources: z.array(resource),
  drift: z.array(resource),
  outputs: z.array(z.object({ name: z.string(), diff: z.array(z.string()) })),
  data_at_risk: z.array(z.object({ address: z.string(), why: z.string() })),
  /** Why terraform-apply would refuse the plan, and the cure; null when it would not. */
  refusal: z.object({ what: z.string(), cure: z.string() }).nullable(),
  failed_checks: z.array(z.string()),
  digest: z.string(),
  seal: z.string(),
  /** Whether the canonical form stands for all values: without a key secrets are not in it, not even as hashes. */
  complete: z.boolean(),
  /** The canonical form, compressed, in base64. */
  canonical: z.string(),
});

/** A plan without any secret: what is shown to people, and what terraform-apply compares with. */
export type PlanDocument = z.infer<typeof schema>;

export type PlanOrigin = {
  readonly environment: string;
  readonly commit: string;
  readonly runUrl?: string | undefined;
  /**
   * What only those know who can read the state, and so all secrets that Terraform knows: the lineage of the state.
   * Without one (there is no state yet) sensitive values are left out of the canonical form.
   */
  readonly key: string | undefined;
  /** What `terraform plan` said. */
  readonly changes: boolean;
};

/** The document of a plan that `terraform show -json` gave. Throws ExplainedError for a plan that cannot be understood. */
export function planDocument(shown: unknown, origin: PlanOrigin): PlanDocument & { readonly text: string } {
  const plan = readShownPlan(shown);
  const { environment, commit, key } = origin;
  const veil = { hash: keyedHash(key ?? randomBytes(32)), betrays: betrayal(plan) };
  const changes = plan.resource_changes.map((change) => maskChange(change, veil));
  const drift = plan.resource_drift.map((change) => maskChange(change, veil));
  const planned = new Map(changes.map((change) => [addressOf(change.shown), change]));
  const canonical = canonicalChanges(changes, plan, veil, key !== undefined);
  const text = canonicalText({ version: 1, environment, changes: canonical });
  const digest = digestOf(text, key ?? '');
  return {
    version: 1,
    environment,
    commit,
    terraform_version: plan.terraform_version,
    run_url: origin.runUrl ?? null,
    changes: origin.changes,
    resources: changes.flatMap(plannedResource),
    drift: drift.flatMap((change) => driftedResource(change, planned.get(addressOf(change.shown)))),
    outputs: outputs(plan, veil).map(({ address, before, after }) => ({
      name: address.replace('output.', ''),
      diff: attributeDiff({ value: before }, { value: after }),
    })),
    data_at_risk: dataAtRisk(changes),
    refusal: refusalOf(shown),
    failed_checks: failedChecks(plan.checks),
    digest,
    seal: sealOf({ environment, commit, digest }, key ?? ''),
    complete: key !== undefined || !holdsSensitive(text),
    canonical: packed(text),
    text,
  };
}

/** Reads a document that another step has written. Throws ExplainedError for anything else. */
export function readPlanDocument(json: string, file: string): PlanDocument {
  try {
    return schema.parse(JSON.parse(json));
  } catch (cause) {
    throw new ExplainedError({
      what: 'this is no document of terraform-plan',
      where: file,
      why: 'another file is called *.plan.json, or another version of mydatahub wrote it',
      cure: 'name the output document of terraform-plan, or a folder with nothing but such documents',
      cause,
    });
  }
}

/** How many resources there are of each kind, drifted ones as well. */
export function countsOf({ resources, drift }: Pick<PlanDocument, 'resources' | 'drift'>) {
  const counts: Record<Kind | 'drift', number> = {
    destroy: 0,
    replace: 0,
    create: 0,
    update: 0,
    import: 0,
    move: 0,
    forget: 0,
    read: 0,
    drift: drift.length,
  };
  for (const { kind } of resources) counts[kind]++;
  return counts;
}

/** Name of the file that a document is kept in. */
export function documentName(environment: string): string {
  return `${environment}.plan.json`;
}

function refusalOf(shown: unknown): PlanDocument['refusal'] {
  try {
    refuseDestruction(shown);
    return null;
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    return { what: error.message, cure: error.cure };
  }
}

function failedChecks(checks: ReturnType<typeof readShownPlan>['checks']): string[] {
  return checks
    .filter(({ status }) => status === 'fail' || status === 'error')
    .flatMap(({ address, instances = [] }) => {
      const messages = instances.flatMap(({ problems = [] }) => problems.map(({ message }) => message));
      return messages.map((message) => `${address?.to_display ?? 'a check'}: ${message}`);
    });
}
