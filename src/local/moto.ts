import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { scrubbed } from './environment.ts';
import { toolchain } from './toolchain.ts';

/** moto, with an S3 that keeps AWS's rules; it takes the options of `moto_server`. */
export const MOTO_SERVER = fileURLToPath(new URL('moto_server.py', import.meta.url));

export type Moto = { readonly process: ChildProcess; ready(): Promise<void> };

/** Starts moto on loopback in a process group of its own; its log is moto.log in the lake's folder. */
export function startMoto(directory: string, port: number): Moto {
  const logFile = join(directory, 'moto.log');
  const log = openSync(logFile, 'a');
  const child = spawn(toolchain().python, [MOTO_SERVER, '-H', '127.0.0.1', '-p', String(port)], {
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...scrubbed(process.env),
      MOTO_S3_DEFAULT_KEY_BUFFER_SIZE: String(64 * 1024),
      // AWS's own policies, which every account has.
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
    },
  });
  return {
    process: child,
    async ready() {
      const deadline = Date.now() + 60_000;
      while (Date.now() < deadline) {
        if (child.exitCode !== null) break;
        if (await answers(`http://127.0.0.1:${port}/moto-api/`)) return;
        await sleep(100);
      }
      throw new Error(
        `moto did not start on port ${port}\n${readFileSync(logFile, 'utf8').slice(-2000)}\n  cure: make setup`,
      );
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status > 0;
  } catch {
    return false;
  }
}
