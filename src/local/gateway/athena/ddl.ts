import type { TrinoClient } from '../../trino/client.ts';
import type { Catalog } from '../catalog/types.ts';
import type { Principal } from '../identity/principal.ts';
import { CATALOG, database as databaseResource } from '../lakeformation/resource.ts';
import { viewDialects } from './catalog-table.ts';
import type { Cursor, TableName } from './cursor.ts';
import { ddlRun, emptyOutcome, type Run, startOnEngine } from './engine-run.ts';
import { ExecutionFailure, userFailure } from './failure.ts';
import type { Parts } from './planner.ts';
import { identifier, literal } from './statement.ts';

const HIVE_TASK = 'FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask.';

/** CREATE and DROP DATABASE (or SCHEMA), carried out by the engine. */
export async function databaseRun(
  { client, catalog, wholeCatalog, permissions }: Parts,
  principal: Principal,
  cursor: Cursor,
): Promise<Run> {
  const creates = cursor.accept('CREATE');
  if (!creates) cursor.expect('DROP');
  if (!cursor.accept('DATABASE')) cursor.expect('SCHEMA');
  const tolerant = cursor.accept('IF', ...(creates ? ['NOT', 'EXISTS'] : ['EXISTS']));
  const database = cursor.database();
  const exists = () => wholeCatalog.database(database) !== undefined;
  if (creates) {
    const options = databaseOptions(cursor);
    return later(
      async () => {
        if (exists() && tolerant) return undefined;
        if (exists()) throw failure(`${HIVE_TASK} Database ${database} already exists`);
        permissions.require(principal, 'CREATE_DATABASE', CATALOG);
        if (options.location !== undefined) permissions.requireLocation(principal, options.location);
        const sql = `CREATE SCHEMA ${identifier(database)}${locationClause(options.location)}`;
        return startOnEngine(client, sql, {});
      },
      () => {
        permissions.created(principal, databaseResource(database), []);
      },
    );
  }
  const cascade = cursor.accept('CASCADE');
  if (!cascade) cursor.accept('RESTRICT');
  cursor.end();
  return later(async () => {
    if (!exists() && tolerant) return undefined;
    if (!exists())
      throw failure(`FAILED: SemanticException [Error 10072]: Database does not exist: ${database}`);
    catalog.require('DROP', database);
    if (!cascade && catalog.tables(database).length > 0) {
      throw failure(
        `${HIVE_TASK} InvalidOperationException(message:Database ${database} is not empty. One or more tables exist.)`,
      );
    }
    return startOnEngine(client, `DROP SCHEMA ${identifier(database)}${cascade ? ' CASCADE' : ''}`, {});
  });
}

/** COMMENT, LOCATION and DBPROPERTIES of CREATE DATABASE; the engine keeps the location alone. */
function databaseOptions(cursor: Cursor): { readonly location: string | undefined } {
  let location: string | undefined;
  while (!cursor.atEnd()) {
    if (cursor.accept('COMMENT')) cursor.text();
    else if (cursor.accept('LOCATION')) location = cursor.text();
    else if (cursor.accept('WITH', 'DBPROPERTIES')) skipParentheses(cursor);
    else cursor.end();
  }
  return { location };
}

function locationClause(location: string | undefined): string {
  return location === undefined ? '' : ` WITH (location = ${literal(location)})`;
}

function skipParentheses(cursor: Cursor): void {
  if (!cursor.acceptSymbol('(')) cursor.fail("'('");
  while (!cursor.acceptSymbol(')')) {
    if (cursor.atEnd()) cursor.fail("')'");
    cursor.step();
  }
}

/** DROP TABLE: the engine removes an Iceberg table with its data; other tables leave the catalog only. */
export async function dropTableRun(client: TrinoClient, catalog: Catalog, cursor: Cursor): Promise<Run> {
  cursor.expect('DROP', 'TABLE');
  const tolerant = cursor.accept('IF', 'EXISTS');
  const name = cursor.table();
  cursor.end();
  return later(async () => {
    const table = catalog.table(name.database, name.table);
    if (table === undefined && tolerant) return undefined;
    if (table === undefined || table.TableType === 'VIRTUAL_VIEW') {
      throw failure(`FAILED: SemanticException [Error 10001]: Table not found ${dotted(name)}`);
    }
    catalog.require('DROP', name.database, name.table);
    const parameters = JSON.stringify(table.Parameters ?? {});
    if (/"table_type":"iceberg"/i.test(parameters)) {
      const quoted = `${identifier(name.database)}.${identifier(name.table)}`;
      return startOnEngine(client, `DROP TABLE ${quoted}`, {});
    }
    catalog.dropTable(name.database, name.table);
    return undefined;
  });
}

/** DROP VIEW. Source: Athena User Guide, DROP VIEW: "dropped only if the Athena dialect exists in the view". */
export function dropViewRun(catalog: Catalog, cursor: Cursor): Run {
  cursor.expect('DROP', 'VIEW');
  const tolerant = cursor.accept('IF', 'EXISTS');
  const name = cursor.table();
  cursor.end();
  return async (running) => {
    running.running();
    const table = catalog.table(name.database, name.table);
    if (table === undefined && tolerant) return emptyOutcome();
    if (table?.TableType !== 'VIRTUAL_VIEW') {
      throw failure(`TABLE_NOT_FOUND: line 1:1: View 'awsdatacatalog.${dotted(name)}' does not exist`, 1301);
    }
    const dialects = viewDialects(table);
    if (dialects !== undefined && !dialects.includes('ATHENA')) {
      throw failure(
        `INVALID_VIEW: View ${dotted(name)} has no ATHENA dialect, so Athena cannot drop it. Use DROP VIEW in Spark or glue:DeleteTable.`,
      );
    }
    catalog.require('DROP', name.database, name.table);
    catalog.dropTable(name.database, name.table);
    return emptyOutcome();
  };
}

/** `OPTIMIZE t REWRITE DATA USING BIN_PACK [WHERE p]`. The cursor stands after OPTIMIZE. */
export function optimizeRun(client: TrinoClient, catalog: Catalog, cursor: Cursor): Run {
  const name = cursor.table();
  cursor.expect('REWRITE', 'DATA', 'USING', 'BIN_PACK');
  const where = cursor.accept('WHERE') ? ` WHERE ${cursor.rest()}` : '';
  cursor.end();
  const sql = `ALTER TABLE ${identifier(name.database)}.${identifier(name.table)} EXECUTE optimize${where}`;
  return later(async () => {
    for (const permission of ['SELECT', 'INSERT', 'DELETE', 'ALTER'] as const) {
      catalog.require(permission, name.database, name.table);
    }
    return startOnEngine(client, sql, {});
  });
}

/** Work that is decided when the execution runs, not when it is submitted. */
function later(
  begin: () => Promise<Awaited<ReturnType<typeof startOnEngine>> | undefined>,
  done: () => void = () => undefined,
): Run {
  return async (running) => {
    running.running();
    const statement = await begin();
    if (statement === undefined) return emptyOutcome();
    const outcome = await ddlRun(statement)(running);
    done();
    return outcome;
  };
}

function dotted(name: TableName): string {
  return `${name.database}.${name.table}`;
}

function failure(reason: string, type = 1006): ExecutionFailure {
  return new ExecutionFailure(userFailure(reason, type));
}
