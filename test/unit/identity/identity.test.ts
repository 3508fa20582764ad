import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isS3, targetOf } from '../../../src/local/gateway/calls.ts';
import { createIdentity } from '../../../src/local/gateway/identity/identity.ts';
import { createKeys } from '../../../src/local/gateway/identity/keys.ts';
import { rolePrincipal, userPrincipal } from '../../../src/local/gateway/identity/principal.ts';
import { AwsError } from '../../../src/local/gateway/protocol.ts';
import { sendRefusal, wireOf } from '../../../src/local/gateway/wire.ts';
import type { Credentials } from '../../../src/local/lake.ts';

const USER = userPrincipal('arn:aws:iam::123456789012:user/ann');
const ROLE = rolePrincipal('arn:aws:iam::123456789012:role/mydatahub/mydatahub-ingestion', 'run-1');
const ANN = { accessKeyId: 'AKIAANN', secretAccessKey: 'hush' };

let now = Date.now();
const keys = createKeys(() => now);
keys.add({ ...ANN, principal: USER, userId: 'AIDAANN' });
const identity = createIdentity(keys, () => now);
let server: Server;
let endpoint: string;
let last = '';

/** An endpoint that answers whose key a request is signed with, or AWS's refusal. */
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = isS3(request) ? undefined : await buffer(request);
    request.resume();
    const wire = wireOf(targetOf(request, body).service, request);
    try {
      last = identity.authenticate({ request, body }, wire).principal.sessionArn;
      response.writeHead(200, { 'Content-Type': 'application/xml' }).end();
    } catch (error) {
      if (error instanceof AwsError) sendRefusal(response, wire, request, error);
      else response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close().closeAllConnections());

const options = (credentials: Credentials) => ({
  endpoint,
  region: 'us-east-1',
  credentials,
  forcePathStyle: true,
  maxAttempts: 1,
});

/** What each protocol's client says of a key: an error's name, or who it is. */
async function seen(credentials: Credentials): Promise<string[]> {
  const asked = [
    () => new GlueClient(options(credentials)).send(new GetTableCommand({ DatabaseName: 'd', Name: 't' })),
    () => new IAMClient(options(credentials)).send(new GetUserCommand({})),
    () => new S3Client(options(credentials)).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
  ];
  const names: string[] = [];
  for (const ask of asked) {
    last = '';
    const name = await ask().then(
      () => last,
      (error: unknown) => last || (error instanceof Error ? error.name : ''),
    );
    names.push(name);
  }
  return names;
}

describe('an access key', () => {
  it('belongs to its user in every protocol', async () => {
    expect(await seen(ANN)).toEqual([USER.arn, USER.arn, USER.arn]);
    expect(identity.principalOf('AKIAANN')).toEqual(USER);
  });

  it('of a session belongs to the role, and has the session in its own ARN', async () => {
    const session = 'arn:aws:sts::123456789012:assumed-role/mydatahub-ingestion/run-1';
    const credentials = keys.issue({ principal: ROLE, userId: 'AROA:run-1' }, 3600);
    expect(await seen(credentials)).toEqual([session, session, session]);
    expect(identity.principalOf(credentials.accessKeyId).arn).toBe(ROLE.arn);
  });

  it('is refused when nobody holds it', async () => {
    expect(await seen({ ...ANN, accessKeyId: 'AKIANOBODY' })).toEqual([
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'InvalidAccessKeyId',
    ]);
    expect(() => identity.principalOf('AKIANOBODY')).toThrow('The security token included in the request');
  });

  it('is refused with another secret', async () => {
    expect(await seen({ ...ANN, secretAccessKey: 'guess' })).toEqual([
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
      'SignatureDoesNotMatch',
    ]);
  });

  it('of a session is refused without its token, with another one, and after its time', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = keys.issue({ principal: ROLE, userId: 'x' }, 60);
    const refused = ['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidToken'];
    expect(await seen({ accessKeyId, secretAccessKey })).toEqual(refused);
    expect(await seen({ accessKeyId, secretAccessKey, sessionToken: 'another' })).toEqual(refused);
    now += 60_000;
    expect(await seen({ accessKeyId, secretAccessKey, sessionToken })).toEqual([
      'ExpiredTokenException',
      'ExpiredToken',
      'ExpiredToken',
    ]);
  });

  it('is refused where there is none', async () => {
    expect((await fetch(`${endpoint}/b/k`)).status).toBe(403);
    const glue = await fetch(endpoint, { method: 'POST', headers: { 'X-Amz-Target': 'AWSGlue.GetTables' } });
    expect(await glue.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});

describe('a signature is right', () => {
  it.each(["a b/ü+(1)'!*~.txt", '=&?#%25/x', '//twice', 'plain'])('for the key %s', async (Key) => {
    last = '';
    const s3 = new S3Client(options(ANN));
    await s3.send(new PutObjectCommand({ Bucket: 'b', Key, Body: 'x', Metadata: { a: ' two   blanks ' } }));
    expect(last).toBe(USER.arn);
    last = '';
    await s3.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: Key, StartAfter: '' })).catch(() => '');
    expect(last).toBe(USER.arn);
  });
});
