import type { IncomingMessage } from 'node:http';
import { AwsError } from '../protocol.ts';
import type { Wire } from '../wire.ts';
import type { Key, Keys } from './keys.ts';
import type { Principal } from './principal.ts';
import { isSignedWith, signatureOf } from './signature.ts';

/** A request and its body, which S3's keep to themselves: they may be large. */
export type SignedRequest = { readonly request: IncomingMessage; readonly body: Buffer | undefined };

/** Who holds which access key. */
export type Identity = {
  readonly keys: Keys;
  /** Throws UnrecognizedClientException for a key that nobody holds. */
  principalOf(accessKeyId: string): Principal;
  /** The key that a request is signed with, its signature verified. Throws AWS's refusal, by the code of the service's own protocol. */
  authenticate(request: SignedRequest, wire: Wire): Key;
};

export function createIdentity(keys: Keys, now: () => number = Date.now): Identity {
  return {
    keys,
    principalOf(accessKeyId) {
      const key = keys.find(accessKeyId);
      if (key === undefined) throw refusal('unknown', 'json');
      return key.principal;
    },
    authenticate({ request, body }, wire) {
      const signature = signatureOf(request);
      if (signature === undefined) throw refusal('unsigned', wire);
      const { accessKeyId, lifetime, time } = signature;
      const key = keys.find(accessKeyId);
      if (key === undefined) throw refusal('unknown', wire, { AWSAccessKeyId: accessKeyId });
      if (key.sessionToken !== tokenOf(request)) throw refusal('wrong-token', wire);
      if (key.expires !== undefined && key.expires <= now()) throw refusal('expired', wire);
      if (!isSignedWith(key.secretAccessKey, signature, request, body)) {
        throw refusal('wrong-signature', wire, { AWSAccessKeyId: accessKeyId });
      }
      if (lifetime !== undefined && !(instant(time) + lifetime * 1000 > now())) throw refusal('past', wire);
      return key;
    },
  };
}

/** Milliseconds since 1970 of a time such as `20260101T000000Z`. */
function instant(time: string): number {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, '$1-$2-$3:$4:'));
}

function tokenOf(request: IncomingMessage): string | undefined {
  const header = request.headers['x-amz-security-token'];
  if (header !== undefined) return String(header);
  return new URL(request.url ?? '/', 'http://aws').searchParams.get('X-Amz-Security-Token') ?? undefined;
}

type Problem = 'unsigned' | 'unknown' | 'wrong-token' | 'expired' | 'wrong-signature' | 'past';
type Form = readonly [status: number, code: string, message: string];

const INVALID_TOKEN = 'The security token included in the request is invalid.';
const WRONG_SIGNATURE = 'The request signature we calculated does not match the signature you provided.';
const CHECK_SECRET =
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
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
  'wrong-signature': {
    s3: [403, 'SignatureDoesNotMatch', `${WRONG_SIGNATURE} Check your key and signing method.`],
    query: [403, 'SignatureDoesNotMatch', `${WRONG_SIGNATURE} ${CHECK_SECRET}`],
    json: [400, 'InvalidSignatureException', `${WRONG_SIGNATURE} ${CHECK_SECRET}`],
  },
  past: {
    s3: [403, 'AccessDenied', 'Request has expired'],
    query: [403, 'SignatureDoesNotMatch', 'Signature expired'],
    json: [400, 'InvalidSignatureException', 'Signature expired'],
  },
};

function refusal(problem: Problem, wire: Wire, members: Record<string, string> = {}): AwsError {
  const [status, code, message] = FORMS[problem][wire];
  return new AwsError(code, message, { status, ...(wire === 's3' ? { members } : {}) });
}
