import type { ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { AwsError, type Caller } from '../protocol.ts';
import type { createProxy, Incoming } from '../proxy.ts';
import { xml } from '../wire.ts';
import type { Access } from './access.ts';
import type { BucketPolicies } from './bucket-policies.ts';
import { type S3Address, s3Address } from './s3-address.ts';
import { deletionAsk, existenceAsk, s3Asks } from './s3-asks.ts';

export type S3FrontParts = {
  readonly proxy: ReturnType<typeof createProxy>;
  readonly access: Access;
  readonly buckets: BucketPolicies;
  /** moto's S3. */
  readonly s3: S3Client;
};

/** S3 as its callers may use it: moto keeps it, the permissions and the policies of buckets are judged here. */
export type S3Front = { serve(call: Incoming, caller: Caller): Promise<number> };

export function createS3Front(parts: S3FrontParts): S3Front {
  const { proxy, access, buckets } = parts;
  return {
    async serve(call, caller) {
      const { request } = call;
      const address = s3Address(request);
      if (request.method === 'POST' && address.key === '' && address.query.has('delete')) {
        return deleteObjects(parts, call, caller, address.bucket);
      }
      await access.require(caller, ...s3Asks(request, address));
      if (address.key === '' && address.query.has('policy')) return bucketPolicy(parts, call, address);
      const reads = address.key !== '' && (request.method === 'GET' || request.method === 'HEAD');
      const onMissing = () => access.refusal(caller, existenceAsk(address));
      const status = await proxy.forward(reads ? { ...call, onMissing } : call);
      if (call.target.operation === 'DeleteBucket' && status < 300) buckets.remove(address.bucket);
      return status;
    },
  };
}

async function bucketPolicy(parts: S3FrontParts, call: Incoming, { bucket }: S3Address): Promise<number> {
  const { buckets, s3 } = parts;
  const { request, response, deliver } = call;
  const body = await buffer(request);
  await s3.send(new HeadBucketCommand({ Bucket: bucket })).catch(() => {
    const members = { BucketName: bucket };
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', { status: 404, members });
  });
  if (request.method === 'PUT') buckets.put(bucket, body.toString());
  if (request.method === 'DELETE') buckets.remove(bucket);
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const text = reads ? buckets.text(bucket) : '';
  return deliver ? send(response, reads ? 200 : 204, 'application/json', text) : 200;
}

/** S3 deletes what may be deleted, and tells of each of the others that it may not. */
async function deleteObjects(
  { proxy, access }: S3FrontParts,
  call: Incoming,
  caller: Caller,
  bucket: string,
): Promise<number> {
  const { request, response, deliver } = call;
  const body = (await buffer(request)).toString();
  let allowed = body;
  const errors: string[] = [];
  for (const [object] of body.matchAll(/<Object>.*?<\/Object>/gs)) {
    const key = element(object, 'Key') ?? '';
    const versionId = element(object, 'VersionId');
    const refusal = await access.refusal(caller, deletionAsk(bucket, key, versionId));
    if (refusal === undefined) continue;
    allowed = allowed.replace(object, () => '');
    const version = versionId === undefined ? '' : `<VersionId>${xml(versionId)}</VersionId>`;
    const why = `<Code>${refusal.code}</Code><Message>${xml(refusal.message)}</Message>`;
    errors.push(`<Error><Key>${xml(key)}</Key>${version}${why}</Error>`);
  }
  if (errors.length === 0) return proxy.forward({ ...call, body: Buffer.from(body) });
  let result = '<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></DeleteResult>';
  let status = 200;
  if (allowed.includes('<Object>')) {
    const answer = await proxy.exchange({ ...call, body: Buffer.from(allowed) });
    status = answer.status;
    result = answer.body.toString();
  }
  const complete = result.replace('</DeleteResult>', () => `${errors.join('')}</DeleteResult>`);
  return deliver ? send(response, status, 'application/xml', complete) : status;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of an XML element. */
function element(text: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1];
  return found?.replace(
    /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
    (all, hex?: string, decimal?: string, entity?: string) => {
      if (entity !== undefined) return ENTITIES[entity] ?? all;
      return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    },
  );
}

function send(response: ServerResponse, status: number, type: string, text: string): number {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
  return status;
}
