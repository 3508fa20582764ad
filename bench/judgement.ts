import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createAccess } from '../src/local/gateway/access/access.ts';
import { createBucketPolicies } from '../src/local/gateway/access/bucket-policies.ts';
import { s3Address } from '../src/local/gateway/access/s3-address.ts';
import { s3Asks } from '../src/local/gateway/access/s3-asks.ts';
import { createIdentity } from '../src/local/gateway/identity/identity.ts';
import { createKeys } from '../src/local/gateway/identity/keys.ts';
import { rolePrincipal } from '../src/local/gateway/identity/principal.ts';
import { parsePolicy } from '../src/local/gateway/policy/document.ts';
import { median } from './measure.ts';

/**
 * What the gateway itself spends on the signature and the permissions of one call, without the way to it: a role with
 * 12 statements reads an object, under a bucket's policy. Usage: judgement.ts [calls]. Prints medians in milliseconds.
 */
const calls = Number(process.argv[2] ?? 2000);
const place = { region: 'us-east-1', accountId: '123456789012' };
const statements = Array.from({ length: 12 }, (_, at) => ({
  Effect: 'Allow',
  Action: ['s3:GetObject', 's3:PutObject', `glue:Get${at}*`],
  Resource: [`arn:aws:s3:::lake/folder-${at}/*`, `arn:aws:glue:*:*:table/db/t${at}`],
  Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/mydatahub/*' } },
}));
const policy = parsePolicy(JSON.stringify({ Statement: statements }));
const keys = createKeys();
const key = keys.issue(
  { principal: rolePrincipal('arn:aws:iam::123456789012:role/mydatahub/job', 'run'), userId: 'x' },
  3600,
);
const buckets = createBucketPolicies();
buckets.put(
  'lake',
  JSON.stringify({
    Statement: {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: 'arn:aws:s3:::lake/*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  }),
);
const account = {
  grants: async () => ({ identity: [policy], boundary: undefined, tags: {} }),
  policy: async () => policy,
};
const access = createAccess({ place, keys, account, buckets });
const identity = createIdentity(keys);
const figures: Record<'signature' | 'permissions', number[]> = { signature: [], permissions: [] };

async function judged(request: IncomingMessage): Promise<void> {
  const started = performance.now();
  const { accessKeyId, principal } = identity.authenticate({ request, body: undefined }, 's3');
  const known = performance.now();
  await access.require({ accessKeyId, principal }, ...s3Asks(request, s3Address(request)));
  figures.signature.push(known - started);
  figures.permissions.push(performance.now() - known);
}

const server = createServer(async (request, response) => {
  for (let call = 0; call < calls; call += 1) await judged(request);
  response.end();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const s3 = new S3Client({ endpoint, region: place.region, forcePathStyle: true, credentials: key });
await s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'folder-11/a.parquet' }));
server.close();
console.log(
  JSON.stringify({
    bench: 'judgement',
    calls,
    signature_ms: median(figures.signature),
    permissions_ms: median(figures.permissions),
  }),
);
