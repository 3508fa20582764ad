import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';
import { runningLake } from '../src/local/lakes.ts';
import { startLake } from '../src/local/start.ts';
import { stopLake } from '../src/local/stop.ts';
import { furnish } from '../src/local/up.ts';
import { benchLake } from './ingest/lake.ts';

/**
 * Publishing many views with the gateway as slow as AWS: 2 s for each DDL statement of Athena, 20 of them at a time, and
 * 100 ms more for each call of Glue. Then a run with nothing changed, and one with one new key. Usage:
 * publish.ts [views] [keys of each]. The last line is one JSON object; `floor_s` is what the quotas alone take.
 */
const count = Number(process.argv[2] ?? 1000);
const keys = Number(process.argv[3] ?? 20);
const DDL_SECONDS = 2;
const DDL_AT_ONCE = 20;
const GLUE_MS = 100;

const name = `bench-${process.pid}`;
const data = mkdtempSync(join(tmpdir(), 'mydatahub-bench-publish-'));
const HEADER = 'entity1,entity2,entity3,entity4,key,value';

function write(file: string, rows: readonly string[]): void {
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, file), [HEADER, ...rows, ''].join('\n'));
}

await startLake(name);
try {
  await furnish(name);
  const lake = benchLake(name);
  const { endpoint, region, credentials } = runningLake(name);
  const glue = new GlueClient({ endpoint, region, credentials });
  const admin = `${endpoint}/_mydatahub`;

  const slow = async (fault: object) => {
    const body = JSON.stringify({ action: 'delay', times: 1e9, ...fault });
    const answer = await fetch(`${admin}/faults`, { method: 'POST', body });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const calls = async () => {
    const answer = await fetch(`${admin}/calls?since=0`);
    return (await answer.json()) as {
      last: number;
      calls: { sequence: number; service: string; operation: string; status: number }[];
    };
  };
  /** Seconds of a run of the views job from its start to its end, and the calls of that time by operation. */
  const published = async () => {
    const { last } = await calls();
    const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName: 'create-views-dual-engine' }));
    const run = await lake.finished('create-views-dual-engine', JobRunId ?? '');
    const counts: Record<string, number> = {};
    for (const { sequence, service, operation, status } of (await calls()).calls) {
      if (sequence <= last) continue;
      counts[operation] = (counts[operation] ?? 0) + 1;
      if (status >= 400) counts[`${service} ${status}`] = (counts[`${service} ${status}`] ?? 0) + 1;
    }
    const seconds = (Number(run.CompletedOn) - Number(run.StartedOn)) / 1000;
    console.error(`${seconds} s: ${JSON.stringify(counts)}`);
    return { seconds, counts };
  };
  const ingest = async () => {
    await lake.verb('upload-data', '--data', data);
    await lake.processorTime('ingestion');
  };
  const writes = (counts: Record<string, number>) =>
    [
      'StartQueryExecution',
      'CreateTable',
      'UpdateTable',
      'DeleteTable',
      'PutObject',
      'BatchGrantPermissions',
    ].reduce((sum, operation) => sum + (counts[operation] ?? 0), 0);

  write(
    'many.csv',
    Array.from({ length: count }, (_, entity) =>
      Array.from({ length: keys }, (_, key) => `entity ${entity},a,b,c,key ${key},value ${entity}`).join(
        '\n',
      ),
    ),
  );
  await ingest();
  await slow({ service: 'AmazonAthena', operation: 'execution:DDL', milliseconds: DDL_SECONDS * 1000 });
  await slow({ service: 'AWSGlue', operation: '*', milliseconds: GLUE_MS });
  const all = await published();
  const unchanged = await published();
  await fetch(`${admin}/faults`, { method: 'DELETE' });
  write('one.csv', ['entity 7,a,b,c,a new key,value']);
  await ingest();
  const one = await published();
  const floor = Math.ceil(count / DDL_AT_ONCE) * DDL_SECONDS;
  console.log(
    JSON.stringify({
      bench: 'publish',
      machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
      views: count,
      keys,
      floor_s: floor,
      new_s: all.seconds,
      of_floor: Math.round((all.seconds / floor) * 100) / 100,
      unchanged_s: unchanged.seconds,
      unchanged_writes: writes(unchanged.counts),
      one_new_key_s: one.seconds,
      one_new_key_statements: one.counts.StartQueryExecution ?? 0,
    }),
  );
} finally {
  await stopLake(name);
  rmSync(data, { recursive: true, force: true });
}
