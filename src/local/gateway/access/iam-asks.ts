import { AwsError } from '../protocol.ts';
import { type Ask, NO_RESOURCE, type Place, passRole, requestTags } from './ask.ts';
import type { IamAccount } from './iam-account.ts';

const LISTED: Readonly<Record<string, string>> = {
  ListRoles: 'role/*',
  ListUsers: 'user/*',
  ListGroups: 'group/*',
  ListPolicies: 'policy/*',
  ListOpenIDConnectProviders: 'oidc-provider/*',
  ListInstanceProfiles: 'instance-profile/*',
};

/**
 * The permissions of an IAM call. Roles, users and groups have their path in their ARN, which the call does not say of
 * those that exist.
 */
export async function iamAsks(
  operation: string,
  form: URLSearchParams,
  place: Place,
  account: Pick<IamAccount, 'roleByName' | 'arnOf'>,
): Promise<readonly Ask[]> {
  refuseUserBoundary(operation, form);
  const resource = await iamResource(operation, form, place, account);
  const role = form.get('RoleName');
  const held = role === null ? undefined : await account.roleByName(role);
  const tags = requestTags(formTags(form));
  const ask: Ask = {
    action: `iam:${operation}`,
    resources: resource === undefined ? undefined : [resource],
    values: {
      ...tags,
      'iam:PermissionsBoundary': form.get('PermissionsBoundary') ?? held?.boundaryArn,
      'iam:PolicyARN': form.get('PolicyArn') ?? undefined,
    },
  };
  if (operation !== 'AddRoleToInstanceProfile' || held === undefined) return [ask];
  return [ask, passRole(held.arn, 'ec2.amazonaws.com')];
}

async function iamResource(
  operation: string,
  form: URLSearchParams,
  { accountId }: Place,
  account: Pick<IamAccount, 'roleByName' | 'arnOf'>,
): Promise<string | undefined> {
  const arn = (resource: string) => `arn:aws:iam::${accountId}:${resource}`;
  const path = form.get('Path') ?? '/';
  const listed = LISTED[operation];
  if (listed !== undefined) return arn(listed);
  if (/^(Get|Update|Delete|List)Account\w+$|^(Get|Generate)CredentialReport$/.test(operation)) {
    return NO_RESOURCE[0];
  }
  if (operation === 'CreatePolicy') return arn(`policy${path}${form.get('PolicyName')}`);
  const profile = form.get('InstanceProfileName');
  if (profile !== null) return arn(`instance-profile${path}${profile}`);
  const role = form.get('RoleName');
  if (role !== null) {
    return operation === 'CreateRole'
      ? arn(`role${path}${role}`)
      : ((await account.roleByName(role))?.arn ?? arn(`role/${role}`));
  }
  const group = form.get('GroupName');
  if (group !== null) {
    return (await account.arnOf('group', group)) ?? arn(`group${path}${group}`);
  }
  const user = form.get('UserName');
  if (user !== null) return (await account.arnOf('user', user)) ?? arn(`user${path}${user}`);
  const given = form.get('PolicyArn') ?? form.get('OpenIDConnectProviderArn') ?? form.get('PolicySourceArn');
  if (given !== null) return given;
  const url = form.get('Url');
  if (operation === 'CreateOpenIDConnectProvider' && url !== null) {
    return arn(`oidc-provider/${url.replace(/^https:\/\//, '')}`);
  }
  return undefined;
}

/** moto would forget it, and the user would be allowed more than on AWS. */
function refuseUserBoundary(operation: string, form: URLSearchParams): void {
  const has = operation === 'CreateUser' && form.get('PermissionsBoundary') !== null;
  if (!has && operation !== 'PutUserPermissionsBoundary') return;
  throw new AwsError(
    'UnknownOperationException',
    'The local lake does not model permissions boundaries of users, only those of roles.',
  );
}

/** `Tags.member.1.Key` and `Tags.member.1.Value`. */
function formTags(form: URLSearchParams): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [name, key] of form) {
    const number = /^Tags\.member\.(\d+)\.Key$/.exec(name)?.[1];
    if (number !== undefined) tags[key] = form.get(`Tags.member.${number}.Value`) ?? '';
  }
  return tags;
}
