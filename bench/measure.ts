import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Wall-clock seconds that the work took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return Math.round(performance.now() - started) / 1000;
}

/**
 * Processor seconds of all processes that this one has started and that have ended, with theirs: of use where others
 * keep the machine busy. Source: proc(5), stat, cutime and cstime, in hundredths.
 */
export function endedProcessesSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** Median of at least one figure, rounded to three decimals. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const value =
    sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return Math.round((value ?? Number.NaN) * 1000) / 1000;
}

/**
 * Resident memory in MB of the given processes, everything below them, and every process whose command line names
 * the folder. Shared pages are counted once for each process, so it is an upper bound.
 */
export async function residentMegabytes(folder: string, roots: readonly number[]): Promise<number> {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' }).trim().split('\n');
  const processes = lines.map((line) => {
    const [pid, parent, resident, ...args] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), resident: Number(resident), args: args.join(' ') };
  });
  const counted = new Set<number>(roots);
  for (const { pid, args } of processes) if (args.includes(folder)) counted.add(pid);
  for (let size = -1; size !== counted.size; ) {
    size = counted.size;
    for (const { pid, parent } of processes) if (counted.has(parent)) counted.add(pid);
  }
  const kilobytes = processes
    .filter(({ pid }) => counted.has(pid))
    .reduce((sum, { resident }) => sum + resident, 0);
  return Math.round(kilobytes / 1024);
}
