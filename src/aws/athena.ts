import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  InvalidRequestException,
  type QueryExecution,
  type Row,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { AthenaQueryError } from './athena-query-error.ts';
import { type Connection, clientSettings } from './connection.ts';
import { type Clock, paceFor, poll } from './poller.ts';

/** Every value as Athena spells it; NULL is `null` and never the empty text. */
export type QueryResult = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
};

/** What queries have used: how many they were, the bytes that they scanned, and those that AWS charges for. */
export type QuerySpending = { readonly queries: number; readonly scanned: number; readonly charged: number };

export type Athena = {
  /** What all queries by now have used. */
  spent(): QuerySpending;
  /** Runs one statement to its end. Throws {@link AthenaQueryError}; stops the query when the signal aborts. */
  query(sql: string, signal?: AbortSignal): Promise<QueryResult>;
};

const MEGABYTE = 1024 ** 2;
/** What a query is charged for at least ("Amazon Athena pricing": rounded up to a megabyte, with a minimum of 10). */
const LEAST_CHARGED = 10 * MEGABYTE;
const ENDED = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

/** `started` hears the id of each query as soon as Athena has it. */
export function openAthena(
  connection: Connection,
  context: { readonly workgroup: string; readonly database: string },
  clock: Clock,
  started: (queryId: string) => void = () => {},
): Athena {
  const client = new AthenaClient(clientSettings(connection));

  let spent: QuerySpending = { queries: 0, scanned: 0, charged: 0 };

  async function start(sql: string): Promise<string> {
    try {
      const answer = await client.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          WorkGroup: context.workgroup,
          QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: context.database },
        }),
      );
      return answer.QueryExecutionId ?? '';
    } catch (error) {
      if (!(error instanceof InvalidRequestException)) throw error;
      throw new AthenaQueryError(`Athena refused the statement: ${error.message}`, sql, null);
    }
  }

  async function execution(QueryExecutionId: string): Promise<QueryExecution> {
    const answer = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    return answer.QueryExecution ?? {};
  }

  async function finished(id: string, signal?: AbortSignal): Promise<QueryExecution> {
    try {
      return await poll({
        look: () => execution(id),
        done: (run) => ENDED.has(run.Status?.State ?? ''),
        pace: { ...paceFor(connection), longest: connection.endpoint === undefined ? 2000 : 250 },
        clock,
        signal,
      });
    } catch (error) {
      if (signal?.aborted) await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      throw error;
    }
  }

  async function results(run: QueryExecution): Promise<QueryResult> {
    const columns: string[] = [];
    const rows: (string | null)[][] = [];
    let NextToken: string | undefined;
    let first = true;
    do {
      const page = await client.send(
        new GetQueryResultsCommand({ QueryExecutionId: run.QueryExecutionId, NextToken, MaxResults: 1000 }),
      );
      if (first) {
        for (const { Name } of page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []) columns.push(Name ?? '');
      }
      const data = page.ResultSet?.Rows ?? [];
      for (const row of first && hasHeaderRow(run) ? data.slice(1) : data)
        rows.push(cells(row, columns.length));
      first = false;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return { columns, rows };
  }

  return {
    spent: () => spent,
    async query(sql, signal) {
      const id = await start(sql);
      started(id);
      const run = await finished(id, signal);
      spent = together(spent, run);
      if (run.Status?.State === 'SUCCEEDED') return results(run);
      const reason =
        run.Status?.AthenaError?.ErrorMessage ?? run.Status?.StateChangeReason ?? 'no reason given';
      throw new AthenaQueryError(`Athena ended the query as ${run.Status?.State}: ${reason}`, sql, id);
    },
  };
}

/** DDL and failed queries are free, a cancelled one is charged for what it has scanned ("Amazon Athena pricing"). */
function together({ queries, scanned, charged }: QuerySpending, run: QueryExecution): QuerySpending {
  const bytes = run.Statistics?.DataScannedInBytes ?? 0;
  const free = run.StatementType !== 'DML' || run.Status?.State === 'FAILED';
  const own = free ? 0 : Math.max(Math.ceil(bytes / MEGABYTE) * MEGABYTE, LEAST_CHARGED);
  return { queries: queries + 1, scanned: scanned + bytes, charged: charged + own };
}

/** Stops a query that still goes on. Whether it did. */
export async function stopQuery(connection: Connection, QueryExecutionId: string): Promise<boolean> {
  const client = new AthenaClient(clientSettings(connection));
  const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
  if (ENDED.has(QueryExecution?.Status?.State ?? '')) return false;
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  return true;
}

/** SELECT, WITH, VALUES, TABLE and EXPLAIN (all DML) and SHOW FUNCTIONS begin with a row of column names; nothing else does. */
function hasHeaderRow(run: QueryExecution): boolean {
  return run.StatementType === 'DML' || run.SubstatementType === 'SHOW_FUNCTIONS';
}

/** A row of SHOW or DESCRIBE is one text with tabs between its columns, whatever number of columns is announced. */
function cells(row: Row, width: number): (string | null)[] {
  const values = (row.Data ?? []).map((datum) => datum.VarCharValue ?? null);
  const [only] = values;
  if (values.length !== 1 || width < 2 || typeof only !== 'string') return values;
  const parts = only.split('\t');
  return [...parts, ...Array<null>(Math.max(0, width - parts.length)).fill(null)];
}
