import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lakeDirectory, readLakeFile } from '../src/local/lakes.ts';
import { mydatahub } from '../src/local/mydatahub.ts';
import { startLake } from '../src/local/start.ts';
import { stopLake } from '../src/local/stop.ts';
import { furnish } from '../src/local/up.ts';
import { median, residentMegabytes, seconds } from './measure.ts';

/**
 * How long a local lake takes, with warm caches: until its engines answer, Terraform and assets, the chain on the
 * sample data, the chain again with one changed file, and uploads of what has not changed; and its memory when idle.
 * Usage: local-lake.ts [rounds]. The last line is one JSON object of all figures (medians of the rounds).
 */
const rounds = Number(process.argv[2] ?? 3);
const name = `bench-${process.pid}`;
const lake = ['--lake', `local:${name}`];

async function verb(...args: string[]): Promise<void> {
  const { status } = await mydatahub([...args, ...lake, '--json']);
  if (status !== 0) throw new Error(`mydatahub ${args.join(' ')} failed`);
}

async function chain(data: string): Promise<void> {
  await verb('upload-data', '--data', data);
  await verb('run-ingestion');
  await verb('wait-for-views');
  await verb('smoke-test');
}

async function round(data: string) {
  const ready = await seconds(() => startLake(name));
  const furnished = await seconds(() => furnish(name));
  await sleep(5_000);
  const idle = await residentMegabytes(lakeDirectory(name), [readLakeFile(name)?.pid ?? 0]);
  const first = await seconds(() => chain(data));
  const penguins = join(data, 'penguins.csv');
  writeFileSync(penguins, `${readFileSync(penguins, 'utf8')}penguins,Adelie,Dream,999,sex,female\n`);
  const again = await seconds(() => chain(data));

  const startUp = await seconds(() => mydatahub(['--version']));
  const before = await puts();
  const assets = await seconds(() => verb('upload-assets'));
  const files = await seconds(() => verb('upload-data', '--data', data));
  const sent = (await puts()) - before;
  await stopLake(name);
  return {
    ready_s: ready,
    terraform_and_assets_s: furnished,
    idle_memory_mb: idle,
    chain_s: first,
    whole_demo_s: ready + furnished + first,
    chain_again_s: again,
    unchanged_assets_work_s: assets - startUp,
    unchanged_data_work_s: files - startUp,
    unchanged_puts: sent,
  };
}

async function puts(): Promise<number> {
  const response = await fetch(`${readLakeFile(name)?.endpoint}/_mydatahub/calls?since=0`);
  const { calls } = (await response.json()) as { calls: { operation: string }[] };
  return calls.filter(({ operation }) => /^(Put|UploadPart|Post|CreateMultipart)/.test(operation)).length;
}

const figures: Record<string, number>[] = [];
for (let i = 0; i < rounds; i += 1) {
  const data = mkdtempSync(join(tmpdir(), 'mydatahub-bench-'));
  for (const file of ['penguins.csv', 'seattle_weather.csv'])
    copyFileSync(join('data', file), join(data, file));
  try {
    const result = await round(data);
    console.error(`round ${i + 1}: ${JSON.stringify(result)}`);
    figures.push(result);
  } finally {
    await stopLake(name);
    rmSync(data, { recursive: true });
  }
}

const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
const names = Object.keys(figures[0] ?? {});
const medians = Object.fromEntries(
  names.map((key) => [key, median(figures.map((figure) => figure[key] ?? Number.NaN))]),
);
console.log(JSON.stringify({ bench: 'local-lake', machine, rounds, ...medians }));
