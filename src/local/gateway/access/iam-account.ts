import {
  type AttachedPolicy,
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  type IAMClient,
  type ManagedPolicyDetail,
  type PolicyDetail,
  type RoleDetail,
  type Tag,
} from '@aws-sdk/client-iam';
import type { Principal } from '../identity/principal.ts';
import { type Policy, parsePolicy } from '../policy/document.ts';

/** What IAM says of one principal. */
export type Grants = {
  readonly identity: readonly Policy[];
  readonly boundary: Policy | undefined;
  /** `aws:PrincipalTag`. */
  readonly tags: Readonly<Record<string, string>>;
};

export type Role = {
  readonly arn: string;
  readonly id: string;
  readonly trust: Policy;
  readonly boundaryArn: string | undefined;
};

/** The users, roles and policies that IAM keeps, as moto has them. */
export type IamAccount = {
  /** Nothing at all for a principal that IAM does not have (any more). */
  grants(principal: Principal): Promise<Grants>;
  roleByArn(arn: string): Promise<Role | undefined>;
  /** Role names are unique in an account, whatever their path. */
  roleByName(name: string): Promise<Role | undefined>;
  /** ARN of a user or group, whatever its path. */
  arnOf(kind: 'user' | 'group', name: string): Promise<string | undefined>;
  policy(arn: string): Promise<Policy>;
  /** To be called after every change of IAM. */
  changed(): void;
};

type Snapshot = {
  readonly details: GetAccountAuthorizationDetailsCommandOutput;
  readonly grants: Map<string, Promise<Grants>>;
};

const NOTHING: Grants = { identity: [], boundary: undefined, tags: {} };

export function createIamAccount(iam: IAMClient): IamAccount {
  let current: Promise<Snapshot> | undefined;
  /** AWS's own policies, which never change here. */
  const managedByAws = new Map<string, Promise<Policy>>();

  const read = async (): Promise<Snapshot> => {
    const Filter = ['User', 'Role', 'Group', 'LocalManagedPolicy'] as const;
    const details = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: [...Filter] }));
    return { details, grants: new Map() };
  };
  const snapshot = (): Promise<Snapshot> => {
    const asked = current ?? read();
    current = asked;
    asked.catch(() => {
      if (current === asked) current = undefined;
    });
    return asked;
  };

  const awsPolicy = (arn: string): Promise<Policy> => {
    const known = managedByAws.get(arn) ?? fetchPolicy(iam, arn);
    managedByAws.set(arn, known);
    known.catch(() => managedByAws.delete(arn));
    return known;
  };
  const managed = async ({ details }: Snapshot, arn: string): Promise<Policy> => {
    const own = details.Policies?.find((policy) => policy.Arn === arn);
    return own === undefined ? awsPolicy(arn) : defaultVersion(own);
  };

  const grantsOf = async (now: Snapshot, principal: Principal): Promise<Grants> => {
    const { details } = now;
    const attached = (policies: readonly AttachedPolicy[] = []) =>
      Promise.all(policies.map(({ PolicyArn }) => managed(now, PolicyArn ?? '')));
    const boundary = async (arn: string | undefined) => (arn === undefined ? undefined : managed(now, arn));

    const role = details.RoleDetailList?.find(({ Arn }) => Arn === principal.arn);
    if (role !== undefined) {
      return {
        identity: [...inline(role.RolePolicyList), ...(await attached(role.AttachedManagedPolicies))],
        boundary: await boundary(role.PermissionsBoundary?.PermissionsBoundaryArn),
        tags: tagMap(role.Tags),
      };
    }
    const user = details.UserDetailList?.find(({ Arn }) => Arn === principal.arn);
    if (user === undefined) return NOTHING;
    const groups = (details.GroupDetailList ?? []).filter(({ GroupName }) =>
      user.GroupList?.includes(GroupName ?? ''),
    );
    // moto leaves the tags out of a user's authorization details, and does not know boundaries of users.
    const { User } = await iam.send(new GetUserCommand({ UserName: user.UserName }));
    return {
      identity: [
        ...inline(user.UserPolicyList),
        ...(await attached(user.AttachedManagedPolicies)),
        ...groups.flatMap((group) => inline(group.GroupPolicyList)),
        ...(await attached(groups.flatMap((group) => group.AttachedManagedPolicies ?? []))),
      ],
      boundary: undefined,
      tags: tagMap(User?.Tags),
    };
  };

  const findRole = async (isIt: (role: RoleDetail) => boolean) => {
    const { details } = await snapshot();
    const role = details.RoleDetailList?.find(isIt);
    if (role?.Arn === undefined) return undefined;
    return {
      arn: role.Arn,
      id: role.RoleId ?? '',
      trust: parsePolicy(documentText(role.AssumeRolePolicyDocument)),
      boundaryArn: role.PermissionsBoundary?.PermissionsBoundaryArn,
    };
  };

  return {
    async grants(principal) {
      const now = await snapshot();
      const known = now.grants.get(principal.arn) ?? grantsOf(now, principal);
      now.grants.set(principal.arn, known);
      known.catch(() => now.grants.delete(principal.arn));
      return known;
    },
    roleByArn: (arn) => findRole((role) => role.Arn === arn),
    roleByName: (name) => findRole((role) => role.RoleName === name),
    async arnOf(kind, name) {
      const { details } = await snapshot();
      return kind === 'user'
        ? details.UserDetailList?.find(({ UserName }) => UserName === name)?.Arn
        : details.GroupDetailList?.find(({ GroupName }) => GroupName === name)?.Arn;
    },
    policy: async (arn) => managed(await snapshot(), arn),
    changed() {
      current = undefined;
    },
  };
}

async function fetchPolicy(iam: IAMClient, PolicyArn: string): Promise<Policy> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const version = { PolicyArn, VersionId: Policy?.DefaultVersionId };
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(version));
  return parsePolicy(documentText(PolicyVersion?.Document));
}

function defaultVersion(policy: ManagedPolicyDetail): Policy {
  const version = policy.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion);
  return parsePolicy(documentText(version?.Document));
}

function inline(policies: readonly PolicyDetail[] = []): Policy[] {
  return policies.map(({ PolicyDocument }) => parsePolicy(documentText(PolicyDocument)));
}

/** IAM's answers carry documents URL-encoded (RFC 3986). */
function documentText(document = ''): string {
  return document.startsWith('{') ? document : decodeURIComponent(document);
}

function tagMap(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
