import type { IncomingMessage } from 'node:http';
import type { ContextValues } from '../policy/context.ts';
import { AwsError } from '../protocol.ts';
import { type Ask, NO_RESOURCE } from './ask.ts';
import { bucketArn, objectArn, type S3Address } from './s3-address.ts';

/** Of a bucket beside its objects, by sub-resource: what the permission is called after `Get`, `Put` and `Delete`. */
const BUCKET_PARTS: Readonly<Record<string, string>> = {
  accelerate: 'AccelerateConfiguration',
  acl: 'BucketAcl',
  analytics: 'AnalyticsConfiguration',
  cors: 'BucketCORS',
  encryption: 'EncryptionConfiguration',
  'intelligent-tiering': 'IntelligentTieringConfiguration',
  inventory: 'InventoryConfiguration',
  lifecycle: 'LifecycleConfiguration',
  location: 'BucketLocation',
  logging: 'BucketLogging',
  metrics: 'MetricsConfiguration',
  notification: 'BucketNotification',
  'object-lock': 'BucketObjectLockConfiguration',
  ownershipControls: 'BucketOwnershipControls',
  policy: 'BucketPolicy',
  policyStatus: 'BucketPolicyStatus',
  publicAccessBlock: 'BucketPublicAccessBlock',
  replication: 'ReplicationConfiguration',
  requestPayment: 'BucketRequestPayment',
  tagging: 'BucketTagging',
  versioning: 'BucketVersioning',
  website: 'BucketWebsite',
};
/** What is removed by another permission than `Delete…`: mostly the one that writes. */
const DELETED_BY: Readonly<Record<string, string>> = {
  policy: 'DeleteBucketPolicy',
  website: 'DeleteBucketWebsite',
};

/** Of an object beside its content. Those with versions have a permission of their own for an old version. */
const OBJECT_PARTS: Readonly<Record<string, readonly [name: string, versioned: boolean]>> = {
  acl: ['ObjectAcl', true],
  'legal-hold': ['ObjectLegalHold', false],
  retention: ['ObjectRetention', false],
  tagging: ['ObjectTagging', true],
  torrent: ['ObjectTorrent', true],
};

/** Headers that conditions may ask for by `s3:<header>`. */
const HEADER_KEYS = [
  'x-amz-acl',
  'x-amz-content-sha256',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-storage-class',
];

/** The permissions of a request to S3. Source: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations". */
export function s3Asks(request: IncomingMessage, address: S3Address): readonly Ask[] {
  const method = request.method ?? 'GET';
  const ask = (name: string, resource: string, more: ContextValues = {}): Ask => ({
    action: `s3:${name}`,
    resources: [resource],
    values: { ...s3Values(request, address), ...more },
  });
  if (!METHODS.includes(method) || (method === 'POST' && !isKnownPost(address))) {
    throw new AwsError('NotImplemented', `The local lake does not model ${method} here.`, { status: 501 });
  }
  if (address.bucket === '') return [{ action: 's3:ListAllMyBuckets', resources: NO_RESOURCE }];
  return address.key === '' ? [bucketAsk(method, address, ask)] : objectAsks(method, request, address, ask);
}

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];

/** POST starts and ends multipart uploads, and restores. A browser's form is another thing altogether. */
function isKnownPost({ key, query }: S3Address): boolean {
  return key !== '' && ['uploads', 'uploadId', 'restore'].some((name) => query.has(name));
}

type AskMaker = (name: string, resource: string, more?: ContextValues) => Ask;

function bucketAsk(method: string, { bucket, query }: S3Address, ask: AskMaker): Ask {
  const arn = bucketArn(bucket);
  const part = Object.keys(BUCKET_PARTS).find((name) => query.has(name));
  if (part !== undefined) {
    const name = BUCKET_PARTS[part] ?? '';
    if (method === 'GET') return ask(`Get${name}`, arn);
    return ask(method === 'DELETE' ? (DELETED_BY[part] ?? `Put${name}`) : `Put${name}`, arn);
  }
  if (method === 'PUT') return ask('CreateBucket', arn);
  if (method === 'DELETE') return ask('DeleteBucket', arn);
  if (query.has('uploads')) return ask('ListBucketMultipartUploads', arn, listValues(query));
  if (query.has('versions')) return ask('ListBucketVersions', arn, listValues(query));
  return ask('ListBucket', arn, listValues(query));
}

function objectAsks(
  method: string,
  request: IncomingMessage,
  { bucket, key, query }: S3Address,
  ask: AskMaker,
): readonly Ask[] {
  const arn = objectArn(bucket, key);
  const version = query.get('versionId') === null ? '' : 'Version';
  const part = Object.keys(OBJECT_PARTS).find((name) => query.has(name));
  if (part !== undefined) {
    const [name = '', versioned = false] = OBJECT_PARTS[part] ?? [];
    const verb = { GET: 'Get', HEAD: 'Get', DELETE: 'Delete' }[method] ?? 'Put';
    return [ask(versioned ? `${verb}${name.replace('Object', `Object${version}`)}` : `${verb}${name}`, arn)];
  }
  if (query.has('attributes')) {
    return [ask(`GetObject${version}`, arn), ask(`GetObject${version}Attributes`, arn)];
  }
  if (query.has('restore')) return [ask('RestoreObject', arn)];
  if (query.has('uploadId') && method === 'GET') return [ask('ListMultipartUploadParts', arn)];
  if (query.has('uploadId') && method === 'DELETE') return [ask('AbortMultipartUpload', arn)];
  if (method === 'GET' || method === 'HEAD') return [ask(`GetObject${version}`, arn)];
  if (method === 'DELETE') return [ask(`DeleteObject${version}`, arn)];
  const { headers } = request;
  return [
    ask('PutObject', arn),
    ...(headers['x-amz-tagging'] === undefined ? [] : [ask('PutObjectTagging', arn)]),
    ...(headers['x-amz-acl'] === undefined ? [] : [ask('PutObjectAcl', arn)]),
    ...sourceAsks(headers['x-amz-copy-source'], ask),
  ];
}

/** CopyObject and UploadPartCopy read what they copy. The header is URL-encoded, with or without a first slash. */
function sourceAsks(header: string | readonly string[] | undefined, ask: AskMaker): readonly Ask[] {
  if (header === undefined) return [];
  const [path = '', version] = String(header).replace(/^\//, '').split('?versionId=');
  const [bucket = '', ...key] = decodeURIComponent(path).split('/');
  return [ask(version === undefined ? 'GetObject' : 'GetObjectVersion', objectArn(bucket, key.join('/')))];
}

/** A permission on a bucket or an object that another service asks for on its caller's behalf. */
export function s3Ask(name: string, arn: string): Ask {
  return { action: `s3:${name}`, resources: [arn], values: NO_LISTING };
}

/** DeleteObjects needs its permission for each of its objects. */
export function deletionAsk(bucket: string, key: string, versionId: string | undefined): Ask {
  const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  return {
    action,
    resources: [objectArn(bucket, key)],
    values: { ...NO_LISTING, 's3:versionid': versionId },
  };
}

/** Whoever may not list a bucket is not told that an object is not there. On AWS the key counts as prefix. */
export function existenceAsk({ bucket, key }: S3Address): Ask {
  return {
    action: 's3:ListBucket',
    resources: [bucketArn(bucket)],
    values: { ...NO_LISTING, 's3:prefix': key },
  };
}

const NO_LISTING: ContextValues = {
  's3:prefix': undefined,
  's3:delimiter': undefined,
  's3:max-keys': undefined,
  's3:versionid': undefined,
};

function listValues(query: URLSearchParams): ContextValues {
  return {
    's3:prefix': query.get('prefix') ?? undefined,
    's3:delimiter': query.get('delimiter') ?? undefined,
    's3:max-keys': query.get('max-keys') ?? undefined,
  };
}

function s3Values({ headers }: IncomingMessage, { query }: S3Address): ContextValues {
  return {
    ...NO_LISTING,
    's3:versionid': query.get('versionId') ?? undefined,
    's3:authtype': query.has('X-Amz-Signature') ? 'REST-QUERY-STRING' : 'REST-HEADER',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    's3:tlsversion': '1.3',
    ...Object.fromEntries(HEADER_KEYS.map((name) => [`s3:${name}`, headers[name]?.toString()])),
  };
}
