import type { Account } from './connection.ts';

/** Hosts of the console by the partition of the region (AWS, "Regions and Endpoints"). */
const HOSTS: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'console.amazonaws.cn'],
  [/^us-gov-/, 'console.amazonaws-us-gov.com'],
  [/^/, 'console.aws.amazon.com'],
];

/** The page of a Glue workflow with its runs; `null` where the account is not one of AWS. */
export function workflowPage(account: Account, workflow: string): string | null {
  return page(account, 'glue', `/v2/etl-configuration/workflows/view/${encodeURIComponent(workflow)}`);
}

/** The page of one run of a Glue job, with its logs and metrics. */
export function jobRunPage(account: Account, job: string, id: string): string | null {
  return page(account, 'gluestudio', `/job/${encodeURIComponent(job)}/run/${encodeURIComponent(id)}`);
}

function page({ region, endpoint }: Account, service: string, path: string): string | null {
  if (endpoint !== undefined) return null;
  const host = HOSTS.find(([pattern]) => pattern.test(region))?.[1];
  return `https://${region}.${host}/${service}/home?region=${region}#${path}`;
}
