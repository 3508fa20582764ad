import type { IncomingMessage } from 'node:http';
import { signatureOf } from './identity/signature.ts';
import { isForm } from './wire.ts';

/** One call that reached the gateway. `status` is 0 when the connection was cut. */
export type Call = {
  readonly sequence: number;
  readonly service: string;
  readonly operation: string;
  readonly mutating: boolean;
  readonly accessKeyId: string;
  readonly status: number;
  readonly milliseconds: number;
};

const KEPT = 100_000;

/** The record of every call, oldest first; the oldest are forgotten after 100,000. */
export function createCalls() {
  let calls: Call[] = [];
  let sequence = 0;
  return {
    add(call: Omit<Call, 'sequence'>): void {
      sequence += 1;
      calls.push({ sequence, ...call });
      if (calls.length > KEPT) calls = calls.slice(-KEPT / 2);
    },
    /** Calls after the given sequence number. */
    since(after: number): readonly Call[] {
      return calls.filter((call) => call.sequence > after);
    },
    last(): number {
      return sequence;
    },
  };
}
export type Calls = ReturnType<typeof createCalls>;

/** What a request asks for: service, operation and who asks. */
export type Target = Pick<Call, 'service' | 'operation' | 'mutating' | 'accessKeyId'>;

/** Whether a request is for S3, to which also goes what says nothing of itself. */
export function isS3(request: IncomingMessage): boolean {
  if (request.headers['x-amz-target'] !== undefined || isForm(request)) return false;
  return (signatureOf(request)?.service ?? 's3') === 's3';
}

/**
 * Reads the target from the request: `X-Amz-Target` for the JSON services, the form's `Action` for the query protocol,
 * else method and path. The service is that of the credential scope (access key/date/region/service/aws4_request),
 * and for the services that have `X-Amz-Target` what it says. `body` is absent for S3.
 */
export function targetOf(request: IncomingMessage, body: Buffer | undefined): Target {
  const { accessKeyId = '', service } = signatureOf(request) ?? {};
  const [jsonService, jsonOperation] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (jsonService && jsonOperation) {
    return { service: jsonService, operation: jsonOperation, mutating: !isRead(jsonOperation), accessKeyId };
  }
  const action = isForm(request) ? new URLSearchParams(body?.toString()).get('Action') : null;
  if (action !== null) {
    // Of all operations in forms only some of STS are asked without a signature.
    return { service: service ?? 'sts', operation: action, mutating: !isRead(action), accessKeyId };
  }
  const method = request.method ?? 'GET';
  const mutating = method !== 'GET' && method !== 'HEAD';
  if (isS3(request)) {
    return { service: 's3', operation: s3Operation(method, request.url ?? '/'), mutating, accessKeyId };
  }
  return {
    service: service ?? 's3',
    operation: restOperation(method, request.url ?? '/'),
    mutating,
    accessKeyId,
  };
}

function isRead(operation: string): boolean {
  return /^(Get|List|BatchGet|Describe|Search|Head|Simulate)/.test(operation);
}

function restOperation(method: string, url: string): string {
  const path = url.split('?')[0] ?? '/';
  return method === 'POST' && path.length > 1 ? path.slice(1) : `${method} ${path}`;
}

/** S3 has no operation name on the wire: method, whether there is a key, and the sub-resource tell it. */
function s3Operation(method: string, url: string): string {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const hasKey = pathname.split('/').filter(Boolean).length > 1;
  if (searchParams.has('uploadId')) {
    return (
      { PUT: 'UploadPart', POST: 'CompleteMultipartUpload', DELETE: 'AbortMultipartUpload' }[method] ??
      'ListParts'
    );
  }
  if (searchParams.has('uploads'))
    return method === 'POST' ? 'CreateMultipartUpload' : 'ListMultipartUploads';
  if (searchParams.has('delete')) return 'DeleteObjects';
  if (searchParams.has('list-type')) return 'ListObjectsV2';
  const subresource = [...searchParams.keys()].find((name) => searchParams.get(name) === '');
  const noun = hasKey ? 'Object' : 'Bucket';
  const verb =
    { PUT: hasKey ? 'Put' : 'Create', GET: 'Get', HEAD: 'Head', DELETE: 'Delete', POST: 'Post' }[method] ??
    method;
  return subresource === undefined ? `${verb}${noun}` : `${verb}${noun}:${subresource}`;
}
