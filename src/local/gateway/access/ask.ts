import type { ContextValues } from '../policy/context.ts';

/** One permission that a call needs. */
export type Ask = {
  /** `glue:GetTable` */
  readonly action: string;
  /** ARNs; the action must be allowed on each. `undefined` when the local lake does not know which they are. */
  readonly resources: readonly string[] | undefined;
  /** Condition keys of the service itself, and of tags that the call brings. */
  readonly values?: ContextValues;
};

/** An action that is about no resource: policies allow it by `Resource: "*"`. */
export const NO_RESOURCE: readonly string[] = ['*'];

/** Where the resources of calls are, as ARNs say it. */
export type Place = { readonly region: string; readonly accountId: string };

export function arnOf({ region, accountId }: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

/** iam:PassRole on a role that a call hands to a service. */
export function passRole(roleArn: string, service: string): Ask {
  return { action: 'iam:PassRole', resources: [roleArn], values: { 'iam:PassedToService': service } };
}

/** The tags that a call gives a new resource. */
export function requestTags(tags: Readonly<Record<string, string>>): ContextValues {
  const keys = Object.keys(tags);
  return {
    ...Object.fromEntries(keys.map((key) => [`aws:RequestTag/${key}`, tags[key]])),
    'aws:TagKeys': keys.length > 0 ? keys : undefined,
  };
}
