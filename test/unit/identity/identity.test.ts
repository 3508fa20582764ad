import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createIdentity } from '../../../src/local/gateway/identity/identity.ts';
import { createKeys } from '../../../src/local/gateway/identity/keys.ts';
import { rolePrincipal, userPrincipal } from '../../../src/local/gateway/identity/principal.ts';
import { AwsError } from '../../../src/local/gateway/protocol.ts';
import type { Wire } from '../../../src/local/gateway/wire.ts';

const USER = userPrincipal('arn:aws:iam::123456789012:user/ann');
const ROLE = rolePrincipal('arn:aws:iam::123456789012:role/mydatahub/mydatahub-ingestion', 'run-1');
let now = 1_700_000_000_000;

function newIdentity() {
  const keys = createKeys(() => now);
  keys.add({ accessKeyId: 'AKIAANN', secretAccessKey: 's', principal: USER, userId: 'AIDAANN' });
  return createIdentity(keys, () => now);
}

function request(token?: string): IncomingMessage {
  const made = new IncomingMessage(new Socket());
  if (token !== undefined) made.headers['x-amz-security-token'] = token;
  return made;
}

function refusal(work: () => unknown): AwsError {
  try {
    work();
  } catch (error) {
    if (error instanceof AwsError) return error;
  }
  throw new Error('it was not refused');
}

describe('an access key', () => {
  it('belongs to its user', () => {
    const identity = newIdentity();
    expect(identity.principalOf('AKIAANN')).toEqual(USER);
    expect(identity.authenticate(request(), 'AKIAANN', 'json').userId).toBe('AIDAANN');
  });

  it('of a session belongs to the role, and has the session in its own ARN', () => {
    const identity = newIdentity();
    const { accessKeyId, sessionToken } = identity.keys.issue({ principal: ROLE, userId: 'AROA:run-1' }, 60);
    const { principal } = identity.authenticate(request(sessionToken), accessKeyId, 's3');
    expect(principal).toEqual({
      arn: 'arn:aws:iam::123456789012:role/mydatahub/mydatahub-ingestion',
      sessionArn: 'arn:aws:sts::123456789012:assumed-role/mydatahub-ingestion/run-1',
      kind: 'role',
    });
  });

  it('is refused when nobody holds it, with the code of each protocol', () => {
    const identity = newIdentity();
    const codeFor = (wire: Wire, accessKeyId: string) => {
      const { code, status } = refusal(() => identity.authenticate(request(), accessKeyId, wire));
      return [status, code];
    };
    expect(codeFor('json', 'AKIANOBODY')).toEqual([400, 'UnrecognizedClientException']);
    expect(codeFor('query', 'AKIANOBODY')).toEqual([403, 'InvalidClientTokenId']);
    expect(codeFor('s3', 'AKIANOBODY')).toEqual([403, 'InvalidAccessKeyId']);
    expect(codeFor('json', '')).toEqual([400, 'MissingAuthenticationTokenException']);
    expect(codeFor('s3', '')).toEqual([403, 'AccessDenied']);
    expect(refusal(() => identity.principalOf('AKIANOBODY')).code).toBe('UnrecognizedClientException');
  });

  it('of a session is refused without its token, with another one, and after its time', () => {
    const identity = newIdentity();
    const { accessKeyId, sessionToken } = identity.keys.issue({ principal: ROLE, userId: 'AROA:run-1' }, 60);
    const code = (token?: string) =>
      refusal(() => identity.authenticate(request(token), accessKeyId, 's3')).code;
    expect(code()).toBe('InvalidToken');
    expect(code('another')).toBe('InvalidToken');
    now += 60_000;
    expect(code(sessionToken)).toBe('ExpiredToken');
  });
});
