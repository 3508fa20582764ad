import type { LocalLake } from '../../lake.ts';

/** ARN of a Glue resource of this lake, by which its tags are kept. */
export function resourceArn(
  lake: Pick<LocalLake, 'region' | 'accountId'>,
  kind: 'job' | 'trigger' | 'workflow' | 'session',
  name: string,
): string {
  return `arn:aws:glue:${lake.region}:${lake.accountId}:${kind}/${name}`;
}
