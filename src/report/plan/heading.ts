import { countsOf, type PlanDocument } from '../../terraform/plan/document.ts';
import { alert, code, number, parts, plain, table } from '../markdown.ts';
import { planSentence } from './sentence.ts';

/** Resources that the warning names one by one; the others are named in the plan itself. */
const RISKS_SHOWN = 20;

/** What stands above the resources of a plan: warnings, counts, the plain sentence, and where it comes from. */
export function planHeading(plan: PlanDocument): string {
  return parts(
    risk(plan),
    refusal(plan),
    checks(plan),
    plan.changes || plan.drift.length > 0 ? countTable(plan) : '',
    `**${plain(planSentence(plan))}**`,
  );
}

/** Commit, Terraform and run of a plan, in small letters. */
export function planOrigin(plan: PlanDocument): string {
  const whole = plan.run_url === null ? '' : ` · the whole plan in one piece: [job summary](${plan.run_url})`;
  const commit = plan.commit === '' ? '' : `For commit ${plan.commit.slice(0, 12)} · `;
  return `<sub>${commit}Terraform ${plain(plan.terraform_version)}${whole} · digest ${plan.digest.slice(0, 12)}</sub>`;
}

function countTable(plan: PlanDocument): string {
  const counts = countsOf(plan);
  const columns = [
    ['Create', counts.create],
    ['Update', counts.update],
    ['Replace', counts.replace],
    ['Destroy', counts.destroy],
    ['Move', counts.move],
    ['Import', counts.import],
    ['Drift', counts.drift],
  ] as const;
  const shown = columns.map(([, count]) => (count === 0 ? '0' : `**${number(count)}**`));
  const names = columns.map(([name]) => name);
  return table(names, [shown], names);
}

function risk({ data_at_risk: risks }: PlanDocument): string {
  if (risks.length === 0) return '';
  return alert(
    'CAUTION',
    '**Data could be destroyed.**',
    ...risks.slice(0, RISKS_SHOWN).map(({ address, why }) => `- ${code(address)} ${plain(why)}`),
    ...(risks.length > RISKS_SHOWN
      ? [`- and ${number(risks.length - RISKS_SHOWN)} more, all of them below`]
      : []),
  );
}

function refusal({ refusal: refused }: PlanDocument): string {
  if (refused === null) return '';
  return alert(
    'IMPORTANT',
    `terraform-apply will refuse this: ${plain(refused.what)}.`,
    `To go on: ${plain(refused.cure)}.`,
  );
}

function checks({ failed_checks: failed }: PlanDocument): string {
  if (failed.length === 0) return '';
  const count = failed.length === 1 ? '1 check' : `${number(failed.length)} checks`;
  return alert('WARNING', `${count} of the configuration failed: see the end of the plan.`);
}
