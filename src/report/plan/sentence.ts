import { listed } from '../../lake/words.ts';
import type { PlanDocument } from '../../terraform/plan/document.ts';
import type { Kind } from '../../terraform/plan/resources.ts';

type Documented = Pick<PlanDocument, 'resources' | 'drift' | 'outputs' | 'changes'>;

/** What people call the resources of a lake; one and many. Others are called by their type, without the provider's name. */
const NOUNS: Readonly<Record<string, readonly [string, string]>> = {
  aws_athena_named_query: ['saved query in Athena', 'saved queries in Athena'],
  aws_athena_workgroup: ['Athena workgroup', 'Athena workgroups'],
  aws_budgets_budget: ['budget', 'budgets'],
  aws_cloudwatch_dashboard: ['dashboard', 'dashboards'],
  aws_cloudwatch_event_rule: ['event rule', 'event rules'],
  aws_cloudwatch_event_target: ['target of an event rule', 'targets of event rules'],
  aws_cloudwatch_log_group: ['log group', 'log groups'],
  aws_cloudwatch_metric_alarm: ['alarm', 'alarms'],
  aws_glue_catalog_database: ['database', 'databases'],
  aws_glue_catalog_table: ['table', 'tables'],
  aws_glue_catalog_table_optimizer: ['optimizer of the table', 'optimizers of the table'],
  aws_glue_connection: ['Glue connection', 'Glue connections'],
  aws_glue_job: ['Glue job', 'Glue jobs'],
  aws_glue_trigger: ['trigger of the workflow', 'triggers of the workflow'],
  aws_glue_workflow: ['Glue workflow', 'Glue workflows'],
  aws_iam_policy: ['policy', 'policies'],
  aws_iam_role: ['role', 'roles'],
  aws_iam_role_policy: ['policy of a role', 'policies of roles'],
  aws_kms_key: ['encryption key', 'encryption keys'],
  aws_lakeformation_permissions: ['grant in Lake Formation', 'grants in Lake Formation'],
  aws_lakeformation_resource: ['location in Lake Formation', 'locations in Lake Formation'],
  aws_s3_bucket: ['bucket', 'buckets'],
  aws_s3_bucket_lifecycle_configuration: [
    'set of expiry rules of a bucket',
    'sets of expiry rules of buckets',
  ],
  aws_s3_object: ['file in the bucket', 'files in the bucket'],
  aws_sns_topic: ['topic for mails', 'topics for mails'],
  aws_sns_topic_subscription: ['recipient of mails', 'recipients of mails'],
  terraform_data: ['internal step of Terraform', 'internal steps of Terraform'],
};
/** More sorts than these are summed up as others. */
const SORTS = 3;

/** What happens, as somebody reads it who knows no Terraform. The first is the word for one, the second for several. */
const WORDS: readonly (readonly [Kind, string, string])[] = [
  ['create', 'is added', 'are added'],
  ['update', 'is changed in place', 'are changed in place'],
  ['replace', 'is destroyed and made anew', 'are destroyed and made anew'],
  ['import', 'is taken over as it is there already', 'are taken over as they are there already'],
  ['move', 'is only called otherwise in the configuration', 'are only called otherwise in the configuration'],
  ['forget', 'is left alone from now on', 'are left alone from now on'],
  ['destroy', 'is deleted', 'are deleted'],
];

/** The whole plan in one plain sentence, such as "2 grants in Lake Formation are added; nothing is deleted." */
export function planSentence(plan: Documented): string {
  const clauses = WORDS.flatMap(([kind, one, many]) => {
    const types = plan.resources.filter((resource) => resource.kind === kind).map(({ type }) => type);
    return types.length === 0 ? [] : [`${sorts(types)} ${types.length === 1 ? one : many}`];
  });
  const { length } = plan.outputs;
  if (length > 0 && clauses.length === 0)
    clauses.push(
      length === 1 ? 'only 1 output of Terraform changes' : `only ${length} outputs of Terraform change`,
    );
  const drifted = plan.drift.map(({ type }) => type);
  const drift =
    drifted.length === 0
      ? ''
      : ` ${capital(sorts(drifted))} ${drifted.length === 1 ? 'was' : 'were'} changed outside of Terraform since the last apply.`;
  if (clauses.length === 0)
    return `${plan.changes ? 'Only the state of Terraform changes' : 'Nothing changes'}.${drift}`;
  const lost = plan.resources.some(({ kind }) => kind === 'destroy' || kind === 'replace');
  return `${capital([...clauses, ...(lost ? [] : ['nothing is deleted'])].join('; '))}.${drift}`;
}

/** `5 Glue jobs, 2 roles and 3 others`, the most frequent first. */
function sorts(types: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  const order = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = order.length > SORTS + 1 ? order.slice(0, SORTS) : order;
  const rest = types.length - shown.reduce((sum, [, count]) => sum + count, 0);
  const words = shown.map(([type, count]) => `${count.toLocaleString('en')} ${noun(type, count)}`);
  if (rest > 0) words.push(`${rest.toLocaleString('en')} others`);
  return listed(words);
}

function noun(type: string, count: number): string {
  const known = NOUNS[type];
  if (known !== undefined) return known[count === 1 ? 0 : 1];
  const words = type.replace(/^[a-z0-9]+_/, '').replaceAll('_', ' ');
  if (count === 1) return words;
  return /(s|x|ch)$/.test(words) ? `${words}es` : words.replace(/(?<![aeiou])y$/, 'ie').concat('s');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
