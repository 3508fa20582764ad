import type { Keys } from '../identity/keys.ts';
import type { Principal } from '../identity/principal.ts';
import { type ContextValues, requestContext } from '../policy/context.ts';
import { parsePolicy } from '../policy/document.ts';
import { evaluate } from '../policy/evaluation.ts';
import type { AwsError, Caller } from '../protocol.ts';
import type { Ask, Place } from './ask.ts';
import type { BucketPolicies } from './bucket-policies.ts';
import { type Denial, denied, serviceOf } from './denial.ts';
import type { IamAccount } from './iam-account.ts';

/** What IAM lets callers do. */
export type Access = {
  /** Throws AWS's refusal of the first permission that is missing: AccessDeniedException unless it is S3's. */
  require(caller: Caller, ...asks: readonly Ask[]): Promise<void>;
  /** The first permission that is missing, and why; `undefined` when all is allowed. */
  decide(caller: Caller, ...asks: readonly Ask[]): Promise<Denial | undefined>;
  /** The refusal instead of throwing it; `undefined` when all is allowed. */
  refusal(caller: Caller, ...asks: readonly Ask[]): Promise<AwsError | undefined>;
};

export type AccessParts = {
  readonly place: Place;
  readonly keys: Keys;
  readonly account: Pick<IamAccount, 'grants' | 'policy'>;
  readonly buckets: BucketPolicies;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/** Judges permissions by the policies of the account: of principals, their sessions, and buckets. */
export function createAccess(parts: AccessParts): Access {
  const { place, keys, account, buckets } = parts;
  const now = parts.now ?? Date.now;

  const policiesOf = async (caller: Caller) => {
    const grants = await account.grants(caller.principal);
    const key = keys.find(caller.accessKeyId);
    const session = await Promise.all((key?.sessionPolicies ?? []).map(sessionPolicy));
    return { grants, session, userId: key?.userId };
  };
  const sessionPolicy = (text: string) =>
    text.startsWith('arn:') ? account.policy(text) : parsePolicy(text);

  const decide: Access['decide'] = async (caller, ...asks) => {
    const { principal } = caller;
    if (principal.kind === 'service') return undefined;
    const { grants, session, userId } = await policiesOf(caller);
    const common = { ...globalValues(place, now()), ...principalValues(principal, userId, grants.tags) };
    for (const { action, resources, values } of asks) {
      const service = serviceOf(action);
      const context = requestContext(service, { ...common, ...values });
      for (const resource of resources ?? [undefined]) {
        const decision = evaluate(
          { principal, action, resource, context },
          {
            identity: grants.identity,
            boundary: grants.boundary,
            session,
            resource: service === 's3' ? buckets.of(bucketOf(resource)) : undefined,
          },
        );
        if (!decision.allowed) return { ...decision, action, resource };
      }
    }
    return undefined;
  };

  const refusal: Access['refusal'] = async (caller, ...asks) => {
    const denial = await decide(caller, ...asks);
    return denial === undefined
      ? undefined
      : denied(caller.principal, denial, serviceOf(asks[0]?.action ?? ''));
  };
  return {
    decide,
    refusal,
    async require(caller, ...asks) {
      const error = await refusal(caller, ...asks);
      if (error !== undefined) throw error;
    },
  };
}

function bucketOf(resource: string | undefined): string {
  return /^arn:aws:s3:::([^/]+)/.exec(resource ?? '')?.[1] ?? '';
}

/** What every request has. The gateway stands for AWS's endpoint, whose transport is TLS: this one is the loopback. */
function globalValues({ region, accountId }: Place, now: number): ContextValues {
  return {
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalServiceName': undefined,
    'aws:PrincipalServiceNamesList': undefined,
    'aws:RequestedRegion': region,
    'aws:ResourceAccount': accountId,
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '127.0.0.1',
    'aws:TagKeys': undefined,
    'aws:ViaAWSService': 'false',
  };
}

function principalValues(
  principal: Principal,
  userId: string | undefined,
  tags: Readonly<Record<string, string>>,
): ContextValues {
  return {
    'aws:PrincipalArn': principal.arn,
    'aws:PrincipalType': { user: 'User', role: 'AssumedRole', root: 'Account' }[principal.kind as string],
    'aws:userid': userId,
    'aws:username':
      principal.kind === 'user' ? principal.arn.slice(principal.arn.lastIndexOf('/') + 1) : undefined,
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  };
}
