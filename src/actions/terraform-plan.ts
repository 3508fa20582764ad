import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planSummary } from '../report/plan/comments.ts';
import { planSentence } from '../report/plan/sentence.ts';
import { countsOf, documentName, type PlanDocument } from '../terraform/plan/document.ts';
import { defineLakelessAction } from './action.ts';
import { checkTerraform, TERRAFORM_INPUTS, terraformEnvironment } from './terraform-inputs.ts';

type Result = { readonly plan: PlanDocument; readonly file: string };

export const action = defineLakelessAction({
  verb: 'terraform-plan',
  inputs: TERRAFORM_INPUTS,
  check: checkTerraform,
  async run(values, conversation, surroundings): Promise<Result> {
    const { terraformPlan } = await import('../verbs/terraform-plan.ts');
    const of = terraformEnvironment(values, conversation, surroundings);
    const plan = await terraformPlan(of, conversation);
    const folder = join(surroundings.env.RUNNER_TEMP ?? tmpdir(), 'mydatahub-plans');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, documentName(plan.environment));
    writeFileSync(file, JSON.stringify(plan));
    return { plan, file };
  },
  isResult: (result): result is Result => 'plan' in result && 'file' in result,
  outputNames: [
    'document',
    'changes',
    'digest',
    'sentence',
    'data-at-risk',
    'create',
    'update',
    'replace',
    'destroy',
    'move',
    'import',
    'drift',
  ],
  outputs({ plan, file }) {
    const { create, update, replace, destroy, move, import: imported, drift } = countsOf(plan);
    return {
      document: file,
      changes: plan.changes,
      digest: plan.digest,
      sentence: planSentence(plan),
      'data-at-risk': plan.data_at_risk.length > 0,
      create,
      update,
      replace,
      destroy,
      move,
      import: imported,
      drift,
    };
  },
  headline: ({ plan }) => `${plan.environment}: ${planSentence(plan)}`,
  summary: ({ plan }) => planSummary(plan),
});
