import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, lakeDirectory, lakesDirectory, readLakeFile } from './lakes.ts';

const PATIENCE_MS = 20_000;

/**
 * Ends a lake: its processes, its state and its folder. Returns false when there was none.
 * Throws when a process of it is still there after 20 s.
 */
export async function stopLake(name: string): Promise<boolean> {
  const directory = lakeDirectory(name);
  if (!existsSync(directory)) return false;
  const lake = readLakeFile(name);
  if (lake !== undefined) {
    await fetch(`${lake.endpoint}/_mydatahub/shutdown`, { method: 'POST' }).catch(() => undefined);
    const deadline = Date.now() + PATIENCE_MS;
    while (isAlive(lake.reaper_pid) && existsSync(directory)) {
      if (Date.now() > deadline) {
        throw new Error(
          `the lake ${name} did not end within ${PATIENCE_MS / 1000} s\n  cure: end process ${lake.pid} and run down again`,
        );
      }
      await sleep(50);
    }
  }
  rmSync(directory, { recursive: true, force: true });
  removeEmpty(lakesDirectory());
  removeEmpty(dirname(lakesDirectory()));
  return true;
}

/** The reaper does the same at the same time, and another lake may be starting: whatever is there or not is well. */
function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}
