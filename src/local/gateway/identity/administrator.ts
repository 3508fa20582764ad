import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import type { Keys } from './keys.ts';
import { userPrincipal } from './principal.ts';

export const ADMINISTRATOR = 'local-administrator';

export function administratorArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:user/${ADMINISTRATOR}`;
}

/**
 * Makes the user that whoever started the lake is: an administrator, as the first one of a fresh AWS account. Returns
 * its access key.
 */
export async function createAdministrator(
  iam: IAMClient,
  keys: Keys,
): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }> {
  const { User } = await iam.send(new CreateUserCommand({ UserName: ADMINISTRATOR }));
  await iam.send(
    new AttachUserPolicyCommand({
      UserName: ADMINISTRATOR,
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: ADMINISTRATOR }));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey ?? {};
  if (User?.Arn === undefined || accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Error('moto made no administrator; see moto.log');
  }
  keys.add({
    accessKeyId,
    secretAccessKey,
    principal: userPrincipal(User.Arn),
    userId: User.UserId ?? ADMINISTRATOR,
  });
  return { accessKeyId, secretAccessKey };
}
