import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { readLakeFile } from '../src/local/lakes.ts';
import { mydatahub } from '../src/local/mydatahub.ts';
import { startLake } from '../src/local/start.ts';
import { stopLake } from '../src/local/stop.ts';
import { toolchain } from '../src/local/toolchain.ts';
import { furnish } from '../src/local/up.ts';
import { endedProcessesSeconds, median, seconds } from './measure.ts';

/**
 * How long a sync of unchanged files takes after a fresh checkout, and how many requests: `upload-data` beside
 * `aws s3 sync` (which compares sizes and times), on one local lake, in turns. Usage: sync.ts [files] [rounds].
 * The last line is one JSON object (medians of the rounds; `work` is without the start of the program).
 */
const count = Number(process.argv[2] ?? 10_000);
const rounds = Number(process.argv[3] ?? 3);
const name = `bench-sync-${process.pid}`;
const OTHER = 'bench-other';

const folder = mkdtempSync(join(tmpdir(), 'mydatahub-sync-'));
const data = join(folder, 'data');
const checkout = join(folder, 'checkout');

function writeFiles(): void {
  for (let index = 0; index < count; index += 1) {
    const below = join(data, String(index % 100).padStart(2, '0'));
    if (index < 100) mkdirSync(below, { recursive: true });
    const rows = Array.from({ length: 40 }, (_, row) => `e${index % 10},a,b,${index}-${row},key,value\n`);
    writeFileSync(join(below, `${index}.csv`), `entity1,entity2,entity3,entity4,key,value\n${rows.join('')}`);
  }
}

/** The same content with other times, as git makes it. */
function checkOutAfresh(): void {
  rmSync(checkout, { recursive: true, force: true });
  cpSync(data, checkout, { recursive: true });
  const now = new Date();
  for (const entry of readdirSync(checkout, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), now, now);
}

async function upload(): Promise<{ sent: unknown[]; unchanged: unknown[] }> {
  const args = ['upload-data', '--data', checkout, '--lake', `local:${name}`, '--json'];
  const { status, stdout } = await mydatahub(args);
  if (status !== 0) throw new Error('upload-data failed');
  return JSON.parse(stdout);
}

const aws = join(toolchain().pythonHome, 'bin', 'aws');
async function awsSync(): Promise<void> {
  const lake = readLakeFile(name);
  const child = spawn(aws, ['s3', 'sync', checkout, `s3://${OTHER}/raw-data/`, '--quiet'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: lake?.endpoint,
      AWS_REGION: lake?.region,
      AWS_ACCESS_KEY_ID: lake?.access_key_id,
      AWS_SECRET_ACCESS_KEY: lake?.secret_access_key,
    },
  });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error('aws s3 sync failed');
}

async function otherBucket(): Promise<void> {
  const lake = readLakeFile(name);
  if (lake === undefined) throw new Error('the lake is not up');
  const client = new S3Client({
    endpoint: lake.endpoint,
    region: lake.region,
    forcePathStyle: true,
    credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
  });
  await client.send(new CreateBucketCommand({ Bucket: OTHER }));
  await client.send(
    new PutBucketVersioningCommand({ Bucket: OTHER, VersioningConfiguration: { Status: 'Enabled' } }),
  );
}

async function callsSince(since: number): Promise<{ last: number; operations: string[] }> {
  const response = await fetch(`${readLakeFile(name)?.endpoint}/_mydatahub/calls?since=${since}`);
  const { last, calls } = (await response.json()) as { last: number; calls: { operation: string }[] };
  return { last, operations: calls.map(({ operation }) => operation) };
}

/** Seconds (of the clock, and of the processor in our own process), requests and PUTs of some work. */
async function measured(work: () => Promise<unknown>) {
  const { last } = await callsSince(Number.MAX_SAFE_INTEGER);
  const before = endedProcessesSeconds();
  const took = await seconds(work);
  const processor = endedProcessesSeconds() - before;
  const { operations } = await callsSince(last);
  return {
    took,
    processor,
    requests: operations.length,
    puts: operations.filter((each) => /^Put/.test(each)).length,
  };
}

const figures: Record<string, number>[] = [];
try {
  await startLake(name);
  await furnish(name);
  await otherBucket();
  writeFiles();
  checkOutAfresh();
  const first = await measured(upload);
  const firstAws = await measured(awsSync);
  console.error(`first: upload-data ${JSON.stringify(first)}, aws s3 sync ${JSON.stringify(firstAws)}`);
  for (let round = 0; round < rounds; round += 1) {
    checkOutAfresh();
    const startUp = await measured(() => mydatahub(['--version']));
    const ours = await measured(async () => {
      const { sent, unchanged } = await upload();
      if (sent.length > 0 || unchanged.length !== count) throw new Error('not everything was unchanged');
    });
    const theirs = await measured(awsSync);
    const figure = {
      work_s: ours.took - startUp.took,
      work_processor_s: ours.processor - startUp.processor,
      total_s: ours.took,
      requests: ours.requests,
      puts: ours.puts,
      aws_s3_sync_s: theirs.took,
      aws_s3_sync_processor_s: theirs.processor,
      aws_s3_sync_requests: theirs.requests,
      aws_s3_sync_puts: theirs.puts,
      first_s: first.took,
      aws_s3_sync_first_s: firstAws.took,
    };
    console.error(`round ${round + 1}: ${JSON.stringify(figure)}`);
    figures.push(figure);
  }
} finally {
  await stopLake(name);
  rmSync(folder, { recursive: true });
}

const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
const medians = Object.fromEntries(
  Object.keys(figures[0] ?? {}).map((key) => [
    key,
    median(figures.map((figure) => figure[key] ?? Number.NaN)),
  ]),
);
console.log(JSON.stringify({ bench: 'sync', machine, rounds, files: count, ...medians }));
