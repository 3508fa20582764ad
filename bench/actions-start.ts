import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './measure.ts';

/**
 * How long a bundled action takes to start, over an empty Node script: without AWS until it has judged its inputs, with
 * GitHub until it has asked for the pull request, with AWS until it has asked S3 for the lake's configuration, and was
 * answered (404, by a server here). Whole processes, interleaved. Usage: actions-start.ts [rounds]. The last line is one JSON object: medians, in milliseconds; those of
 * processor time (all threads) stay meaningful on a busy machine.
 */
const rounds = Number(process.argv[2] ?? 21);
const folder = mkdtempSync(join(tmpdir(), 'mydatahub-bench-'));
const empty = join(folder, 'empty.mjs');
writeFileSync(empty, '');
for (const name of ['output', 'state', 'summary']) writeFileSync(join(folder, name), '');

const server = createServer((_, response) => {
  response.writeHead(404, { 'content-type': 'application/xml' });
  response.end('<Error><Code>NoSuchKey</Code></Error>');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const port = typeof address === 'object' ? address?.port : 0;

const runner = {
  PATH: process.env.PATH,
  GITHUB_OUTPUT: join(folder, 'output'),
  GITHUB_STATE: join(folder, 'state'),
  GITHUB_STEP_SUMMARY: join(folder, 'summary'),
};
const lake = {
  INPUT_BUCKET: 'my-lake',
  'INPUT_AWS-REGION': 'us-east-1',
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
};
const github = {
  'INPUT_GITHUB-TOKEN': 'ghs_bench',
  'INPUT_PULL-REQUEST': '7',
  GITHUB_REPOSITORY: 'acme/lake',
  GITHUB_API_URL: `http://127.0.0.1:${port}`,
};
const main = (verb: string) => join(import.meta.dirname, '..', 'actions', verb, 'main.js');
const CASES = {
  empty: { script: empty, env: runner, says: '' },
  without_aws: { script: main('upload-data'), env: runner, says: '2 inputs are missing' },
  with_github: { script: main('plan-comment'), env: { ...runner, ...github }, says: 'GitHub answered 404' },
  with_aws: { script: main('run-ingestion'), env: { ...runner, ...lake }, says: 'has no configuration' },
};

/** Has a process tell its processor time, in microseconds, on descriptor 3 at its end. */
const TELL =
  'data:text/javascript,import{writeSync}from"node:fs";' +
  'process.on("exit",()=>{const{user,system}=process.cpuUsage();writeSync(3,String(user+system))})';

type Times = { readonly wall: number; readonly processor: number };

/** Milliseconds of one process. Throws when it does not say what it should. */
async function time({ script, env, says }: (typeof CASES)['empty']): Promise<Times> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', TELL, script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const texts = { said: '', told: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    texts.said += chunk.toString('utf8');
  });
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    texts.told += chunk.toString('utf8');
  });
  await once(child, 'close');
  const wall = performance.now() - started;
  if (!texts.said.includes(says)) throw new Error(`${script} did not say ${says}:\n${texts.said}`);
  return { wall, processor: Number(texts.told) / 1000 };
}

const figures = Object.keys(CASES).map((name) => ({ name, times: [] as Times[] }));
for (let round = 0; round < rounds; round++) {
  for (const [index, each] of Object.values(CASES).entries()) figures[index]?.times.push(await time(each));
}
server.close();
rmSync(folder, { recursive: true });

/** Medians of one kind of time, and what they are over the empty script. */
function medians(kind: keyof Times): Record<string, number> {
  const all = figures.map(
    ({ name, times }) => [name, Math.round(median(times.map((each) => each[kind])))] as const,
  );
  const empty = all[0]?.[1] ?? Number.NaN;
  const over = all.slice(1).map(([name, value]) => [`${name}_over_empty`, value - empty] as const);
  return Object.fromEntries([...all, ...over]);
}

const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(
  JSON.stringify({
    bench: 'actions-start',
    machine,
    rounds,
    wall_ms: medians('wall'),
    processor_ms: medians('processor'),
  }),
);
