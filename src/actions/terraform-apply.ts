import { code, parts } from '../report/markdown.ts';
import { planSummary } from '../report/plan/comments.ts';
import { differenceText } from '../report/plan/difference.ts';
import { planSentence } from '../report/plan/sentence.ts';
import type { TerraformApplyResult } from '../verbs/terraform-apply.ts';
import { defineLakelessAction } from './action.ts';
import { githubOf, TOKEN } from './github-inputs.ts';
import { optional } from './inputs.ts';
import { checkTerraform, TERRAFORM_INPUTS, terraformEnvironment } from './terraform-inputs.ts';

export const action = defineLakelessAction({
  verb: 'terraform-apply',
  inputs: {
    ...TERRAFORM_INPUTS,
    'approved-digest': optional(
      `\${{ inputs.approved-digest }}`,
      /^[0-9a-f]{64}$/,
      'not a digest of 64 letters and digits, as the job summary of a plan shows it',
    ),
    'github-token': TOKEN,
  },
  check: checkTerraform,
  async run(values, conversation, surroundings) {
    const { terraformApply } = await import('../verbs/terraform-apply.ts');
    const of = terraformEnvironment(values, conversation, surroundings);
    const digest = values['approved-digest'];
    const approval =
      digest === undefined
        ? { github: githubOf(values['github-token'], surroundings.env, conversation) }
        : { digest };
    return terraformApply(of, approval, conversation);
  },
  isResult: (result): result is TerraformApplyResult => 'applied' in result && 'plan' in result,
  outputNames: ['applied', 'digest', 'pull-request', 'sentence'],
  outputs: ({ applied, plan, pull_request }) => ({
    applied,
    digest: plan.digest,
    'pull-request': pull_request ?? '',
    sentence: planSentence(plan),
  }),
  headline: ({ applied, plan, pull_request }) => {
    const origin = pull_request === null ? '' : ` as reviewed on #${pull_request}`;
    const sentence = planSentence(plan);
    return applied ? `${plan.environment} applied${origin}: ${sentence}` : `${plan.environment}: ${sentence}`;
  },
  summary: ({ plan, difference }) =>
    parts(
      differenceText(difference),
      difference.length === 0 ? '' : '### The plan that was made now',
      planSummary(plan),
      plan.changes ? `Digest of this plan: ${code(plan.digest)}` : '',
    ),
});
