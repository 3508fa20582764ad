import type { GitHub } from '../github/api.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import { planSentence } from '../report/plan/sentence.ts';
import { refuseDestruction } from '../terraform/destruction.ts';
import type { TerraformEnvironment } from '../terraform/environment.ts';
import { readCanonical } from '../terraform/plan/canonical.ts';
import { type PlanDifference, planDifference } from '../terraform/plan/difference.ts';
import type { PlanDocument } from '../terraform/plan/document.ts';
import { type Reviewed, reviewedPlan } from './reviewed-plan.ts';
import { type MadePlan, makePlan } from './terraform-room.ts';
import { type Conversation, VerbFailure } from './verb.ts';

/** What says that a plan may be applied. */
export type Approval =
  /** The digest of a plan that somebody has read. */
  | { readonly digest: string }
  /** The plan on the pull request that the planned commit came from. */
  | { readonly github: GitHub };

export type TerraformApplyResult = {
  readonly applied: boolean;
  /** The plan that was made now. */
  readonly plan: PlanDocument;
  readonly pull_request: number | null;
  /** In what it differs from the reviewed plan, when that is why it was refused. */
  readonly difference: readonly PlanDifference[];
};

/**
 * Plans an environment and applies the plan if it is, in every change and value, the one that was reviewed. A plan without
 * changes needs no review. Throws a VerbFailure with the result for a plan that is refused, a `TerraformError` when a
 * command fails.
 */
export async function terraformApply(
  of: TerraformEnvironment,
  approval: Approval,
  conversation: Conversation,
): Promise<TerraformApplyResult> {
  using made = await makePlan(of, true, conversation);
  const { text: _, ...plan } = made.document;
  conversation.say(planSentence(plan));
  const unapplied = { applied: false, plan, pull_request: null, difference: [] };
  if (!plan.changes) return unapplied;
  keepTheLake(made.shown, unapplied);
  const pull_request = await approved(made, plan, of, approval);
  conversation.say('the plan is the reviewed one: applying it');
  await made.apply();
  return { applied: true, plan, pull_request, difference: [] };
}

/** Throws VerbFailure for a plan that would destroy the lake, so that people see what else is in it. */
function keepTheLake(shown: unknown, result: TerraformApplyResult): void {
  try {
    refuseDestruction(shown);
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    throw new VerbFailure(result, {
      what: error.message,
      where: error.where,
      why: error.why,
      cure: error.cure,
      cause: error,
    });
  }
}

/** The pull request whose plan this is. Throws VerbFailure when nobody has reviewed this plan. */
async function approved(
  made: MadePlan,
  plan: PlanDocument,
  of: TerraformEnvironment,
  approval: Approval,
): Promise<number | null> {
  if ('digest' in approval) {
    if (approval.digest === plan.digest) return null;
    throw refused(plan, null, [], 'the plan is not the one that approved-digest stands for', {
      where: `approved ${approval.digest}, made now ${plan.digest}`,
    });
  }
  const reviewed: Reviewed = await reviewedPlan(approval.github, of.commit, of.environment, made.key);
  if ('lacking' in reviewed)
    throw refused(plan, reviewed.pullRequest, [], 'nobody has reviewed this plan', { why: reviewed.lacking });
  if (!plan.complete)
    throw refused(plan, reviewed.pullRequest, [], 'the plan cannot be compared with the reviewed one', {
      why: 'there is no state yet, and so no key that would let secret values be compared without showing them',
    });
  if (reviewed.digest === plan.digest) return reviewed.pullRequest;
  const difference = planDifference(reviewed.canonical, readCanonical(made.document.text));
  throw refused(plan, reviewed.pullRequest, difference, 'the plan is not the reviewed one', {
    where: difference.map(({ address }) => address).join(', '),
    why: 'something else was applied, merged or changed by hand since the review, or the plan depends on the time',
  });
}

function refused(
  plan: PlanDocument,
  pull_request: number | null,
  difference: readonly PlanDifference[],
  what: string,
  parts: { readonly where?: string; readonly why?: string },
): VerbFailure {
  const result: TerraformApplyResult = { applied: false, plan, pull_request, difference };
  return new VerbFailure(result, {
    what: `${what}: nothing was applied`,
    ...parts,
    cure:
      'read the plan that was made now; if it is what you want, start the workflow by hand for this commit with\n' +
      `approved-digest: ${plan.digest}\n` +
      'if it is not, change the configuration in a new pull request',
  });
}
