import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { ownEnvironment } from '../src/local/install/own-environment.ts';
import { startLake } from '../src/local/start.ts';
import { stopLake } from '../src/local/stop.ts';
import { REPOSITORY } from '../src/local/toolchain.ts';
import { furnish } from '../src/local/up.ts';
import { type BenchLake, benchLake } from './ingest/lake.ts';
import { mostLiveHeap } from './ingest/live-heap.ts';
import { writeSourceFile, writeSourceFiles } from './ingest/source-files.ts';
import { median, seconds } from './measure.ts';

/**
 * What the ingestion costs beside Spark reading and writing the same files with no check at all, in processor seconds,
 * and for the record beside PyIceberg with pyarrow's reader, in one process with all rows in memory;
 * the memory of the driver, parted from its executor, at a tenth of the rows and at all; a push of nothing new; and what
 * the correction of one file among many writes beside adding it.
 * Usage: ingest.ts [rounds] [rows in millions] [parts of time,memory,small, by commas]. The last line is one JSON object
 * of all figures (medians of the rounds).
 */
const rounds = Number(process.argv[2] ?? 3);
const rows = Number(process.argv[3] ?? 10) * 1_000_000;
const parts = new Set((process.argv[4] ?? 'time,memory,small').split(','));
const BIG_FILES = 20;
const SMALL_FILES = 1_000;
const SMALL_ROWS = 200;

const folder = mkdtempSync(join(tmpdir(), 'mydatahub-bench-'));

async function onFreshLake<T>(what: string, work: (lake: BenchLake) => Promise<T>): Promise<T> {
  const name = `bench-${process.pid}`;
  await startLake(name);
  try {
    await furnish(name);
    const result = await work(benchLake(name));
    console.error(`${what}: ${JSON.stringify(result)}`);
    return result;
  } finally {
    await stopLake(name);
  }
}

/** Processor seconds of both, one after the other on one lake; which comes first changes from round to round. */
function processorTimes(round: number, data: string) {
  return onFreshLake(`round ${round + 1}, processor seconds`, async (lake) => {
    await lake.createBaseline(readFileSync(join(import.meta.dirname, 'ingest', 'baseline.py')), data);
    await lake.verb('upload-data', '--data', data);
    const jobs =
      round % 2 === 0 ? (['ingestion', 'baseline'] as const) : (['baseline', 'ingestion'] as const);
    const spent = { ingestion: 0, baseline: 0 };
    for (const job of jobs) {
      spent[job] = await lake.processorTime(job);
      await lake.dropTable();
    }
    return spent;
  });
}

/** Processor seconds of PyIceberg with pyarrow's reader. */
async function pyIceberg(round: number, data: string): Promise<number> {
  const python = join(await ownEnvironment('pyiceberg'), 'bin', 'python');
  const script = join(import.meta.dirname, 'ingest', 'pyiceberg_baseline.py');
  const warehouse = join(folder, `warehouse-${round}`);
  mkdirSync(warehouse);
  const result = JSON.parse(execFileSync(python, [script, data, warehouse], { encoding: 'utf8' }));
  console.error(`round ${round + 1}, PyIceberg: ${JSON.stringify(result)}`);
  return Number(result.cpu_s);
}

function driverMemory(what: string, data: string) {
  return onFreshLake(`driver memory, ${what}`, async (lake) => {
    await lake.verb('upload-data', '--data', data);
    const [before, script] = [
      join(import.meta.dirname, 'ingest', 'own_executor.py'),
      join(REPOSITORY, 'glue-scripts', 'glue_csv_to_iceberg.py'),
    ].map((file) => readFileSync(file, 'utf8'));
    return mostLiveHeap(lake.directory, () => lake.run(Buffer.from(`${before}\n${script}`), {}));
  });
}

function smallFiles() {
  return onFreshLake('small files', async (lake) => {
    const data = join(folder, 'small');
    await writeSourceFiles(data, SMALL_FILES, SMALL_ROWS);
    const written = async () => {
      const before = await lake.sizes('iceberg-data/');
      await lake.verb('upload-data', '--data', data);
      await lake.verb('run-ingestion');
      await lake.verb('wait-for-views');
      const after = await lake.sizes('iceberg-data/');
      const files = [...after].filter(([key]) => !before.has(key) && /\/data\//.test(key));
      return files.reduce((sum, [, size]) => sum + size, 0);
    };
    await written();
    await writeSourceFile(data, SMALL_FILES, SMALL_ROWS);
    const added = await written();
    await writeSourceFile(data, SMALL_FILES / 2, SMALL_ROWS, 2);
    const corrected = await written();

    const before = await lake.calls();
    const nothing = await seconds(async () => {
      await lake.verb('upload-data', '--data', data);
      await lake.verb('run-ingestion');
    });
    const after = await lake.calls();
    const count = (pattern: RegExp) =>
      [...after]
        .filter(([call]) => pattern.test(call))
        .reduce((sum, [call, calls]) => sum + calls - (before.get(call) ?? 0), 0);
    return {
      added_file_bytes: added,
      corrected_file_bytes: corrected,
      correction_ratio: corrected / added,
      nothing_new_s: nothing,
      nothing_new_puts: count(/^s3\.(Put|UploadPart|CreateMultipart|Post)/),
      nothing_new_runs: count(/\.Start(JobRun|WorkflowRun)$/),
      nothing_new_queries: count(/\.StartQueryExecution$/),
    };
  });
}

try {
  const big = join(folder, 'big');
  const tenth = join(folder, 'tenth');
  if (parts.has('time') || parts.has('memory')) await writeSourceFiles(big, BIG_FILES, rows / BIG_FILES);
  if (parts.has('memory')) await writeSourceFiles(tenth, BIG_FILES, rows / 10 / BIG_FILES);
  const figures: Record<string, number> = {};
  if (parts.has('time')) {
    const spent: { ingestion: number; baseline: number }[] = [];
    const pyiceberg: number[] = [];
    for (let round = 0; round < rounds; round++) {
      spent.push(await processorTimes(round, big));
      pyiceberg.push(await pyIceberg(round, big));
    }
    figures.ingestion_cpu_s = median(spent.map(({ ingestion }) => ingestion));
    figures.unchecked_cpu_s = median(spent.map(({ baseline }) => baseline));
    figures.pyiceberg_cpu_s = median(pyiceberg);
    figures.cpu_ratio = median(spent.map(({ ingestion, baseline }) => ingestion / baseline));
  }
  if (parts.has('memory')) {
    figures.driver_live_heap_mb_at_a_tenth = await driverMemory('a tenth', tenth);
    figures.driver_live_heap_mb_at_all = await driverMemory('all', big);
  }
  if (parts.has('small')) Object.assign(figures, await smallFiles());
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  console.log(JSON.stringify({ bench: 'ingest', machine, rounds, rows, ...figures }));
} finally {
  rmSync(folder, { recursive: true });
}
