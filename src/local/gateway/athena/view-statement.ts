import { randomUUID } from 'node:crypto';
import type { Catalog, ViewStatement } from '../catalog/types.ts';
import { AwsError, type JsonObject } from '../protocol.ts';
import { viewDialects } from './catalog-table.ts';
import { textColumn } from './column-info.ts';
import type { Rewritten } from './create-table-as.ts';
import { type Cursor, createCursor } from './cursor.ts';
import { emptyOutcome, type Run } from './engine-run.ts';
import type { Outcome } from './execution.ts';
import { ExecutionFailure, glueWords, metastoreFailure } from './failure.ts';
import { wordOf } from './lexer.ts';
import type { Parts, Request } from './planner.ts';
import { memoryRows } from './result-file.ts';
import { spliced } from './statement.ts';
import type { Analysis } from './view-analysis.ts';

/**
 * A plain CREATE VIEW for Trino; `undefined` for a multi-dialect one. A plain view may not take the place of a
 * multi-dialect view, whose other dialects and grants it would destroy.
 */
export function plainViewSql(catalog: Catalog, cursor: Cursor): Rewritten | undefined {
  cursor.expect('CREATE');
  cursor.accept('OR', 'REPLACE');
  if (cursor.accept('UNPROTECTED') || cursor.accept('PROTECTED') || cursor.accept('MULTI')) return undefined;
  cursor.expect('VIEW');
  const name = cursor.table();
  const existing = catalog.table(name.database, name.table);
  if (existing && viewDialects(existing)) {
    return {
      failure: `INVALID_VIEW: ${name.database}.${name.table} is a multi dialect view. Change it with ALTER VIEW ${name.table} UPDATE DIALECT AS <query>.`,
    };
  }
  const next = cursor.peek();
  if (wordOf(next) !== 'AS' || next === undefined) return { sql: cursor.sql };
  // Athena reads the tables of a plain view in the name of whoever reads the view; Trino does so when it is told.
  return {
    sql: spliced(cursor.sql, [{ start: next.start, end: next.start, text: 'SECURITY INVOKER ' }]),
  };
}

/**
 * CREATE [OR REPLACE] PROTECTED MULTI DIALECT VIEW and ALTER VIEW … DIALECT. The query is parsed at once, the rest
 * follows when the execution runs. Source: Athena User Guide, CREATE VIEW and ALTER VIEW DIALECT.
 */
export async function viewStatementRun(parts: Parts, request: Request): Promise<Run> {
  const cursor = createCursor(request.statement.sql, request.context);
  return cursor.accept('ALTER') ? alterRun(parts, cursor) : createRun(parts, cursor, request.principal.arn);
}

async function createRun(parts: Parts, cursor: Cursor, definer: string): Promise<Run> {
  cursor.expect('CREATE');
  const orReplace = cursor.accept('OR', 'REPLACE');
  cursor.expect('PROTECTED', 'MULTI', 'DIALECT', 'VIEW');
  const { database, table: name } = cursor.table();
  cursor.expect('SECURITY', 'DEFINER');
  const dryRun = cursor.accept('SHOW', 'VIEW', 'JSON');
  cursor.expect('AS');
  const analysis = await parts.analyser.begin(cursor.rest(), database);
  return viewRun(async () => {
    const text = await analysis();
    const statement: ViewStatement = { action: 'CREATE', database, name, text, orReplace, definer };
    if (dryRun) return jsonOutcome(parts.catalog.viewDryRun(statement));
    parts.catalog.view(statement);
    return emptyOutcome();
  });
}

async function alterRun(parts: Parts, cursor: Cursor): Promise<Run> {
  cursor.expect('VIEW');
  const { database, table: name } = cursor.table();
  const force = cursor.accept('FORCE');
  if (!force && cursor.accept('DROP')) {
    cursor.expect('DIALECT');
    cursor.end();
    return viewRun(async () => {
      parts.catalog.view({ action: 'DROP', database, name, dialect: 'ATHENA' });
      return emptyOutcome();
    });
  }
  const action = cursor.accept('ADD') ? 'ADD' : cursor.accept('UPDATE') ? 'UPDATE' : undefined;
  if (action === undefined) return cursor.fail("'ADD', 'DROP', 'FORCE', 'UPDATE'");
  cursor.expect('DIALECT', 'AS');
  const analysis: Analysis = await parts.analyser.begin(cursor.rest(), database);
  return viewRun(async () => {
    parts.catalog.view({ action, database, name, text: await analysis(), force });
    return emptyOutcome();
  });
}

function viewRun(work: () => Promise<Outcome>): Run {
  return async (running) => {
    running.running();
    try {
      return await work();
    } catch (error) {
      if (error instanceof AwsError) throw new ExecutionFailure(catalogFailure(error));
      throw error;
    }
  };
}

/** A refusal of the Data Catalog, as Athena passes those on. */
function catalogFailure(error: AwsError) {
  const type =
    error.code === 'AlreadyExistsException' ? 1110 : error.code === 'EntityNotFoundException' ? 1301 : 204;
  return metastoreFailure(glueWords(error.message, error.code, randomUUID()), type);
}

function jsonOutcome(table: JsonObject): Outcome {
  const text = JSON.stringify(table, null, 2);
  return {
    columns: [textColumn('view json', 'varchar')],
    rows: memoryRows(text.split('\n').map((line) => [line])),
    updateCount: 0,
    object: { text },
  };
}
