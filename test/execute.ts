import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from '../src/local/toolchain.ts';

/** Takes what a program printed, as it comes. */
export type Print = (chunk: Buffer) => void;

/** Runs a program of the project in the repository's folder. Its exit status; 1 when it could not be started or was killed. */
export function execute(program: string, args: readonly string[], print: Print): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: REPOSITORY,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The tools' `#!/usr/bin/env node` must find the pinned Node, not the machine's.
      env: { ...process.env, PATH: `${join(REPOSITORY, 'node_modules', '.bin')}:${process.env.PATH}` },
    });
    child.stdout.on('data', print);
    child.stderr.on('data', print);
    child.on('error', (error) => {
      print(Buffer.from(`${program}: ${error.message}\n`));
      resolve(1);
    });
    child.on('close', (status) => resolve(status ?? 1));
  });
}
