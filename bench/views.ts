import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { LOCAL_REGION } from '../src/local/lake.ts';
import { startMoto } from '../src/local/moto.ts';
import { freePorts } from '../src/local/ports.ts';
import { REPOSITORY, toolchain } from '../src/local/toolchain.ts';
import type { TrinoSize } from '../src/local/trino/configuration.ts';
import { startTrino } from '../src/local/trino/server.ts';
import { median } from './measure.ts';
import { timeInTrino } from './views/trino-views.ts';

/**
 * Both forms of an entity view, `chunked` and `case` (MAX(CASE …) for each key), read by real Spark and real Trino: all
 * columns, and one column. Medians of warm repeats; results are compared between forms and engines. Usage:
 * views.ts [rounds] [numbers of keys, by commas] [most keys at which `case` reads all columns and is compared] [rows]
 * [cap in seconds]. The last line is one JSON object.
 */
const rounds = Number(process.argv[2] ?? 3);
const keys = (process.argv[3] ?? '200,1000,3000').split(',').map(Number);
const mostCases = Number(process.argv[4] ?? 1000);
const rows = Number(process.argv[5] ?? 1_000_000);
const cap = Number(process.argv[6] ?? 600);

/**
 * Java's options as Trino recommends them for production, and a heap that no collection of garbage interrupts.
 * Source: https://trino.io/docs/476/installation/deployment.html#jvm-config
 */
const TRINO_SIZE: TrinoSize = {
  heap: '6G',
  queryMemory: '4GB',
  headroom: '1GB',
  java: [
    '-Xms6G',
    '-XX:+UseG1GC',
    '-XX:G1HeapRegionSize=32M',
    '-XX:+ExplicitGCInvokesConcurrent',
    '-XX:-OmitStackTraceInFastThrow',
    '-XX:PerMethodRecompilationCutoff=10000',
    '-XX:PerBytecodeRecompilationCutoff=10000',
  ],
};

/**
 * One figure of a run: seconds of each repeat, peak bytes of memory (the greatest that Trino saw in any read), and bytes that the
 * aggregates collect (Spark).
 */
type Figure = {
  readonly engine: string;
  readonly keys: number;
  readonly form: string;
  readonly what: 'all' | 'one';
  readonly seconds: readonly number[];
  readonly peak?: number;
  readonly collected?: number;
};
type Fingerprint = {
  readonly engine: string;
  readonly keys: number;
  readonly form: string;
  readonly part: string;
  readonly fingerprint: string;
};
export type View = {
  readonly sql: string;
  readonly form: string;
  readonly keys: number;
  readonly columns: readonly string[];
  readonly spark_bytes: number;
};
export type Line = Figure | Fingerprint | View;

const directory = mkdtempSync(join(tmpdir(), 'mydatahub-bench-views-'));
const [motoPort = 0, trinoPort = 0] = await freePorts(2);
const endpoint = `http://127.0.0.1:${motoPort}`;
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
const moto = startMoto(directory, motoPort);
const figures: Figure[] = [];
const fingerprints: Fingerprint[] = [];
const views: View[] = [];

function keep(line: Line): void {
  if ('seconds' in line) {
    figures.push(line);
    console.error(
      `${line.engine} ${line.keys} keys, ${line.form}, ${line.what}: ${line.seconds.map((s) => s.toFixed(2)).join(' ')} s`,
    );
  } else if ('fingerprint' in line) fingerprints.push(line);
  else if ('sql' in line) views.push(line);
}

async function inSpark(): Promise<void> {
  const { python, jars } = toolchain();
  const settings = {
    endpoint,
    jars,
    keys,
    rounds,
    rows,
    cap,
    most_cases: mostCases,
    folder: join(directory, 'spark'),
  };
  const child = spawn(
    python,
    [join(REPOSITORY, 'bench', 'views', 'spark_views.py'), JSON.stringify(settings)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PYTHONPATH: join(REPOSITORY, 'glue-scripts'),
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_REGION: LOCAL_REGION,
        AWS_EC2_METADATA_DISABLED: 'true',
        SPARK_LOCAL_IP: '127.0.0.1',
      },
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) keep(JSON.parse(line) as Line);
  }
  const status = await ended;
  if (status !== 0) throw new Error(`spark_views.py ended with ${status}`);
}

async function inTrino(): Promise<void> {
  const lake = { directory, endpoint, motoEndpoint: endpoint, region: LOCAL_REGION, credentials };
  const trino = startTrino(lake, trinoPort, TRINO_SIZE);
  try {
    await trino.ready();
    for await (const line of timeInTrino(trino.endpoint, views, { rounds, cap, mostCases })) keep(line);
  } finally {
    await trino.stop();
  }
}

/** For each engine and number of keys: medians, how much quicker ours is, and memory. */
function summary() {
  return Object.fromEntries(
    ['spark', 'trino'].flatMap((engine) =>
      keys.map((count) => {
        const of = (form: string, what: string) =>
          figures.find((f) => f.engine === engine && f.keys === count && f.form === form && f.what === what);
        const seconds = (form: string, what: string) => {
          const found = of(form, what);
          return found === undefined ? null : median(found.seconds);
        };
        const ratio = (a: number | null | undefined, b: number | null | undefined) =>
          a == null || b == null ? null : Math.round((a / b) * 100) / 100;
        const view = views.find((v) => v.keys === count && v.form === 'chunked');
        const bytes = engine === 'spark' ? view?.spark_bytes : Buffer.byteLength(view?.sql ?? '');
        return [
          `${engine}_${count}`,
          {
            all_s: seconds('chunked', 'all'),
            all_case_s: seconds('case', 'all'),
            all_quicker: ratio(seconds('case', 'all'), seconds('chunked', 'all')),
            one_s: seconds('chunked', 'one'),
            one_case_s: seconds('case', 'one'),
            one_of_case: ratio(seconds('chunked', 'one'), seconds('case', 'one')),
            memory_one_of_all: ratio(of('chunked', 'one')?.peak, of('chunked', 'all')?.peak),
            collected_one_of_all: ratio(of('chunked', 'one')?.collected, of('chunked', 'all')?.collected),
            sql_bytes_a_column: Math.round(((bytes ?? 0) / count) * 10) / 10,
          },
        ];
      }),
    ),
  );
}

/** Whether both forms in both engines gave the same rows, of everything that was compared. */
function equal(): boolean {
  const bySubject = new Map<string, Set<string>>();
  for (const { keys: count, part, fingerprint } of fingerprints) {
    const subject = `${count} ${part}`;
    bySubject.set(subject, (bySubject.get(subject) ?? new Set()).add(fingerprint));
  }
  for (const [subject, found] of bySubject) console.error(`${subject}: ${[...found].join(' AND ')}`);
  return bySubject.size > 0 && [...bySubject.values()].every((found) => found.size === 1);
}

try {
  await moto.ready();
  await new S3Client({ endpoint, region: LOCAL_REGION, credentials, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: 'bench' }),
  );
  await inSpark();
  await inTrino();
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const same = equal();
  console.log(JSON.stringify({ bench: 'views', machine, rounds, rows, cap, equal: same, ...summary() }));
  if (!same) process.exitCode = 1;
} finally {
  moto.process.kill('SIGTERM');
  rmSync(directory, { recursive: true, force: true });
}
