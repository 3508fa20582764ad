import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TrinoQueryError } from '../../trino/client.ts';
import type { Run } from './engine-run.ts';
import { type Execution, isFinal, manifestLocation } from './execution.ts';
import { ExecutionFailure, engineFailure, type Failure, type Leftovers } from './failure.ts';
import { refusal, tooManyQueries } from './refusal.ts';
import type { ResultBucket } from './result-bucket.ts';

type StatementType = Execution['classification']['type'];

/** Statements at a time, queued and running. Source: Athena service quotas, us-east-1. */
const ACTIVE_LIMITS = { DDL: 20, DML: 200, UTILITY: 200 } as const;

/** Executions remembered; the oldest finished ones are forgotten first, with their results. */
const KEPT = 5_000;

/** Hive's own refusals start so; Athena writes them into the result object. */
export const HIVE_REFUSAL = 'FAILED: ';

const CANCELLED_BY_USER = 'Query cancelled by user';
const OVER_CUTOFF = 'Bytes scanned limit was exceeded';

/** Every execution of the lake, and their lives from QUEUED to an end. */
export type Executions = ReturnType<typeof createExecutions>;

export function createExecutions(options: {
  readonly directory: string;
  readonly bucket: ResultBucket;
  /** Milliseconds that statements of a type take at least. */
  readonly least: (type: StatementType) => number;
}) {
  const all = new Map<string, Execution>();
  /** Statements that were let in and are no execution yet. */
  const starting: Record<StatementType, number> = { DDL: 0, DML: 0, UTILITY: 0 };
  const working = new Set<Promise<void>>();
  mkdirSync(options.directory, { recursive: true });
  const resultPath = (id: string) => join(options.directory, `${id}.csv`);

  function forget(): void {
    for (const execution of all.values()) {
      if (all.size <= KEPT) return;
      if (!isFinal(execution)) continue;
      all.delete(execution.id);
      void rm(resultPath(execution.id), { force: true });
    }
  }

  function end(execution: Execution, state: Execution['state'], reason?: string): void {
    if (isFinal(execution)) return;
    execution.startedAt ??= Date.now();
    execution.completedAt = Date.now();
    execution.state = state;
    if (reason !== undefined) execution.reason = reason;
  }

  function cancel(execution: Execution, reason: string): void {
    if (isFinal(execution)) return;
    end(execution, 'CANCELLED', reason);
    execution.abort.abort(new Error(reason));
  }

  async function work(execution: Execution, run: Run): Promise<void> {
    const least = sleep(options.least(execution.classification.type), undefined, {
      signal: execution.abort.signal,
    }).catch(() => undefined);
    try {
      const outcome = await run({
        resultPath: resultPath(execution.id),
        outputLocation: execution.outputLocation,
        signal: execution.abort.signal,
        running() {
          if (execution.state !== 'QUEUED') return;
          execution.state = 'RUNNING';
          execution.startedAt = Date.now();
        },
        progress(stats) {
          execution.stats = stats;
          if (execution.cutoff !== undefined && stats.physicalInputBytes > execution.cutoff) {
            cancel(execution, OVER_CUTOFF);
          }
        },
      });
      await least;
      if (isFinal(execution)) return;
      if (outcome.object) {
        const type = execution.stats ? 'application/octet-stream' : 'binary/octet-stream';
        await options.bucket.put(execution.outputLocation, outcome.object, type);
      }
      if (outcome.manifest) {
        const text = outcome.manifest.map((url) => `${url}\n`).join('');
        await options.bucket.put(manifestLocation(execution), { text }, 'application/octet-stream');
      }
      execution.outcome = outcome;
      end(execution, 'SUCCEEDED');
    } catch (error) {
      if (isFinal(execution)) return;
      execution.failure = failureOf(error, leftoversOf(execution));
      if (execution.failure.reason.startsWith(HIVE_REFUSAL)) {
        const body = { text: execution.failure.reason };
        await options.bucket
          .put(execution.outputLocation, body, 'application/octet-stream')
          .catch(() => undefined);
      }
      end(execution, 'FAILED', execution.failure.reason);
    }
  }

  return {
    find(id: string): Execution | undefined {
      return all.get(id);
    },
    /** Throws InvalidRequestException QUERY_EXECUTION_NOT_FOUND. */
    get(id: string): Execution {
      const found = all.get(id);
      if (!found) throw refusal('QUERY_EXECUTION_NOT_FOUND', `QueryExecution ${id} was not found`);
      return found;
    },
    /** Newest first. */
    inWorkGroup(workGroup: string): Execution[] {
      return [...all.values()].filter((execution) => execution.workGroup === workGroup).reverse();
    },
    /**
     * Takes one of the places for statements of that type, for as long as the work goes on. Throws
     * TooManyRequestsException when as many run as Athena allows at a time.
     */
    async inPlace<T>(type: StatementType, work: () => Promise<T>): Promise<T> {
      const active = [...all.values()].filter(
        (execution) => !isFinal(execution) && execution.classification.type === type,
      );
      if (active.length + starting[type] >= ACTIVE_LIMITS[type]) throw tooManyQueries();
      starting[type] += 1;
      try {
        return await work();
      } finally {
        starting[type] -= 1;
      }
    },
    /** Takes an execution up and starts its work. */
    add(execution: Execution, run: Run): void {
      all.set(execution.id, execution);
      forget();
      const done = work(execution, run).finally(() => working.delete(done));
      working.add(done);
    },
    /** Ends an execution at once; one that has ended stays as it is. */
    stop(id: string): void {
      cancel(this.get(id), CANCELLED_BY_USER);
    },
    async close(): Promise<void> {
      for (const execution of all.values()) cancel(execution, CANCELLED_BY_USER);
      await Promise.allSettled(working);
    },
  };
}

function leftoversOf(execution: Execution): Leftovers {
  const { substatement, location } = execution.classification;
  const object = location(execution.id);
  return {
    substatement,
    prefix: execution.outputLocation.slice(0, -object.length),
    id: execution.id,
  };
}

function failureOf(error: unknown, leftovers: Leftovers): Failure {
  if (error instanceof ExecutionFailure) return error.failure;
  if (error instanceof TrinoQueryError) return engineFailure(error.failure, leftovers);
  const reason = `GENERIC_INTERNAL_ERROR: ${error instanceof Error ? error.message : String(error)}`;
  return { reason, category: 1, type: 100, message: reason };
}
