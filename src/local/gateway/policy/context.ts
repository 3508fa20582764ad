import { UnmodelledPolicy } from './unmodelled-policy.ts';

/** The values of condition keys in one request. */
export type RequestContext = {
  /**
   * Values of a key, whatever its case; `undefined` when the request has none. Throws UnmodelledPolicy for a key of
   * which the local lake does not know whether the request would have it on AWS.
   */
  get(key: string): readonly string[] | undefined;
};

export type ContextValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * @param service the action's, such as `s3`: keys of other services are not in a request
 * @param values what the request has; a key with `undefined` is known to be absent, and `aws:ResourceTag/*` with
 * `undefined` says so of every tag of the thing that is not among the values
 */
export function requestContext(service: string, values: ContextValues): RequestContext {
  const known = new Map(
    Object.entries(values).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === 'string' ? [value] : value,
    ]),
  );
  return {
    get(key) {
      const name = key.toLowerCase();
      if (known.has(name)) return known.get(name);
      // The tags of the thing are all among the values.
      if (name.startsWith(RESOURCE_TAG) && known.has(`${RESOURCE_TAG}*`)) return undefined;
      const prefix = name.slice(0, name.indexOf(':'));
      if (prefix === 'aws' ? isAbsentHere(name) : prefix !== service) return undefined;
      throw new UnmodelledPolicy(`the condition key ${key} of ${service}`);
    },
  };
}

/** Global keys that no request to a local lake has: no organisation, VPC, federation or device is behind it. */
const ABSENT = [
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:ec2instancesourcevpc',
  'aws:federatedprovider',
  'aws:multifactorauthage',
  'aws:multifactorauthpresent',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:referer',
  'aws:resourceorgid',
  'aws:resourceorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceidentity',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
];

const RESOURCE_TAG = 'aws:resourcetag/';

/** Tags of the caller and of the call: what is not among the values is not there. */
const TAGS = ['aws:principaltag/', 'aws:requesttag/'];

function isAbsentHere(name: string): boolean {
  return ABSENT.includes(name) || TAGS.some((prefix) => name.startsWith(prefix));
}
