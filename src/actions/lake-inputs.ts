import type { Connection } from '../aws/connection.ts';
import type { Call, Lake } from '../lake/lake.ts';
import { badInputs, optional, required, type Values } from './inputs.ts';

/** Where the lake is: config/lake.json in its bucket says all the rest. */
export const LAKE_INPUTS = {
  bucket: required(
    `\${{ vars.S3_BUCKET_NAME }}`,
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'not the name of a bucket (without s3://)',
  ),
  'aws-region': required(
    `\${{ vars.AWS_REGION }}`,
    /^[a-z]{2,}(-[a-z]+)+-\d$/,
    'not a region such as eu-central-1',
  ),
} as const;

/** A run of the lake's workflow, as run-ingestion names it. */
export const WORKFLOW_RUN = optional(
  `\${{ steps.ingestion.outputs.workflow-run-id }}`,
  /^wr_[0-9a-f]+$/,
  'not the id of a workflow run, which begins with wr_',
);

type LakeValues = Values<typeof LAKE_INPUTS>;

/** The lake of an action. Throws ExplainedError, also when the lake says that it is elsewhere. */
export async function lakeOfInputs(verb: string, values: LakeValues, env: NodeJS.ProcessEnv): Promise<Lake> {
  const { lakeAt } = await import('../lake/lake.ts');
  const { bucket, 'aws-region': region } = values;
  const lake = await lakeAt(bucket, connectionOfInputs(values, env), actionCall);
  const { config } = lake;
  if (config.region === region && config.bucket === bucket) return lake;
  throw badInputs(
    verb,
    [`config/lake.json in ${bucket} names another lake: bucket ${config.bucket} in ${config.region}`],
    [`bucket: ${config.bucket}`, `aws-region: ${config.region}`],
  );
}

/** Credentials are those that AWS's SDK finds in the environment; AWS_ENDPOINT_URL, if it is set, stands for AWS. */
export function connectionOfInputs(values: LakeValues, env: NodeJS.ProcessEnv): Connection {
  const endpoint = env.AWS_ENDPOINT_URL;
  const { bucket, 'aws-region': region } = values;
  return { bucket, region, ...(endpoint === undefined || endpoint === '' ? {} : { endpoint }) };
}

/** Verbs as a workflow calls them. */
export const actionCall: Call = (verb, option) =>
  `the action ${verb}${option === undefined ? '' : ` with ${option}: true`}`;
