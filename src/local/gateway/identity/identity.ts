import type { IncomingMessage } from 'node:http';
import { AwsError } from '../protocol.ts';
import type { Wire } from '../wire.ts';
import type { Key, Keys } from './keys.ts';
import type { Principal } from './principal.ts';

/** Who holds which access key. */
export type Identity = {
  readonly keys: Keys;
  /** Throws UnrecognizedClientException for a key that nobody holds. */
  principalOf(accessKeyId: string): Principal;
  /** The key that a request is signed with. Throws AWS's refusal, by the code of the service's own protocol. */
  authenticate(request: IncomingMessage, accessKeyId: string, wire: Wire): Key;
};

export function createIdentity(keys: Keys, now: () => number = Date.now): Identity {
  return {
    keys,
    principalOf(accessKeyId) {
      const key = keys.find(accessKeyId);
      if (key === undefined) throw refusal('unknown', 'json');
      return key.principal;
    },
    authenticate(request, accessKeyId, wire) {
      const key = keys.find(accessKeyId);
      if (accessKeyId === '') throw refusal('unsigned', wire);
      if (key === undefined) throw refusal('unknown', wire, { AWSAccessKeyId: accessKeyId });
      if (key.sessionToken !== tokenOf(request)) throw refusal('wrong-token', wire);
      if (key.expires !== undefined && key.expires <= now()) throw refusal('expired', wire);
      return key;
    },
  };
}

function tokenOf(request: IncomingMessage): string | undefined {
  const header = request.headers['x-amz-security-token'];
  if (header !== undefined) return String(header);
  return new URL(request.url ?? '/', 'http://aws').searchParams.get('X-Amz-Security-Token') ?? undefined;
}

type Problem = 'unsigned' | 'unknown' | 'wrong-token' | 'expired';
type Form = readonly [status: number, code: string, message: string];

const INVALID_TOKEN = 'The security token included in the request is invalid.';
const EXPIRED_TOKEN = 'The security token included in the request is expired';

/** AWS's words, by the protocol. Source: S3's list of error responses, and IAM's "Common error types". */
const FORMS: Readonly<Record<Problem, Readonly<Record<Wire, Form>>>> = {
  unsigned: {
    s3: [403, 'AccessDenied', 'Access Denied'],
    query: [403, 'MissingAuthenticationToken', 'Request is missing Authentication Token'],
    json: [400, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
  },
  unknown: {
    s3: [403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'],
    query: [403, 'InvalidClientTokenId', INVALID_TOKEN],
    json: [400, 'UnrecognizedClientException', INVALID_TOKEN],
  },
  'wrong-token': {
    s3: [400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.'],
    query: [403, 'InvalidClientTokenId', INVALID_TOKEN],
    json: [400, 'UnrecognizedClientException', INVALID_TOKEN],
  },
  expired: {
    s3: [400, 'ExpiredToken', 'The provided token has expired.'],
    query: [403, 'ExpiredToken', EXPIRED_TOKEN],
    json: [400, 'ExpiredTokenException', EXPIRED_TOKEN],
  },
};

function refusal(problem: Problem, wire: Wire, members: Record<string, string> = {}): AwsError {
  const [status, code, message] = FORMS[problem][wire];
  return new AwsError(code, message, { status, ...(wire === 's3' ? { members } : {}) });
}
