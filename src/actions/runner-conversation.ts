import type { Clock } from '../aws/poller.ts';
import type { RunnerFiles } from '../github/runner-files.ts';
import { commandLine, harmless } from '../github/workflow-commands.ts';
import type { Conversation, StartedWork } from '../verbs/verb.ts';

/** More queries than ever run at a time: older ones have ended. */
const QUERIES_KEPT = 20;

/** A job that the verb followed: its last state, and how long it was seen, in milliseconds. */
export type Stage = { readonly job: string; readonly state: string; readonly took: number };

export type RunnerConversation = Conversation & {
  readonly stages: () => Stage[];
  /** Milliseconds since the start. */
  readonly elapsed: () => number;
  /** Prints a line as it is, below no group. */
  readonly print: (line: string) => void;
};

/**
 * A verb's messages as the log of a step: what jobs print in groups, stages with the time since the start, and started
 * work in the state file, so that the `post` step can stop it when this process was killed.
 */
export function runnerConversation(
  write: (text: string) => void,
  files: RunnerFiles,
  clock: Clock,
  signal: AbortSignal,
): RunnerConversation {
  const begin = clock.now();
  const stages = new Map<string, { state: string; from: number; to: number }>();
  const runs: StartedWork[] = [];
  const queries: StartedWork[] = [];
  let group: string | undefined;

  const elapsed = () => clock.now() - begin;
  const print = (line: string) => {
    if (group !== undefined) write(`${commandLine('endgroup', {}, '')}\n`);
    group = undefined;
    write(`${line}\n`);
  };
  const say = (line: string) => print(harmless(line));
  return {
    say,
    print,
    elapsed,
    clock,
    signal,
    log(job, line) {
      if (group !== job) print(commandLine('group', {}, `Log of ${job}`));
      group = job;
      write(`${harmless(line)}\n`);
    },
    stage(job, state, runId) {
      const now = elapsed();
      stages.set(job, { from: now, ...stages.get(job), state, to: now });
      say(`[${duration(now)}] ${job}: ${state} (job run ${runId})`);
    },
    started(work) {
      (work.kind === 'query' ? queries : runs).push(work);
      files.state('started', JSON.stringify([...runs, ...queries.slice(-QUERIES_KEPT)]));
    },
    stages: () => [...stages].map(([job, { state, from, to }]) => ({ job, state, took: to - from })),
  };
}

/** Milliseconds as people read them: `12 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
