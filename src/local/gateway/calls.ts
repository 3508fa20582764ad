import type { IncomingMessage } from 'node:http';

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

/**
 * Reads the target from the request line and headers: `X-Amz-Target` for the JSON services, else the credential
 * scope of the Authorization header (access key/date/region/service/aws4_request).
 */
export function targetOf(request: IncomingMessage): Target {
  const scope = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '');
  const accessKeyId = scope?.[1] ?? 'anonymous';
  const [jsonService, jsonOperation] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (jsonService && jsonOperation) {
    const mutating = !/^(Get|List|BatchGet|Describe|Search)/.test(jsonOperation);
    return { service: jsonService, operation: jsonOperation, mutating, accessKeyId };
  }
  const service = scope?.[2] ?? 's3';
  const method = request.method ?? 'GET';
  const operation =
    service === 's3' ? s3Operation(method, request.url ?? '/') : restOperation(method, request.url ?? '/');
  return { service, operation, mutating: method !== 'GET' && method !== 'HEAD', accessKeyId };
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
