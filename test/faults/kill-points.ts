import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { localEnvironment } from '../../src/local/environment.ts';
import { runningLake } from '../../src/local/lakes.ts';
import { toolchain } from '../../src/local/toolchain.ts';
import { type RecordedCall, recordedCalls, sharedLake } from '../e2e/support/lake.ts';

const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
const LONG = 'b,1,,,k,v\n'.repeat(8);

/** What the folder holds before the first run, and before the second: a correction, a removal, a new file. */
const FIRST = { 'a.csv': 'a,1,,,k,old\na,2,,,k,old\n', 'b.csv': LONG, 'c.csv': 'c,1,,,k,v\n' };
const SECOND = { 'a.csv': 'a,1,,,k,new\na,2,,,k,old\na,3,,,k,new\n', 'b.csv': LONG, 'd.csv': 'd,1,,,k,v\n' };

/** What the tables hold when everything of the second run is in them, exactly once. */
export const WANTED = {
  rows: [
    ['a', '1', 'k', 'new', 'a.csv'],
    ['a', '2', 'k', 'old', 'a.csv'],
    ['a', '3', 'k', 'new', 'a.csv'],
    ...Array.from({ length: 8 }, () => ['b', '1', 'k', 'v', 'b.csv']),
    ['d', '1', 'k', 'v', 'd.csv'],
  ],
  ingests: [
    ['a.csv', 3],
    ['b.csv', 8],
    ['d.csv', 1],
  ],
};

const lake = sharedLake();
const client = {
  endpoint: lake.endpoint,
  region: lake.region,
  credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
};
const glue = new GlueClient(client);
const s3 = new S3Client({ ...client, forcePathStyle: true });

export type Run = 'first' | 'second';
export type KillPoint = {
  readonly run: Run;
  /** Mutating calls of that run that pass before. */
  readonly skip: number;
  readonly action: 'kill-before' | 'kill-after';
};

/** The mutating calls of both runs, as they come without a fault. */
export async function record(name: string): Promise<Record<Run, RecordedCall[]>> {
  const job = await start(name, 'first');
  const mutatingSince = async (last: number) =>
    (await recordedCalls(last)).calls.filter(({ mutating }) => mutating);
  await job.ready();
  await put(name, 'first');
  const start1 = (await recordedCalls(0)).last;
  job.go();
  await job.ready();
  const first = await mutatingSince(start1);
  await put(name, 'second');
  const start2 = (await recordedCalls(0)).last;
  job.go();
  await job.result();
  return { first, second: await mutatingSince(start2) };
}

/** Kills the job at the point, runs it again, and says what the tables hold then. */
export async function killAndRunAgain(name: string, point: KillPoint): Promise<unknown> {
  const job = await start(name, 'first');
  for (const run of ['first', 'second'] as const) {
    await job.ready();
    await put(name, run);
    if (run === point.run) {
      const { skip, action } = point;
      await fault({ action, skip, mutating: true, pid: job.pid, group: true });
    }
    job.go();
    if (run === point.run) break;
  }
  const ended = await job.ended;
  await fetch(`${lake.endpoint}/_mydatahub/faults`, { method: 'DELETE' });
  if (ended !== 'SIGKILL') throw new Error(`the job was not killed at ${JSON.stringify(point)}: ${ended}`);
  await put(name, 'second');
  return (await start(name, 'second')).result();
}

async function fault(description: object): Promise<void> {
  const answer = await fetch(`${lake.endpoint}/_mydatahub/faults`, {
    method: 'POST',
    body: JSON.stringify(description),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

async function put(name: string, run: Run): Promise<void> {
  const raw = `faults/${name}/raw-data/`;
  const files = run === 'first' ? FIRST : SECOND;
  for (const [path, rows] of Object.entries(files)) {
    await s3.send(new PutObjectCommand({ Bucket: lake.bucket, Key: raw + path, Body: HEADER + rows }));
  }
  if (run === 'first') return;
  await s3.send(new DeleteObjectCommand({ Bucket: lake.bucket, Key: `${raw}c.csv` }));
  const removed = [{ path: 'c.csv', key: `${raw}c.csv`, confirmed: true }];
  const manifest = JSON.stringify({ version: 1, files: [], removed });
  const Key = `faults/${name}/state/manifest.json`;
  await s3.send(new PutObjectCommand({ Bucket: lake.bucket, Key, Body: manifest }));
}

async function start(name: string, runs: 'first' | 'second') {
  if (runs === 'first') {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: `faults_${name}` } }));
  }
  const { python, jars } = toolchain();
  const folder = mkdtempSync(join(tmpdir(), 'mydatahub-faults-'));
  const script = ['test/faults/ingest.py', name, jars, runs, lake.bucket, lake.endpoint];
  const child: ChildProcess = spawn(python, script, {
    // A process group of its own: a kill ends Python and Java together, as the end of a machine does.
    detached: true,
    env: localEnvironment(runningLake(lake.name), {
      PYTHONPATH: 'glue-scripts',
      PYSPARK_PYTHON: python,
      SPARK_LOCAL_IP: '127.0.0.1',
      TMPDIR: folder,
      TZ: 'UTC',
    }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let readies = 0;
  const waiting = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    output += chunk.toString('utf8');
    for (const wake of [...waiting]) wake();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const ended = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => {
      rmSync(folder, { recursive: true, maxRetries: 3 });
      resolve(signal ?? `status ${code}`);
      for (const wake of [...waiting]) wake();
    });
  });
  const until = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const wake = () => {
        const found = look();
        if (found !== undefined) resolve(found);
        else if (child.exitCode !== null || child.signalCode !== null) reject(new Error(output));
        else return;
        waiting.delete(wake);
      };
      waiting.add(wake);
      wake();
    });
  return {
    pid: child.pid,
    ended,
    /** It has said READY once more. */
    ready: async () => {
      readies++;
      await until(() => (output.split('READY\n').length > readies ? true : undefined));
    },
    go: () => child.stdin?.write('\n'),
    result: async (): Promise<unknown> => JSON.parse(await until(() => /^ROWS (.*)$/m.exec(output)?.[1])),
  };
}
