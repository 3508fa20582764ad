import type { TrinoClient, TrinoPage, TrinoSession, TrinoStatement, TrinoStats } from '../../trino/client.ts';
import { TrinoQueryError } from '../../trino/client.ts';
import { type ColumnInfo, columnInfo, ROWS_COLUMN } from './column-info.ts';
import type { Cell } from './csv.ts';
import type { Outcome } from './execution.ts';
import { malformed } from './refusal.ts';
import { createResultFile, memoryRows } from './result-file.ts';
import { valueText } from './value-text.ts';

/** What a running execution offers to the work that it does. */
export type Running = {
  /** A file of this machine that the results may be written to. */
  readonly resultPath: string;
  /** Full path of the execution's result object. */
  readonly outputLocation: string;
  /** Aborted when the execution is cancelled; its reason is the execution's. */
  readonly signal: AbortSignal;
  /** The engine has taken the work up. */
  running(): void;
  progress(stats: TrinoStats): void;
};

/** The work of one execution. Throws ExecutionFailure or TrinoQueryError when it fails. */
export type Run = (running: Running) => Promise<Outcome>;

/** Answers asked for at most before a text counts as parsed: Trino parses before it answers the first. */
const PARSE_ANSWERS = 3;

/**
 * Hands a statement to Trino and waits until it was parsed, no longer. Throws the InvalidRequestException with which
 * Athena refuses a text that does not parse. `skippedLines` lines before the user's text are taken off positions.
 */
export async function startOnEngine(
  client: TrinoClient,
  sql: string,
  session: TrinoSession,
  skippedLines = 0,
): Promise<TrinoStatement> {
  const statement = await client.start(sql, session);
  for (let answers = 0; answers < PARSE_ANSWERS; answers += 1) {
    const page = await statement.next();
    if (page === undefined || page.stats.elapsedTimeMillis > 0 || page.error) break;
  }
  const error = statement.page.error;
  if (error?.errorName === 'SYNTAX_ERROR' && statement.page.stats.state === 'FAILED') {
    throw malformed(shiftedLines(error.message, skippedLines));
  }
  return statement;
}

/** A message of Trino with its line number counted from the user's own first line. */
export function shiftedLines(message: string, skippedLines: number): string {
  return message.replace(/^line (\d+):/, (_all, line: string) => `line ${Number(line) - skippedLines}:`);
}

/** Follows a statement to its end, page by page. Throws TrinoQueryError; ends the statement when cancelled. */
export async function* pagesOf(statement: TrinoStatement, running: Running): AsyncGenerator<TrinoPage> {
  const cancel = () => void statement.cancel().catch(() => undefined);
  running.signal.addEventListener('abort', cancel);
  try {
    for (let page: TrinoPage | undefined = statement.page; page; page = await statement.next()) {
      running.signal.throwIfAborted();
      if (page.stats.state !== 'QUEUED') running.running();
      running.progress(page.stats);
      if (page.error) throw new TrinoQueryError(page.error);
      yield page;
    }
  } finally {
    running.signal.removeEventListener('abort', cancel);
    if (running.signal.aborted) cancel();
  }
}

/** A query whose rows go into the result file. */
export function queryRun(statement: TrinoStatement): Run {
  return async (running) => {
    const file = await createResultFile(running.resultPath);
    let columns: readonly ColumnInfo[] | undefined;
    try {
      for await (const page of pagesOf(statement, running)) {
        const described = page.columns ?? [];
        if (columns === undefined && page.columns !== undefined) {
          columns = page.columns.map(columnInfo);
          await file.append([columns.map((column) => column.name)]);
        }
        const rows = (page.data ?? []).map((row) =>
          row.map((value, at): Cell => {
            const column = described[at];
            return column === undefined ? null : valueText(value, column.typeSignature);
          }),
        );
        if (rows.length > 0) await file.append(rows);
      }
    } catch (error) {
      await file.discard();
      throw error;
    }
    return {
      columns: columns ?? [],
      rows: await file.finish(),
      updateCount: 0,
      object: { path: file.path },
    };
  };
}

/** INSERT, UPDATE, DELETE, MERGE and CREATE TABLE AS: no rows, but a count. */
export function changeRun(statement: TrinoStatement): Run {
  return async (running) => {
    let count = 0;
    for await (const page of pagesOf(statement, running)) count = page.updateCount ?? count;
    return { columns: [ROWS_COLUMN], rows: memoryRows([]), updateCount: count };
  };
}

/** A statement whose answer does not matter: DDL. Its result object is empty. */
export function ddlRun(statement: TrinoStatement): Run {
  return async (running) => {
    for await (const page of pagesOf(statement, running)) void page;
    return emptyOutcome();
  };
}

/** What DDL leaves behind. */
export function emptyOutcome(): Outcome {
  return { columns: [], rows: memoryRows([]), object: { text: '' } };
}

/** EXPLAIN: the plan, a row a line, below a header. */
export function explainRun(statement: TrinoStatement): Run {
  return async (running) => {
    let plan = '';
    for await (const page of pagesOf(statement, running)) {
      for (const row of page.data ?? []) plan += String(row[0] ?? '');
    }
    const lines = ['Query Plan', ...`${plan}\n`.split('\n')];
    return {
      columns: [
        { name: 'Query Plan', type: 'varchar', precision: plan.length, scale: 0, caseSensitive: true },
      ],
      rows: memoryRows(lines.map((line) => [line])),
      object: { text: lines.join('\n') },
    };
  };
}
