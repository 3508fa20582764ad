import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../gateway/protocol.ts';
import type { LocalLake } from '../lake.ts';
import { toolchain } from '../toolchain.ts';
import { fineGrainedRefusal, fineGrainedWarehouse } from './fine-grained-access.ts';
import type { JobArguments } from './job-arguments.ts';
import { createJobLogs, type LogStream } from './job-logs.ts';
import { createObjects } from './objects.ts';
import { prepareRun } from './run-folder.ts';
import type { KeysOfRuns, RunKeys } from './run-keys.ts';
import { type SparkProcess, startSparkProcess } from './spark-process.ts';

/** What a job run and an interactive session have in common. `id` names log streams and the run's folder. */
export type RunRequest = {
  readonly id: string;
  readonly arguments: JobArguments;
  readonly role: string;
  readonly glueVersion: string;
  readonly workers: number | undefined;
  /** Further options of the JVM, each quoted where it needs to be. */
  readonly javaOptions?: readonly string[];
};

/** `scriptArguments` are what `sys.argv` holds after the script's own name. */
export type JobRequest = RunRequest & {
  readonly scriptLocation: string;
  readonly scriptArguments: readonly string[];
};

export type Outcome = { readonly succeeded: true } | { readonly succeeded: false; readonly message: string };

export type SparkRun = {
  /** Never rejects. After a kill, it is the outcome of whatever came first. */
  readonly ended: Promise<Outcome>;
  /** Ends the run's processes at once. */
  kill(): void;
};

export type SparkSession = SparkRun & { send(message: JsonObject): void };

/** Runs Glue's scripts and sessions on real PySpark; tests of the states put a fake in its place. */
export type SparkEngine = {
  startJob(request: JobRequest, onRunning: () => void): SparkRun;
  /** `onEvent` gets the launcher's events, `running` first: see python/mydatahub_spark/session.py. */
  startSession(request: RunRequest, onEvent: (event: JsonObject) => void): SparkSession;
};

export type SparkEngineOptions = {
  readonly lake: LocalLake;
  readonly keysOf: KeysOfRuns;
  /** Told of each new process group, which must not outlive the gateway. */
  readonly onProcess?: ((group: number) => void) | undefined;
};

const LOG_GROUP = '/aws-glue/jobs';

export function createSparkEngine(options: SparkEngineOptions): SparkEngine {
  const { lake } = options;
  const objectsAs = createObjects(lake);

  const start = (request: RunRequest | JobRequest, onEvent: (event: JsonObject) => void): SparkSession => {
    let process: SparkProcess | undefined;
    let killed = false;
    let last: JsonObject = {};
    const folder = join(lake.directory, 'runs', encodeURIComponent(request.id));

    const run = async (keys: RunKeys, output: LogStream, errors: LogStream): Promise<Outcome> => {
      const refusal = fineGrainedRefusal(request.arguments, request.workers, request.glueVersion);
      if (refusal !== undefined) return { succeeded: false, message: refusal };
      const prepared = await prepareRun({ lake, objects: objectsAs(keys.role), keys, request, folder });
      if (killed) return { succeeded: false, message: 'stopped before it started' };
      process = startSparkProcess({
        command: toolchain().python,
        arguments: ['-m', 'mydatahub_spark', prepared.runFile],
        environment: prepared.environment,
        directory: folder,
        onOutput: output.write,
        onError: errors.write,
        onEvent: (event) => {
          last = event;
          onEvent(event);
        },
        onProcess: options.onProcess,
      });
      const exit = await process.exited;
      if (last.event === 'succeeded') return { succeeded: true };
      const message =
        typeof last.message === 'string' ? last.message : `Command failed with exit code ${exit}`;
      return { succeeded: false, message };
    };

    const supervised = async (keys: RunKeys): Promise<Outcome> => {
      const group = request.arguments['--custom-logGroup-prefix'] ?? LOG_GROUP;
      const logs = createJobLogs(lake, keys.role);
      const output = logs.stream(`${group}/output`, request.id);
      const errors = logs.stream(`${group}/error`, request.id);
      const outcome = await run(keys, output, errors).catch((error: unknown): Outcome => {
        const message = error instanceof Error ? error.message : String(error);
        errors.write(message);
        return { succeeded: false, message };
      });
      await Promise.all([output.flush(), errors.flush()]);
      logs.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
      return outcome;
    };

    const asRole = async (): Promise<Outcome> => {
      let keys: RunKeys;
      try {
        keys = await options.keysOf(request.role, fineGrainedWarehouse(request.arguments));
      } catch (error) {
        return { succeeded: false, message: error instanceof Error ? error.message : String(error) };
      }
      return supervised(keys).finally(keys.revoke);
    };

    return {
      ended: asRole(),
      kill: () => {
        killed = true;
        process?.kill();
      },
      send: (message) => process?.send(message),
    };
  };

  return {
    startJob: (request, onRunning) =>
      start(request, ({ event }) => {
        if (event === 'running') onRunning();
      }),
    startSession: start,
  };
}
