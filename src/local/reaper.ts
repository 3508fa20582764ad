import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { toolchain } from './toolchain.ts';

/** Keeps the promise that nothing outlives this process: see reaper.py. */
export type Reaper = {
  /** Ends this process group when this process ends, however it ends. */
  watch(processGroup: number): void;
  readonly pid: number;
  /** Ends the watched groups now, and removes the folder. */
  end(): Promise<void>;
};

/** Starts the reaper in a process group of its own, holding a pipe from this process. */
export function startReaper(directory: string): Reaper {
  const script = fileURLToPath(new URL('reaper.py', import.meta.url));
  const child = spawn(toolchain().python, ['-I', script, directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  if (child.pid === undefined) throw new Error(`cannot start ${toolchain().python}\n  cure: make setup`);
  const ended = once(child, 'close').then(() => undefined);
  ended.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  return {
    pid: child.pid,
    watch: (processGroup) => void child.stdin.write(`watch ${processGroup}\n`),
    async end() {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
