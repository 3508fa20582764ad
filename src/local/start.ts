import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scrubbed } from './environment.ts';
import { missingParts } from './install/install.ts';
import { isAlive, lakeDirectory, lakeOption, lakesDirectory, readLakeFile } from './lakes.ts';
import { stopLake } from './stop.ts';

/** Holds the process id of whoever is starting the lake, until it is ready. */
const STARTER = 'starter.pid';

/** A lake that was started and still hangs on this process. */
export type StartedLake = {
  /** From now on the lake lives until `down`, whatever becomes of this process. */
  release(): void;
};

/**
 * Starts the gateway with moto and Trino and waits until all answer. The lake ends with this process (also when it is
 * killed) until it is released. Throws when a lake of this name is up, the engines are not installed, or one of them
 * does not start (with the end of its log).
 */
export async function startLake(name: string): Promise<StartedLake> {
  const missing = missingParts();
  if (missing.length > 0) {
    throw new Error(`not installed yet: ${missing.join(', ')}\n  cure: make setup`);
  }
  const directory = await claim(name);
  const log = openSync(join(directory, 'gateway.log'), 'a');
  const daemon = spawn(process.execPath, [fileURLToPath(new URL('daemon.ts', import.meta.url)), name], {
    detached: true,
    stdio: ['pipe', 'pipe', log],
    env: scrubbed(process.env),
  });
  const { stdin, stdout } = daemon;
  if (stdin === null || stdout === null) throw new Error('the lake has no pipes');
  await new Promise<void>((resolve, reject) => {
    let said = '';
    stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.startsWith('ready\n')) resolve();
    });
    daemon.on('error', reject);
    daemon.on('exit', () => reject(new Error(failure(said, directory))));
  });
  daemon.removeAllListeners('exit');
  rmSync(join(directory, STARTER), { force: true });
  daemon.unref();
  return {
    release() {
      stdin.end('release\n');
      stdout.destroy();
    },
  };
}

/** Takes the lake's folder for this start; a folder left by a lake that died is cleared away first. */
async function claim(name: string): Promise<string> {
  const directory = lakeDirectory(name);
  for (const again of [true, false]) {
    mkdirSync(lakesDirectory(), { recursive: true });
    try {
      mkdirSync(directory);
      writeFileSync(join(directory, STARTER), String(process.pid));
      return directory;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (!again || (await isUp(name))) break;
      await stopLake(name);
    }
  }
  throw new Error(
    `the lake ${name} is up already, or is being started\n` +
      '  cure: use it, end it with `npx mydatahub local down --lake ' +
      `${lakeOption(name)}\`, or start another beside it with --lake local:NAME`,
  );
}

async function isUp(name: string): Promise<boolean> {
  const starter = join(lakeDirectory(name), STARTER);
  if (existsSync(starter) && isAlive(Number(readFileSync(starter, 'utf8')))) return true;
  const lake = readLakeFile(name);
  if (lake === undefined) return false;
  try {
    return (await fetch(`${lake.endpoint}/_mydatahub/calls?since=${Number.MAX_SAFE_INTEGER}`)).ok;
  } catch {
    return false;
  }
}

function failure(said: string, directory: string): string {
  const log = join(directory, 'gateway.log');
  const tail = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15).join('\n') : '';
  return `the local lake did not start\n  ${said.replace(/^failed /, '').trim()}\n${tail}`;
}
