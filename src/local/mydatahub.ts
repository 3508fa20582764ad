import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from './toolchain.ts';

/** What a command of ours printed on standard output; standard error went to ours as it came. */
export type CommandResult = { readonly status: number; readonly stdout: string };

/** Runs `mydatahub ARGS` as a person would, in a process of its own. */
export function mydatahub(args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(REPOSITORY, 'bin', 'mydatahub.js'), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ status: code ?? 1, stdout }));
  });
}
