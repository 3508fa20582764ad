import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { Connection } from '../../../src/aws/connection.ts';
import { MOTO_SERVER } from '../../../src/local/moto.ts';
import { toolchain } from '../../../src/local/toolchain.ts';

const LONGEST_START = 60_000;

/** A moto server of one test file, with one versioned bucket; gone with `await using`. */
export type Moto = AsyncDisposable & { readonly connection: Connection };

export async function startMoto(bucket = 'test-lake'): Promise<Moto> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(toolchain().python, [MOTO_SERVER, '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  const connection: Connection = {
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    bucket,
  };
  await answering(endpoint);
  const { bucket: Bucket, ...settings } = connection;
  const client = new S3Client({ ...settings, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  return {
    connection,
    async [Symbol.asyncDispose]() {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answering(endpoint: string): Promise<void> {
  const end = Date.now() + LONGEST_START;
  for (;;) {
    try {
      await fetch(endpoint);
      return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`moto did not start at ${endpoint}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
