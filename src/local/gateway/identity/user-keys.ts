import { GetUserCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { Key, Keys } from './keys.ts';
import { userPrincipal } from './principal.ts';

/** What IAM was asked and has answered, as it passed through the gateway. */
export type IamAnswer = {
  readonly operation: string;
  readonly form: URLSearchParams;
  /** XML. */
  readonly body: string;
};

/**
 * Keeps {@link Keys} in step with the access keys of users. A secret is told only once, in the answer to
 * CreateAccessKey, so it is read there.
 */
export function followUserKeys(keys: Keys, iam: IAMClient): (answer: IamAnswer) => Promise<void> {
  const inactive = new Map<string, Key>();
  return async ({ operation, form, body }) => {
    const accessKeyId = form.get('AccessKeyId') ?? '';
    switch (operation) {
      case 'CreateAccessKey': {
        const { User } = await iam.send(new GetUserCommand({ UserName: element(body, 'UserName') }));
        if (User?.Arn === undefined) throw new Error('an access key was made for no user');
        keys.add({
          accessKeyId: element(body, 'AccessKeyId'),
          secretAccessKey: element(body, 'SecretAccessKey'),
          principal: userPrincipal(User.Arn),
          userId: User.UserId ?? '',
        });
        return;
      }
      case 'DeleteAccessKey':
        keys.remove(accessKeyId);
        inactive.delete(accessKeyId);
        return;
      case 'UpdateAccessKey': {
        const key = keys.find(accessKeyId) ?? inactive.get(accessKeyId);
        if (key === undefined) return;
        if (form.get('Status') === 'Active') {
          inactive.delete(accessKeyId);
          keys.add(key);
        } else {
          keys.remove(accessKeyId);
          inactive.set(accessKeyId, key);
        }
      }
    }
  };
}

function element(body: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]+)</${name}>`).exec(body)?.[1];
  if (found === undefined) throw new Error(`IAM's answer has no ${name}`);
  return found.replaceAll('&amp;', '&');
}
