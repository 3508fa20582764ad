import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolchain } from '../local/toolchain.ts';

/** Ends process groups when this process ends, however it ends. */
export type Guard = AsyncDisposable & { watch(processGroup: number): void };

/**
 * Starts a guard. Terraform starts its providers as processes of its own, which a killed Terraform leaves behind;
 * see ../local/reaper.py.
 */
export function startGuard(): Guard {
  const reaper = fileURLToPath(new URL('../local/reaper.py', import.meta.url));
  const scratch = mkdtempSync(join(tmpdir(), 'mydatahub-guard-'));
  const child = spawn(toolchain().python, ['-I', reaper, scratch], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', (error) => {
      reject(new Error(`cannot start ${toolchain().python}: ${error.message}\n  cure: make setup`));
    });
    child.on('close', () => resolve());
  });
  ended.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  return {
    watch: (processGroup) => void child.stdin.write(`watch ${processGroup}\n`),
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
