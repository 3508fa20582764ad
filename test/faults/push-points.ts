import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { manifest } from '../../src/lake/state.ts';
import { injectFault, withoutFaults } from '../e2e/support/faults.ts';
import { type RecordedCall, recordedCalls, sharedLake } from '../e2e/support/lake.ts';

const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
/** A file that is sent in two parts. */
const LARGE = `${HEADER}${`large,a,b,c,k,${'v'.repeat(1_000)}\n`.repeat(17_000)}`;
const PUSHES = {
  first: { 'a.csv': `${HEADER}a,1,,,k,old\n`, 'c.csv': `${HEADER}c,1,,,k,v\n`, 'large.csv': LARGE },
  second: {
    'a.csv': `${HEADER}a,1,,,k,new\n`,
    'd.csv': `${HEADER}d,1,,,k,v\nd,2,,,k,v\n`,
    'large.csv': LARGE,
  },
} as const;
export type PushName = keyof typeof PUSHES;
export type PushPoint = {
  readonly push: PushName;
  readonly skip: number;
  readonly action: 'kill-before' | 'kill-after';
};

/** What is in the lake when both pushes have arrived, whatever happened to them on the way. */
export const PUSHED = {
  /** SHA-256 of each. */
  objects: Object.fromEntries(
    Object.entries(PUSHES.second).map(([path, text]) => [
      path,
      createHash('sha256').update(text).digest('hex'),
    ]),
  ),
  files: [
    ['a.csv', 1],
    ['d.csv', 2],
    ['large.csv', 17_000],
  ],
  removed: ['c.csv'],
  unfinished: 0,
};

const lake = sharedLake();
const s3 = new S3Client({
  endpoint: lake.endpoint,
  region: lake.region,
  credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
  forcePathStyle: true,
});

/** Both pushes without any fault. Their mutating calls. */
export async function recordPushes(name: string): Promise<Record<PushName, RecordedCall[]>> {
  const calls = { first: [] as RecordedCall[], second: [] as RecordedCall[] };
  for (const push of ['first', 'second'] as const) {
    const { last } = await recordedCalls(0);
    await pushed(name, push);
    calls[push] = (await recordedCalls(last)).calls.filter(({ mutating }) => mutating);
  }
  return calls;
}

/** Kills a push at the point, does it again, and says what is in the lake after both pushes. */
export async function killAndPushAgain(name: string, point: PushPoint): Promise<typeof PUSHED> {
  if (point.push === 'second') await pushed(name, 'first');
  const ended = await end(name, point.push, point);
  await withoutFaults();
  if (ended !== 'SIGKILL') throw new Error(`the push was not killed at ${JSON.stringify(point)}: ${ended}`);
  await pushed(name, point.push);
  if (point.push === 'first') await pushed(name, 'second');
  return inTheLake(name);
}

async function pushed(name: string, push: PushName): Promise<void> {
  const ended = await end(name, push);
  if (ended !== 'status 0') throw new Error(`the ${push} push ended with ${ended}`);
}

/** How a push ended: `status N`, or the signal. */
async function end(name: string, push: PushName, point?: PushPoint): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mydatahub-faults-'));
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(PUSHES[push])) writeFileSync(join(folder, path), text);
  const args = [join(import.meta.dirname, 'push.ts'), lake.name, name, folder];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  await Promise.race([once(child.stdout, 'data'), closed]);
  if (point !== undefined) {
    const { skip, action } = point;
    await injectFault({ action, skip, mutating: true, pid: child.pid });
  }
  child.stdin.end('\n');
  const [status, signal] = await closed;
  rmSync(folder, { recursive: true });
  return signal ?? `status ${status}`;
}

async function inTheLake(name: string): Promise<typeof PUSHED> {
  const Prefix = `faults/${name}/`;
  const text = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: lake.bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  };
  const raw = `${Prefix}raw-data/`;
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: lake.bucket, Prefix: raw }));
  const objects: Record<string, string> = {};
  for (const { Key = '' } of Contents ?? []) {
    objects[Key.slice(raw.length)] = createHash('sha256')
      .update(await text(Key))
      .digest('hex');
  }
  const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: lake.bucket, Prefix }));
  const { files, removed } = manifest.parse(JSON.parse(await text(`${Prefix}state/manifest.json`)));
  return {
    objects,
    files: files.map(({ path, rows }) => [path, rows]),
    removed: removed.map(({ path }) => path),
    unfinished: Uploads?.length ?? 0,
  };
}
