import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a request says of its own signature, in its Authorization header or, when presigned, in its query string. */
export type Signature = {
  readonly accessKeyId: string;
  /** `20260101/us-east-1/s3/aws4_request` */
  readonly scope: string;
  /** The third part of the scope. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** Hexadecimal. */
  readonly signature: string;
  /** `20260101T000000Z` */
  readonly time: string;
  /** Seconds from {@link time} on in which it may be used; presigned requests only. */
  readonly lifetime: number | undefined;
};

type Request = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** Reads the signature of a request (AWS Signature Version 4); `undefined` where there is none. */
export function signatureOf(request: Request): Signature | undefined {
  const query = queryOf(request).find(([name]) => name === 'X-Amz-Credential') ? queryOf(request) : undefined;
  return query === undefined ? fromHeader(request) : fromQuery(new Map(query));
}

function fromHeader({ headers }: Request): Signature | undefined {
  const header = headers.authorization ?? '';
  const part = (name: string) => new RegExp(`[\\s,]${name}=([^,\\s]+)`).exec(header)?.[1] ?? '';
  if (!header.startsWith('AWS4-HMAC-SHA256 ')) return undefined;
  return {
    ...credential(part('Credential')),
    signedHeaders: part('SignedHeaders').split(';'),
    signature: part('Signature'),
    time: String(headers['x-amz-date'] ?? ''),
    lifetime: undefined,
  };
}

function fromQuery(query: ReadonlyMap<string, string>): Signature {
  const part = (name: string) => query.get(`X-Amz-${name}`) ?? '';
  return {
    ...credential(part('Credential')),
    signedHeaders: part('SignedHeaders').split(';'),
    signature: part('Signature'),
    time: part('Date'),
    lifetime: Number(part('Expires')),
  };
}

function credential(text: string): Pick<Signature, 'accessKeyId' | 'scope' | 'service'> {
  const [accessKeyId = '', ...scope] = text.split('/');
  return { accessKeyId, scope: scope.join('/'), service: scope[2] ?? '' };
}

/**
 * Whether a request was signed with this secret. What a body to S3 holds is not looked at: it streams through, and its
 * hash is taken as the request says it. Rules: "Create a signed AWS API request" (IAM User Guide).
 */
export function isSignedWith(
  secret: string,
  signature: Signature,
  request: Request,
  body: Buffer | undefined,
): boolean {
  const text = [
    'AWS4-HMAC-SHA256',
    signature.time,
    signature.scope,
    sha256(canonicalRequest(signature, request, body)),
  ].join('\n');
  const expected = createHmac('sha256', signingKey(secret, signature.scope)).update(text).digest();
  const given = Buffer.from(signature.signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function canonicalRequest(signature: Signature, request: Request, body: Buffer | undefined): string {
  const { signedHeaders, service } = signature;
  const query = queryOf(request)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort();
  const headers = signedHeaders.map((name) => {
    const value = request.headers[name];
    return `${name}:${String(value ?? '')
      .trim()
      .replace(/\s+/g, ' ')}\n`;
  });
  return [
    request.method,
    canonicalPath(request, service),
    query.join('&'),
    headers.join(''),
    signedHeaders.join(';'),
    payloadHash(signature, request, body),
  ].join('\n');
}

/** Every service but S3 encodes the path as it is sent once more. */
function canonicalPath(request: Request, service: string): string {
  const segments = ((request.url ?? '/').split('?')[0] ?? '/').split('/');
  return segments.map((segment) => encoded(service === 's3' ? decoded(segment) : segment)).join('/');
}

function payloadHash({ lifetime }: Signature, { headers }: Request, body: Buffer | undefined): string {
  const said = headers['x-amz-content-sha256'];
  if (body !== undefined) return said === 'UNSIGNED-PAYLOAD' ? said : sha256(body);
  return said === undefined && lifetime !== undefined ? 'UNSIGNED-PAYLOAD' : String(said ?? '');
}

const signingKeys = new Map<string, Buffer>();
const MOST_KEPT = 1_000;

function signingKey(secret: string, scope: string): Buffer {
  const name = `${scope}\n${secret}`;
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  const key = scope
    .split('/')
    .reduce<Buffer>(
      (from, part) => createHmac('sha256', from).update(part).digest(),
      Buffer.from(`AWS4${secret}`),
    );
  if (signingKeys.size >= MOST_KEPT) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}

function queryOf({ url }: Request): [name: string, value: string][] {
  const text = (url ?? '').split('?').slice(1).join('?');
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals < 0
        ? [decoded(part), '']
        : [decoded(part.slice(0, equals)), decoded(part.slice(equals + 1))];
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Everything but letters, digits and `-._~` (RFC 3986). */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
