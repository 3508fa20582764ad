import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './measure.ts';

/**
 * How long a bundled action takes to start, over an empty Node script: without AWS until it has judged its inputs, with
 * AWS until it has asked S3 for the lake's configuration and was answered (404, by a server here). Whole processes,
 * interleaved. Usage: actions-start.ts [rounds]. The last line is one JSON object: medians, in milliseconds.
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
const main = (verb: string) => join(import.meta.dirname, '..', 'actions', verb, 'main.js');
const CASES = {
  empty_ms: { script: empty, env: runner, says: '' },
  without_aws_ms: { script: main('upload-data'), env: runner, says: '2 inputs are missing' },
  with_aws_ms: { script: main('run-ingestion'), env: { ...runner, ...lake }, says: 'has no configuration' },
};

/** Milliseconds of one process. Throws when it does not say what it should. */
async function time({ script, env, says }: (typeof CASES)['empty_ms']): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await once(child, 'close');
  const took = performance.now() - started;
  if (!said.includes(says)) throw new Error(`${script} did not say ${says}:\n${said}`);
  return took;
}

const figures = new Map<string, number[]>(Object.keys(CASES).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, each] of Object.entries(CASES)) figures.get(name)?.push(await time(each));
}
server.close();
rmSync(folder, { recursive: true });

const medians = Object.fromEntries([...figures].map(([name, times]) => [name, Math.round(median(times))]));
const over = (name: string) => (medians[name] ?? Number.NaN) - (medians.empty_ms ?? Number.NaN);
const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(
  JSON.stringify({
    bench: 'actions-start',
    machine,
    rounds,
    ...medians,
    without_aws_over_empty_ms: over('without_aws_ms'),
    with_aws_over_empty_ms: over('with_aws_ms'),
  }),
);
