import { GetRoleCommand, GetUserCommand, type IAMClient } from '@aws-sdk/client-iam';

/** Whether the account has the user or role of an ARN, path included. An ARN of anything else is none. */
export async function principalExists(iam: IAMClient, arn: string): Promise<boolean> {
  const [, kind, path] = /^arn:aws[\w-]*:iam::\d{12}:(user|role)\/(.+)$/.exec(arn) ?? [];
  const name = path?.slice(path.lastIndexOf('/') + 1);
  if (name === undefined) return false;
  try {
    const found =
      kind === 'role'
        ? (await iam.send(new GetRoleCommand({ RoleName: name }))).Role
        : (await iam.send(new GetUserCommand({ UserName: name }))).User;
    return found?.Arn === arn;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('NoSuchEntity')) return false;
    throw error;
  }
}
