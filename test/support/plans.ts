/** Parts of what `terraform show -json` says of a plan, for tests. */
type Change = {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: object;
};

/** One entry of resource_changes or resource_drift. */
export function resourceChange(address: string, change: Change, more: object = {}): object {
  const type = address.replace(/^module\.[^.]+\./, '').split('.')[0];
  return {
    address,
    mode: 'managed',
    type,
    name: 'x',
    provider_name: 'aws',
    change: {
      before: null,
      after: null,
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
      ...change,
    },
    ...more,
  };
}

export function shownPlan(resource_changes: readonly object[], more: object = {}): object {
  return { format_version: '1.2', terraform_version: '1.11.4', resource_changes, ...more };
}

/** Where the plans of tests come from. */
export const ORIGIN = {
  environment: 'dev',
  commit: 'abcdef0123456789abcdef0123456789abcdef01',
  runUrl: 'https://github.example/acme/lake/actions/runs/42',
  key: '11111111-2222-3333-4444-555555555555',
  changes: true,
};

const policy = (actions: readonly string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });

/** A plan in which everything happens that can: each kind of change, drift, outputs, secrets, a failed check. */
export function eventfulPlan(): object {
  return shownPlan(
    [
      resourceChange(
        'aws_s3_bucket.lake',
        {
          actions: ['delete', 'create'],
          before: { bucket: 'old-lake', force_destroy: false, id: 'old-lake', tags: {} },
          after: { bucket: 'new-lake', force_destroy: false, tags: {} },
          after_unknown: { id: true },
          replace_paths: [['bucket']],
        },
        { action_reason: 'replace_because_cannot_update' },
      ),
      resourceChange(
        'aws_cloudwatch_metric_alarm.job_failed["verify-views"]',
        { actions: ['delete'], before: { alarm_name: 'verify-views failed', threshold: 1, ok_actions: [] } },
        { action_reason: 'delete_because_each_key' },
      ),
      resourceChange('aws_lakeformation_permissions.reader["views"]', {
        actions: ['create'],
        after: { principal: 'arn:aws:iam::123456789012:role/reader', permissions: ['SELECT', 'DESCRIBE'] },
        after_unknown: { id: true, catalog_id: true, table: [{ name: true }] },
      }),
      resourceChange('aws_lakeformation_permissions.reader["base"]', {
        actions: ['create'],
        after: { principal: 'arn:aws:iam::123456789012:role/reader', permissions: ['DESCRIBE'] },
        after_unknown: { id: true, catalog_id: true },
      }),
      resourceChange('aws_glue_job.ingestion', {
        actions: ['update'],
        before: { timeout: 60, default_arguments: { '--mode': 'sync', '--conf': 'a=b' }, max_retries: 0 },
        after: { timeout: 90, default_arguments: { '--mode': 'append', '--conf': 'a=b' }, max_retries: 0 },
      }),
      resourceChange('aws_iam_role_policy.ingestion', {
        actions: ['update'],
        before: { policy: policy(['s3:GetObject']) },
        after: { policy: policy(['s3:GetObject', 's3:PutObject']) },
      }),
      resourceChange('aws_glue_connection.warehouse', {
        actions: ['update'],
        before: { properties: { USER: 'etl', PASSWORD: 'old-secret-value' }, notes: 'a\nb\nc' },
        after: { properties: { USER: 'etl', PASSWORD: 'new-secret-value' }, notes: 'a\nB\nc' },
        before_sensitive: { properties: { PASSWORD: true } },
        after_sensitive: { properties: { PASSWORD: true } },
      }),
      resourceChange('aws_sns_topic.alerts', {
        actions: ['no-op'],
        before: { name: 'alerts' },
        after: { name: 'alerts' },
        importing: { id: 'arn:aws:sns:eu-central-1:123456789012:alerts' },
      }),
      resourceChange(
        'module.watching.aws_cloudwatch_dashboard.lake',
        { actions: ['no-op'], before: { name: 'lake' }, after: { name: 'lake' } },
        { previous_address: 'aws_cloudwatch_dashboard.lake' },
      ),
      resourceChange('aws_budgets_budget.monthly', { actions: ['forget'], before: { limit_amount: '50' } }),
      resourceChange(
        'data.aws_iam_policy_document.later',
        { actions: ['read'], after: { version: '2012-10-17' }, after_unknown: { json: true } },
        { mode: 'data', type: 'aws_iam_policy_document' },
      ),
      resourceChange('aws_athena_workgroup.lake', {
        actions: ['update'],
        before: { configuration: [{ bytes_scanned_cutoff_per_query: null }], tags: {} },
        after: { configuration: [{ bytes_scanned_cutoff_per_query: 10737418240 }], tags: {} },
      }),
      resourceChange('aws_athena_named_query.snapshots', {
        actions: ['create'],
        after: { name: 'snapshots' },
      }),
      resourceChange('aws_glue_job.views', { actions: ['no-op'], before: { a: 1 }, after: { a: 1 } }),
    ],
    {
      resource_drift: [
        resourceChange('aws_athena_workgroup.lake', {
          actions: ['update'],
          before: { configuration: [{ bytes_scanned_cutoff_per_query: 10737418240 }], tags: null },
          after: { configuration: [{ bytes_scanned_cutoff_per_query: null }], tags: {} },
        }),
        resourceChange('aws_glue_job.views', {
          actions: ['update'],
          before: { connections: null, last_seen: 'yesterday' },
          after: { connections: [], last_seen: 'today' },
        }),
        resourceChange('aws_athena_named_query.snapshots', {
          actions: ['delete'],
          before: { name: 'snapshots' },
        }),
      ],
      output_changes: {
        bucket: {
          actions: ['update'],
          before: 'old-lake',
          after: 'new-lake',
          after_unknown: false,
          before_sensitive: false,
          after_sensitive: false,
        },
      },
      checks: [
        {
          address: { to_display: 'check.budget' },
          status: 'fail',
          instances: [{ problems: [{ message: 'The budget is 0.' }] }],
        },
      ],
    },
  );
}

/** Creations of Glue jobs, as large as those of a real lake. */
export function largePlan(resources: number): object {
  const change = (index: number) => ({
    actions: index % 3 === 0 ? ['update'] : ['create'],
    before: index % 3 === 0 ? job(index, 60) : null,
    after: job(index, 90),
    after_unknown: { arn: true, id: true, tags_all: {} },
  });
  return shownPlan(
    Array.from({ length: resources }, (_, index) =>
      resourceChange(`aws_glue_job.job[${index}]`, change(index)),
    ),
  );
}

function job(index: number, timeout: number): object {
  return {
    name: `job-${index}`,
    role_arn: `arn:aws:iam::123456789012:role/mydatahub/mydatahub-job-${index}`,
    glue_version: '5.1',
    worker_type: 'G.1X',
    number_of_workers: 4,
    timeout,
    command: [{ name: 'glueetl', python_version: '3', script_location: `s3://lake/scripts/job_${index}.py` }],
    default_arguments: {
      '--job-language': 'python',
      '--enable-metrics': 'true',
      '--conf': 'spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
      '--extra-py-files': 's3://lake/scripts/mydatahub.zip',
      '--log_group': `/aws-glue/jobs/mydatahub-${index}`,
    },
    execution_property: [{ max_concurrent_runs: 1 }],
    tags: { Project: 'mydatahub', ManagedBy: 'terraform', Index: String(index) },
  };
}
