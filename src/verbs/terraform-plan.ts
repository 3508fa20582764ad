import { planSentence } from '../report/plan/sentence.ts';
import type { TerraformEnvironment } from '../terraform/environment.ts';
import type { PlanDocument } from '../terraform/plan/document.ts';
import { makePlan } from './terraform-room.ts';
import type { Conversation } from './verb.ts';

/**
 * Plans an environment without locking its state. Gives the plan as a document without secrets. Throws a `TerraformError`
 * or ExplainedError.
 */
export async function terraformPlan(
  of: TerraformEnvironment,
  conversation: Conversation,
): Promise<PlanDocument> {
  using made = await makePlan(of, false, conversation);
  const { text: _, ...document } = made.document;
  conversation.say(planSentence(document));
  conversation.say(`digest of this plan: ${document.digest}`);
  for (const { address, why } of document.data_at_risk)
    conversation.say(`data could be destroyed: ${address} ${why}`);
  return document;
}
