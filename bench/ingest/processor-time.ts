import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second (proc(5), USER_HZ). */
const TICKS = 100;
const PERIOD_MS = 200;

export type Watch = {
  /** Ends the watch: processor seconds, user and system, of all processes that were seen. */
  end(): number;
};

/**
 * Watches the Spark launchers of one lake and everything in their process groups, by /proc every 200 ms: what a process
 * does after its last look is missed. `folder` is the lake's own, which the launchers' command lines name.
 */
export function watchProcessorTime(folder: string): Watch {
  const ticks = new Map<string, number>();
  const look = () => {
    const processes = all();
    const groups = new Set(
      processes
        .filter(({ command }) => command.includes('mydatahub_spark') && command.includes(folder))
        .map(({ group }) => group),
    );
    for (const { pid, start, group, time } of processes)
      if (groups.has(group)) ticks.set(`${pid} ${start}`, time);
  };
  look();
  const timer = setInterval(look, PERIOD_MS);
  return {
    end() {
      clearInterval(timer);
      return [...ticks.values()].reduce((sum, time) => sum + time, 0) / TICKS;
    },
  };
}

/** The process ids of the Java machines in the launchers' groups, without those of executors. */
export function sparkDrivers(folder: string): number[] {
  const processes = all();
  const groups = new Set(
    processes
      .filter(({ command }) => command.includes('mydatahub_spark') && command.includes(folder))
      .map(({ group }) => group),
  );
  return processes
    .filter(({ group, command }) => groups.has(group) && /(^|\/)java\0/.test(command))
    .filter(({ command }) => !command.includes('ExecutorBackend'))
    .map(({ pid }) => pid);
}

function all() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [
          {
            pid: Number(name),
            group: Number(fields[2]),
            time: Number(fields[11]) + Number(fields[12]),
            start: Number(fields[19]),
            command,
          },
        ];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}
