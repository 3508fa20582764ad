import { GetOpenIDConnectProviderCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { Access } from '../access/access.ts';
import type { IamAccount, Role } from '../access/iam-account.ts';
import { type ContextValues, requestContext } from '../policy/context.ts';
import { trusts } from '../policy/evaluation.ts';
import { AwsError, type Caller } from '../protocol.ts';
import type { Keys, TemporaryCredentials } from './keys.ts';
import { federatedPrincipal, type Principal, rolePrincipal, servicePrincipal } from './principal.ts';
import { webIdentity } from './web-identity.ts';

/** Who wants to be a role. */
export type Assuming =
  | { readonly service: string }
  | { readonly caller: Caller; readonly externalId?: string | undefined }
  | { readonly token: string };

export type RoleRequest = {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly by: Assuming;
  readonly seconds: number;
  /** Session policies, as documents or ARNs. */
  readonly policies?: readonly string[];
};

export type RoleSession = {
  readonly credentials: TemporaryCredentials;
  readonly principal: Principal;
  /** `<role id>:<session name>` */
  readonly userId: string;
};

export type Roles = {
  /** Makes temporary keys of a role for whom it trusts. Throws AccessDenied, and what is wrong with a token. */
  assume(request: RoleRequest): Promise<RoleSession>;
};

export type RolesParts = {
  readonly keys: Keys;
  readonly account: IamAccount;
  readonly access: Access;
  readonly iam: IAMClient;
  readonly now?: () => number;
};

export function createRoles(parts: RolesParts): Roles {
  const { keys, account } = parts;
  return {
    async assume({ roleArn, sessionName, by, seconds, policies = [] }) {
      const role = await account.roleByArn(roleArn);
      await requireTrust(parts, role, roleArn, sessionName, by);
      const principal = rolePrincipal(roleArn, sessionName);
      const userId = `${role?.id}:${sessionName}`;
      const holder = { principal, userId, ...(policies.length > 0 ? { sessionPolicies: policies } : {}) };
      return { credentials: keys.issue(holder, seconds), principal, userId };
    },
  };
}

async function requireTrust(
  parts: RolesParts,
  role: Role | undefined,
  resource: string,
  sessionName: string,
  by: Assuming,
): Promise<void> {
  const values: ContextValues = { 'sts:RoleSessionName': sessionName, 'sts:ExternalId': undefined };
  if ('service' in by) {
    const principal = servicePrincipal(by.service);
    const context = requestContext('sts', { ...values, 'aws:SecureTransport': 'true' });
    const access = { principal, action: 'sts:AssumeRole', resource, context };
    if (role === undefined || trusts(access, role.trust) !== 'allows') {
      throw notTrusted(`${by.service} is not authorized to perform: sts:AssumeRole on resource: ${resource}`);
    }
    return;
  }
  if ('token' in by) return requireWebIdentity(parts, role, resource, values, by.token);

  const { caller } = by;
  const refused = notTrusted(
    `User: ${caller.principal.sessionArn} is not authorized to perform: sts:AssumeRole on resource: ${resource}`,
  );
  if (role === undefined) throw refused;
  const asked = { ...values, 'sts:ExternalId': by.externalId };
  const context = requestContext('sts', {
    ...asked,
    'aws:PrincipalArn': caller.principal.arn,
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '127.0.0.1',
  });
  const access = { principal: caller.principal, action: 'sts:AssumeRole', resource, context };
  const trust = trusts(access, role.trust);
  const allowed = trust === 'allows' || trust === 'delegates';
  const own = await parts.access.decide(caller, {
    action: 'sts:AssumeRole',
    resources: [resource],
    values: asked,
  });
  // A trust that names the caller is enough, unless a policy denies it; one in the account leaves it to the policies.
  if (
    !allowed ||
    (own !== undefined && (own.explicit || trust === 'delegates' || own.by !== 'identity-based policy'))
  ) {
    throw refused;
  }
}

async function requireWebIdentity(
  { iam, now = Date.now }: RolesParts,
  role: Role | undefined,
  resource: string,
  values: ContextValues,
  token: string,
): Promise<void> {
  const { issuer, subject, audience } = webIdentity(token, now());
  const account = resource.split(':')[4];
  const providerArn = `arn:aws:iam::${account}:oidc-provider/${issuer}`;
  const provider = await iam
    .send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: providerArn }))
    .catch(() => undefined);
  if (provider === undefined) {
    throw new AwsError(
      'InvalidIdentityToken',
      `No OpenIDConnect provider found in your account for https://${issuer}`,
      { status: 400 },
    );
  }
  if (!provider.ClientIDList?.includes(audience)) {
    throw new AwsError('InvalidIdentityToken', 'Incorrect token audience', { status: 400 });
  }
  const context = requestContext('sts', {
    ...values,
    [`${issuer}:sub`]: subject,
    [`${issuer}:aud`]: audience,
    'aws:FederatedProvider': providerArn,
    'aws:SecureTransport': 'true',
  });
  const action = 'sts:AssumeRoleWithWebIdentity';
  const access = { principal: federatedPrincipal(providerArn), action, resource, context };
  if (role === undefined || trusts(access, role.trust) !== 'allows') {
    throw notTrusted(`Not authorized to perform ${action}`);
  }
}

function notTrusted(message: string): AwsError {
  return new AwsError('AccessDenied', message, { status: 403 });
}
