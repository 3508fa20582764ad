import type { JsonObject } from '../protocol.ts';
import { type ColumnInfo, columnInfoJson } from './column-info.ts';
import type { Cell } from './csv.ts';
import { type Execution, timeline } from './execution.ts';
import { HIVE_REFUSAL } from './executions.ts';
import { optionalInteger, optionalText, withinLength, withinRange } from './members.ts';
import { offsetOf, tokenOf } from './page.ts';
import { refusal } from './refusal.ts';

/** Rows of one page at most, the header row included. */
const MOST_ROWS = 1000;
const MOST_ACCEPTED = 100_000;

/**
 * One page of results. A full page always carries a token, even when nothing follows: the next page is then empty.
 * Refusals come in Athena's measured order: number of rows, state of the query, token.
 */
export async function resultPage(execution: Execution, input: JsonObject): Promise<JsonObject> {
  const asked = optionalInteger(input, 'MaxResults') ?? MOST_ROWS;
  withinRange('MaxResults', asked, 1, MOST_ACCEPTED);
  if (asked > MOST_ROWS) {
    throw refusal('INVALID_INPUT', `MaxResults is more than maximum allowed length ${MOST_ROWS}`);
  }
  const token = optionalText(input, 'NextToken');
  if (token !== undefined) withinLength('NextToken', token, 1, 1024);
  const outcome = execution.outcome;
  if (isFailedHiveDdl(execution)) return { ResultSet: { Rows: [] } };
  if (execution.state !== 'SUCCEEDED' || outcome === undefined) throw notReadable(execution);
  if (optionalText(input, 'QueryResultType') === 'DATA_MANIFEST') {
    throw refusal('INVALID_INPUT', 'The local lake does not write data manifests');
  }
  const from = token === undefined ? 0 : offsetOf(token);
  const rows = await outcome.rows.slice(from, from + asked);
  return {
    ...(outcome.updateCount !== undefined && { UpdateCount: outcome.updateCount }),
    ResultSet: resultSet(outcome.columns, rows),
    ...(rows.length === asked && { NextToken: tokenOf(from + asked) }),
  };
}

function resultSet(columns: readonly ColumnInfo[], rows: readonly (readonly Cell[])[]): JsonObject {
  return {
    Rows: rows.map((row) => ({ Data: row.map((cell) => (cell === null ? {} : { VarCharValue: cell })) })),
    ResultSetMetadata: { ColumnInfo: columns.map(columnInfoJson) },
  };
}

function isFailedHiveDdl(execution: Execution): boolean {
  return execution.state === 'FAILED' && execution.reason?.startsWith(HIVE_REFUSAL) === true;
}

function notReadable(execution: Execution): Error {
  switch (execution.state) {
    case 'CANCELLED':
      return refusal('RESULT_NOT_FOUND', 'Could not find results');
    case 'FAILED':
      return refusal(
        'INVALID_QUERY_EXECUTION_STATE',
        'Query did not finish successfully. Final query state: FAILED',
      );
    default:
      return refusal(
        'INVALID_QUERY_EXECUTION_STATE',
        `Query has not yet finished. Current state: ${execution.state}`,
      );
  }
}

/** QueryRuntimeStatistics: the timeline, and what was read and answered. Stages are not told. */
export function runtimeStatistics(execution: Execution): JsonObject {
  const times = timeline(execution);
  const header = execution.classification.header ? 1 : 0;
  const rows = execution.outcome?.rows.count;
  return {
    QueryRuntimeStatistics: {
      Timeline: {
        QueryQueueTimeInMillis: times.queue,
        ServicePreProcessingTimeInMillis: 0,
        QueryPlanningTimeInMillis: times.planning ?? 0,
        EngineExecutionTimeInMillis: times.engine,
        ServiceProcessingTimeInMillis: times.service,
        TotalExecutionTimeInMillis: times.total,
      },
      ...(execution.stats && {
        Rows: {
          InputRows: execution.stats.processedRows,
          InputBytes: execution.stats.processedBytes,
          ...(rows !== undefined && { OutputRows: Math.max(0, rows - header) }),
        },
      }),
    },
  };
}
