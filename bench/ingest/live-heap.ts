import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { sparkDrivers } from './processor-time.ts';

const run = promisify(execFile);
const PERIOD_MS = 2_000;

/**
 * The most megabytes that were alive in the heap of a lake's Spark driver while `work` went on: every two seconds a full
 * collection, then what is left (jcmd GC.class_histogram). What the heap could grow to says nothing; this does.
 */
export async function mostLiveHeap(folder: string, work: () => Promise<unknown>): Promise<number> {
  let done = false;
  const working = work().finally(() => {
    done = true;
  });
  let most = 0;
  while (!done) {
    for (const pid of sparkDrivers(folder)) most = Math.max(most, await liveHeap(pid));
    await Promise.race([sleep(PERIOD_MS), working]);
  }
  await working;
  return Math.round(most);
}

async function liveHeap(pid: number): Promise<number> {
  const home = process.env.JAVA_HOME;
  const jcmd = home === undefined ? 'jcmd' : join(home, 'bin', 'jcmd');
  try {
    const { stdout } = await run(jcmd, [String(pid), 'GC.class_histogram'], { maxBuffer: 64 << 20 });
    const total = /^Total\s+\d+\s+(\d+)\s*$/m.exec(stdout)?.[1];
    return Number(total ?? 0) / 2 ** 20;
  } catch {
    return 0; // the machine is starting or has ended
  }
}
