import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scrubbed } from '../environment.ts';
import { toolchain } from '../toolchain.ts';
import { createTrinoClient } from './client.ts';
import {
  jvmOptions,
  LAKE_SIZE,
  systemProperties,
  type TrinoLake,
  type TrinoSize,
  writeTrinoConfiguration,
} from './configuration.ts';

/** A Trino that was started. `ready` may be awaited more than once. */
export type Trino = {
  readonly endpoint: string;
  readonly process: ChildProcess;
  /** Resolves when Trino answers a query; rejects with the tail of its log when it died or took too long. */
  ready(): Promise<void>;
  /** Ends the whole process group; resolves when it is gone. */
  stop(): Promise<void>;
};

const READY_WITHIN_MS = 180_000;
const POLL_MS = 200;
const GRACE_MS = 5_000;

/** Variables that would change how Java runs, and proxies: Trino talks to loopback only. */
const SCRUBBED = /^(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|CLASSPATH|(https?|all)_proxy)$/i;

/**
 * Starts Trino on loopback, in a process group of its own, with its files below `lake.directory`/trino.
 * @param port a free port of 127.0.0.1
 */
export function startTrino(lake: TrinoLake, port: number, size: TrinoSize = LAKE_SIZE): Trino {
  const { trinoHome, trinoJavaLink } = toolchain();
  const files = writeTrinoConfiguration(lake, port, join(trinoHome, 'plugin', 'trino-iceberg-476'), size);
  const endpoint = `http://127.0.0.1:${port}`;
  const name = `lake_${randomBytes(8).toString('hex')}`;
  const log = openSync(files.log, 'a');
  const child = spawn(
    join(trinoJavaLink, 'bin', 'java'),
    [
      ...jvmOptions(size),
      ...systemProperties(files, name),
      '-cp',
      join(trinoHome, 'lib', '*'),
      'io.trino.server.TrinoServer',
    ],
    { cwd: files.home, detached: true, stdio: ['ignore', log, log], env: environment() },
  );
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `status ${code}`}`));
  });
  let end: string | undefined;
  ended.then((how) => {
    end = how;
  });

  let ready: Promise<void> | undefined;
  return {
    endpoint,
    process: child,
    ready() {
      ready ??= untilReady(endpoint, name, () => end).catch(async (error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        throw new Error(`${problem}\nThe end of ${files.log}:\n${await tail(files.log)}`);
      });
      return ready;
    },
    async stop() {
      if (end !== undefined || child.pid === undefined) return;
      signalGroup(child.pid, 'SIGTERM');
      const gone = await Promise.race([ended.then(() => true), sleep(GRACE_MS, false)]);
      if (!gone) signalGroup(child.pid, 'SIGKILL');
      await ended;
    },
  };
}

/** A Trino of another environment on the port is not ours: it took the port before ours could. */
async function untilReady(
  endpoint: string,
  environment: string,
  end: () => string | undefined,
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  const client = createTrinoClient({ endpoint });
  let last = 'it did not answer at all';
  while (Date.now() < deadline) {
    const how = end();
    if (how !== undefined) throw new Error(`Trino ${how} before it was ready.`);
    try {
      const info = await fetch(`${endpoint}/v1/info`, { signal: AbortSignal.timeout(5_000) });
      const text = await info.text();
      const ours = text.includes(`"${environment}"`);
      if (ours && info.ok && /"starting":\s*false/.test(text)) {
        await client.rows('SELECT 1');
        return;
      }
      last = ours ? 'it was still starting' : `another server answers at ${endpoint}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(POLL_MS);
  }
  throw new Error(`Trino was not ready after ${READY_WITHIN_MS / 1000} s: ${last}.`);
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(scrubbed(process.env)).filter(([name]) => !SCRUBBED.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

/** What a log says of its end: the lines that name a cause, and the last ones of all. */
async function tail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '(no log was written)');
  const lines = text.trimEnd().split('\n');
  const causes = lines.filter((line) => /^(Caused by:|Error|\d+\) )|\tERROR\t/.test(line));
  return [...new Set(causes.slice(-15)), ...lines.slice(-10)].join('\n');
}
