import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable, type Writable } from 'node:stream';
import type { JsonObject } from '../gateway/protocol.ts';

/** One launcher (Python, and the JVM below it), in a process group of its own. */
export type SparkProcess = {
  send(message: JsonObject): void;
  /** Ends the whole group at once. */
  kill(): void;
  /** After the process has gone and every line of its output was handed on. The exit status, or the signal. */
  readonly exited: Promise<number | NodeJS.Signals>;
};

export type SparkProcessOptions = {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
  /** A line that Python printed. */
  readonly onOutput: (line: string) => void;
  /** A line of Spark's own log. */
  readonly onError: (line: string) => void;
  readonly onEvent: (event: JsonObject) => void;
  /** The new process group. */
  readonly onProcess?: ((group: number) => void) | undefined;
};

export function startSparkProcess(options: SparkProcessOptions): SparkProcess {
  const child = spawn(options.command, [...options.arguments], {
    cwd: options.directory,
    env: options.environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) options.onProcess?.(child.pid);
  lines(child.stdio[1], options.onOutput);
  lines(child.stdio[2], options.onError);
  lines(child.stdio[3], (line) => {
    const event: unknown = JSON.parse(line);
    if (isObject(event)) options.onEvent(event);
  });
  child.stdin?.on('error', () => undefined);
  const kill = () => killGroup(child);
  // What is left of the group (the JVM) holds the output pipes open, and has nothing to do any more.
  child.once('exit', kill);
  return {
    send: (message) => void child.stdin?.write(`${JSON.stringify(message)}\n`),
    kill,
    exited: new Promise((resolve, reject) => {
      child.once('error', (error) =>
        reject(new Error(`cannot start ${options.command}: ${error.message}\n  cure: make setup`)),
      );
      child.once('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'));
    }),
  };
}

function lines(stream: Readable | Writable | null | undefined, each: (line: string) => void): void {
  if (stream instanceof Readable) createInterface({ input: stream }).on('line', each);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
