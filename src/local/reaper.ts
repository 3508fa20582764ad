import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { toolchain } from './toolchain.ts';

/** Keeps the promise that nothing outlives the lake: see reaper.py. */
export type Reaper = {
  /** Ends this process group when the gateway ends. */
  watch(processGroup: number): void;
  readonly pid: number;
};

/** Starts the reaper in a process group of its own, holding a pipe from this process. */
export function startReaper(directory: string): Reaper {
  const script = fileURLToPath(new URL('reaper.py', import.meta.url));
  const child: ChildProcess = spawn(toolchain().python, ['-I', script, directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  if (child.pid === undefined) throw new Error(`cannot start ${toolchain().python}\n  cure: make setup`);
  child.unref();
  return {
    pid: child.pid,
    watch: (processGroup) => void child.stdin?.write(`watch ${processGroup}\n`),
  };
}
