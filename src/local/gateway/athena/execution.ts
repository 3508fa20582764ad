import type { TrinoStats } from '../../trino/client.ts';
import { epochSeconds, type JsonObject } from '../protocol.ts';
import type { Classification } from './classification.ts';
import type { ColumnInfo } from './column-info.ts';
import type { Context } from './cursor.ts';
import { athenaErrorJson, type Failure } from './failure.ts';
import type { ResultRows } from './result-file.ts';

export type ExecutionState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** What a statement left behind. Rows include the header row where there is one. */
export type Outcome = {
  readonly columns: readonly ColumnInfo[];
  readonly rows: ResultRows;
  /** Rows that an INSERT or the like changed; 0 for queries; absent for DDL and EXPLAIN. */
  readonly updateCount?: number;
  /** The object to write: a file of this machine, or a text. Absent where Athena writes none. */
  readonly object?: { readonly path: string } | { readonly text: string };
  /** URLs of the data files of a new Hive table. Athena lists them in an object of their own. */
  readonly manifest?: readonly string[];
};

/** One query execution. Times are milliseconds since 1970. */
export type Execution = {
  readonly id: string;
  readonly query: string;
  readonly classification: Classification;
  readonly workGroup: string;
  readonly context: Context;
  /** Full path of the result object. */
  readonly outputLocation: string;
  readonly encryption: JsonObject | undefined;
  readonly parameters: readonly string[] | undefined;
  /** Most bytes that it may read. */
  readonly cutoff: number | undefined;
  readonly submittedAt: number;
  readonly abort: AbortController;
  state: ExecutionState;
  startedAt?: number;
  completedAt?: number;
  reason?: string;
  failure?: Failure;
  stats?: TrinoStats;
  outcome?: Outcome;
};

export function manifestLocation({ outputLocation }: Execution): string {
  return `${outputLocation}-manifest.csv`;
}

export function isFinal(execution: Execution): boolean {
  return execution.state !== 'QUEUED' && execution.state !== 'RUNNING';
}

/** The QueryExecution structure of GetQueryExecution. */
export function executionJson(execution: Execution): JsonObject {
  const { classification, context } = execution;
  return {
    QueryExecutionId: execution.id,
    Query: execution.query,
    StatementType: classification.type,
    SubstatementType: classification.substatement,
    ResultConfiguration: {
      OutputLocation: execution.outputLocation,
      ...(execution.encryption && { EncryptionConfiguration: execution.encryption }),
    },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    QueryExecutionContext: {
      ...(context.database !== undefined && { Database: context.database }),
      ...(context.catalog !== undefined && { Catalog: context.catalog.toLowerCase() }),
    },
    ...(execution.parameters && { ExecutionParameters: execution.parameters }),
    Status: statusJson(execution),
    Statistics: statisticsJson(execution),
    WorkGroup: execution.workGroup,
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
  };
}

function statusJson(execution: Execution): JsonObject {
  return {
    State: execution.state,
    ...(execution.reason !== undefined && { StateChangeReason: execution.reason }),
    SubmissionDateTime: epochSeconds(execution.submittedAt),
    ...(execution.completedAt !== undefined && {
      CompletionDateTime: epochSeconds(execution.completedAt),
    }),
    ...(execution.failure && { AthenaError: athenaErrorJson(execution.failure) }),
  };
}

/** Times in milliseconds; engine time runs from the start of the work to its end. */
export function timeline(execution: Execution): {
  queue: number;
  planning: number | undefined;
  engine: number;
  service: number;
  total: number;
} {
  const end = execution.completedAt ?? Date.now();
  const started = execution.startedAt ?? end;
  const engine = Math.max(0, Math.min(execution.stats?.elapsedTimeMillis ?? end - started, end - started));
  return {
    queue: Math.max(0, started - execution.submittedAt),
    planning: execution.stats?.planningTimeMillis,
    engine,
    service: Math.max(0, end - started - engine),
    total: Math.max(0, end - execution.submittedAt),
  };
}

function statisticsJson(execution: Execution): JsonObject {
  const times = timeline(execution);
  return {
    EngineExecutionTimeInMillis: times.engine,
    DataScannedInBytes: execution.stats?.physicalInputBytes ?? 0,
    TotalExecutionTimeInMillis: times.total,
    QueryQueueTimeInMillis: times.queue,
    ServicePreProcessingTimeInMillis: 0,
    ...(times.planning !== undefined && { QueryPlanningTimeInMillis: times.planning }),
    ServiceProcessingTimeInMillis: times.service,
    ResultReuseInformation: { ReusedPreviousResult: false },
    ...(execution.outcome?.manifest && { DataManifestLocation: manifestLocation(execution) }),
  };
}
