import { randomBytes } from 'node:crypto';
import { cpus, totalmem } from 'node:os';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { lakeDirectory, readLakeFile } from '../src/local/lakes.ts';
import { startLake } from '../src/local/start.ts';
import { stopLake } from '../src/local/stop.ts';
import { median } from './measure.ts';

/**
 * What enforcement costs a call: S3 asked through the gateway (signature, permissions, record) and at moto itself, turn
 * about, for requests without content, small objects and objects of 8 MiB. Usage: enforcement.ts [rounds]. The last line
 * is one JSON object of medians in milliseconds.
 */
const rounds = Number(process.argv[2] ?? 200);
const name = `bench-${process.pid}`;
const Bucket = 'bench-enforcement';

await startLake(name);
try {
  const lake = readLakeFile(name);
  if (lake === undefined) throw new Error(`no lake in ${lakeDirectory(name)}`);
  const client = (endpoint: string) =>
    new S3Client({
      endpoint,
      region: lake.region,
      forcePathStyle: true,
      credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
    });
  const clients = { gateway: client(lake.endpoint), moto: client(lake.moto_endpoint) };
  await clients.gateway.send(new CreateBucketCommand({ Bucket }));
  const figures: Record<string, number[]> = {};
  const timed = async (what: string, work: (s3: S3Client) => Promise<unknown>) => {
    for (const [where, s3] of Object.entries(clients)) {
      const started = performance.now();
      await work(s3);
      figures[`${what}_${where}_ms`] = [
        ...(figures[`${what}_${where}_ms`] ?? []),
        performance.now() - started,
      ];
    }
  };
  const put = (Key: string, Body: Buffer) => (s3: S3Client) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const get = (Key: string) => async (s3: S3Client) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray();
  const small = randomBytes(10_000);
  const large = randomBytes(8 * 2 ** 20);
  for (let round = 0; round < rounds; round += 1) {
    await timed('head', (s3) => s3.send(new HeadBucketCommand({ Bucket })));
    await timed('put_10kB', put('small', small));
    await timed('get_10kB', get('small'));
    if (round % 10 > 0) continue;
    await timed('put_8MiB', put('large', large));
    await timed('get_8MiB', get('large'));
    await clients.moto.send(new DeleteObjectCommand({ Bucket, Key: 'large' }));
  }
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const medians = Object.fromEntries(Object.entries(figures).map(([key, values]) => [key, median(values)]));
  console.log(JSON.stringify({ bench: 'enforcement', machine, rounds, ...medians }));
} finally {
  await stopLake(name);
}
