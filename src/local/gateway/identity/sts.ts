import type { ServerResponse } from 'node:http';
import { AwsError } from '../protocol.ts';
import { sendQueryResult, xml } from '../wire.ts';
import type { Key, Keys, TemporaryCredentials } from './keys.ts';
import type { RoleSession, Roles } from './roles.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const HOUR = 3600;

/** One request to STS: the form's fields, and the key that it is signed with (none for web identities). */
export type StsRequest = {
  readonly operation: string;
  readonly form: URLSearchParams;
  readonly key: Key | undefined;
};

/** AWS STS of one lake: it gives temporary keys, and says who holds a key. */
export type Sts = { answer(request: StsRequest, response: ServerResponse): Promise<number> };

/** Whether an operation is asked without a signature: its token says who asks. */
export function isUnsigned(service: string, operation: string): boolean {
  return service === 'sts' && operation === 'AssumeRoleWithWebIdentity';
}

export function createSts(parts: { keys: Keys; roles: Roles; accountId: string }): Sts {
  const { keys, roles, accountId } = parts;
  const answerOf = async ({ operation, form, key }: StsRequest): Promise<string> => {
    switch (operation) {
      case 'GetCallerIdentity': {
        const { principal, userId } = held(key);
        const arn = `<Arn>${xml(principal.sessionArn)}</Arn>`;
        return `${arn}<UserId>${xml(userId)}</UserId><Account>${accountId}</Account>`;
      }
      case 'GetAccessKeyInfo':
        return `<Account>${accountId}</Account>`;
      case 'GetSessionToken': {
        const { principal, userId } = held(key);
        if (principal.kind !== 'user') {
          throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', {
            status: 403,
          });
        }
        return credentialsXml(keys.issue({ principal, userId }, seconds(form, 12 * HOUR, 36 * HOUR)));
      }
      case 'AssumeRole': {
        const { accessKeyId, principal } = held(key);
        return sessionXml(
          await roles.assume({
            ...roleRequest(form),
            by: { caller: { accessKeyId, principal }, externalId: form.get('ExternalId') ?? undefined },
          }),
        );
      }
      case 'AssumeRoleWithWebIdentity':
        return sessionXml(
          await roles.assume({ ...roleRequest(form), by: { token: field(form, 'WebIdentityToken') } }),
        );
      default:
        throw new AwsError('UnknownOperationException', `The local lake does not model sts.${operation}`);
    }
  };
  return {
    async answer(request, response) {
      const result = await answerOf(request);
      return sendQueryResult(response, request.operation, NAMESPACE, result);
    },
  };
}

function roleRequest(form: URLSearchParams) {
  for (const name of form.keys()) {
    if (/^(Tags|TransitiveTagKeys|ProvidedContexts)\./.test(name)) {
      throw new AwsError(
        'UnknownOperationException',
        `The local lake does not model ${name} of sts.AssumeRole`,
      );
    }
  }
  const policy = form.get('Policy');
  const arns = [...form]
    .filter(([name]) => /^PolicyArns\.member\.\d+\.arn$/.test(name))
    .map(([, arn]) => arn);
  return {
    roleArn: field(form, 'RoleArn'),
    sessionName: field(form, 'RoleSessionName'),
    policies: [...(policy === null ? [] : [policy]), ...arns],
    seconds: seconds(form, HOUR, 12 * HOUR),
  };
}

function held(key: Key | undefined): Key {
  if (key !== undefined) return key;
  throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', {
    status: 403,
  });
}

function field(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value !== null && value !== '') return value;
  const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  throw invalid(`Value null at '${member}' failed to satisfy constraint: Member must not be null`);
}

function seconds(form: URLSearchParams, usual: number, most: number): number {
  const asked = Number(form.get('DurationSeconds') ?? usual);
  if (Number.isInteger(asked) && asked >= 900 && asked <= most) return asked;
  const bound = asked < 900 ? 'greater than or equal to 900' : `less than or equal to ${most}`;
  throw invalid(
    `Value '${asked}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

function invalid(problem: string): AwsError {
  return new AwsError('ValidationError', `1 validation error detected: ${problem}`, { status: 400 });
}

function sessionXml({ credentials, principal, userId }: RoleSession): string {
  const user = `<AssumedRoleId>${xml(userId)}</AssumedRoleId><Arn>${xml(principal.sessionArn)}</Arn>`;
  return `<AssumedRoleUser>${user}</AssumedRoleUser>${credentialsXml(credentials)}`;
}

function credentialsXml(credentials: TemporaryCredentials): string {
  const members = {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: new Date(credentials.expires).toISOString(),
  };
  const elements = Object.entries(members).map(([name, value]) => `<${name}>${xml(value)}</${name}>`);
  return `<Credentials>${elements.join('')}</Credentials>`;
}
