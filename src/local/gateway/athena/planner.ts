import type { TrinoClient, TrinoSession } from '../../trino/client.ts';
import { TrinoQueryError } from '../../trino/client.ts';
import type { Catalog } from '../catalog/types.ts';
import type { Principal } from '../identity/principal.ts';
import type { Permissions } from '../lakeformation/permissions.ts';
import { AwsError } from '../protocol.ts';
import { createTableAsSql } from './create-table-as.ts';
import { type Context, contextDatabase, createCursor } from './cursor.ts';
import { databaseRun, dropTableRun, dropViewRun, optimizeRun } from './ddl.ts';
import { deniedFailure, refusedStatement } from './denied.ts';
import { describeRun } from './describe.ts';
import { changeRun, ddlRun, explainRun, queryRun, type Run, startOnEngine } from './engine-run.ts';
import { ExecutionFailure, userFailure } from './failure.ts';
import { hiveStaging, hiveTableRun, hiveWriteFailure } from './hive-table.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import type { ResultBucket } from './result-bucket.ts';
import { showRun } from './show.ts';
import { engineSql, type Statement, withParameters } from './statement.ts';
import type { ViewAnalyser } from './view-analysis.ts';
import { plainViewSql, viewStatementRun } from './view-statement.ts';

/** What statements are carried out with. */
export type Parts = {
  readonly client: TrinoClient;
  /** As the caller gets to see it. */
  readonly catalog: Catalog;
  /** All of it. */
  readonly wholeCatalog: Catalog;
  readonly permissions: Permissions;
  readonly analyser: ViewAnalyser;
  readonly preparedStatements: PreparedStatements;
  /** Reads an object of the lake's S3 by its URL. */
  readonly metadataFiles: { read(url: string): Promise<string> };
  /** The lake's S3, where CREATE TABLE AS of a Hive table leaves its files. */
  readonly objects: Pick<ResultBucket, 'verify' | 'isEmpty' | 'createBucket' | 'copy'>;
};

/** A statement and everything its meaning depends on. */
export type Request = {
  readonly statement: Statement;
  readonly context: Context;
  readonly parameters: readonly string[];
  readonly workGroup: string;
  /** Who asks: whose permissions hold, and who defines a view. */
  readonly principal: Principal;
  /** The workgroup says where all results go, whatever the caller says. */
  readonly enforcedLocation: boolean;
};

/**
 * Finds out how a statement is carried out, and hands it to Trino where Trino is the one to parse it. Throws
 * InvalidRequestException for everything that Athena refuses at the start: no execution comes of it.
 */
export async function plan(parts: Parts, request: Request): Promise<Run> {
  return explained(parts, request, await planned(parts, request));
}

async function planned(parts: Parts, request: Request): Promise<Run> {
  const { client, catalog } = parts;
  const { statement, context } = request;
  const { substatement } = statement.classification;
  const session = sessionOf(request);
  const sql = engineSql(withParameters(statement.sql, request.parameters));
  switch (substatement) {
    case 'SELECT':
    case 'SHOW_FUNCTIONS':
      return queryRun(await startOnEngine(client, sql, session));
    case 'EXECUTE':
      return queryRun(await startOnEngine(client, parts.preparedStatements.execution(request), session));
    case 'PREPARE':
    case 'DEALLOCATE':
      return parts.preparedStatements.run(request);
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'MERGE': {
      const failure = hiveWriteFailure(parts, createCursor(statement.sql, context));
      if (failure !== undefined) return failingRun(failure);
      return changeRun(await startOnEngine(client, sql, session));
    }
    case 'EXPLAIN':
      return explainRun(await startOnEngine(client, sql, session));
    case 'CREATE_TABLE_AS_SELECT': {
      const cursor = createCursor(statement.sql, context);
      if (cursor.accept('OPTIMIZE')) return optimizeRun(client, catalog, cursor);
      const table = createTableAsSql(statement.sql, context, hiveStaging());
      if ('failure' in table) return failingRun(table.failure);
      const { hive } = table;
      if (hive !== undefined) return hiveTableRun(parts, request, { ...table, hive });
      const created = engineSql(withParameters(table.sql, request.parameters));
      return changeRun(await startOnEngine(client, created, session));
    }
    case 'CREATE_DATABASE':
    case 'DROP_DATABASE':
      return databaseRun(parts, request.principal, createCursor(statement.sql, context));
    case 'DROP_TABLE':
      return dropTableRun(client, catalog, createCursor(statement.sql, context));
    case 'DROP_VIEW':
      return dropViewRun(catalog, createCursor(statement.sql, context));
    case 'CREATE_VIEW': {
      const view = plainViewSql(catalog, createCursor(sql, context));
      if (view === undefined) return viewStatementRun(parts, request);
      return 'failure' in view
        ? failingRun(view.failure)
        : ddlRun(await startOnEngine(client, view.sql, session));
    }
    case 'ALTER_VIEW':
      return viewStatementRun(parts, request);
    case 'DESCRIBE_TABLE':
    case 'DESC_VIEW':
    case 'SHOW_COLUMNS':
      return describeRun(parts, createCursor(statement.sql, context));
    case 'SHOW_TABLES':
    case 'SHOW_VIEWS':
    case 'SHOW_DATABASES':
    case 'SHOW_PARTITIONS':
    case 'SHOW_TABLE_PROPERTIES':
    case 'SHOW_CREATE_TABLE':
    case 'SHOW_CREATE_VIEW':
      return showRun(parts, createCursor(statement.sql, context), substatement, contextDatabase(context));
    default:
      return failingRun(notModelled(substatement));
  }
}

/** With the caller as the engine's user: the engine enforces what Lake Formation lets them do. */
export function sessionOf({ context, principal }: Pick<Request, 'context' | 'principal'>): TrinoSession {
  return {
    user: principal.arn,
    ...(context.catalog !== undefined && { catalog: context.catalog.toLowerCase() }),
    schema: contextDatabase(context),
  };
}

/** Refusals in Athena's words, whether the engine refused or the Data Catalog did. */
function explained(parts: Parts, { statement, context, principal }: Request, run: Run): Run {
  return async (running) => {
    try {
      return await run(running);
    } catch (error) {
      if (error instanceof TrinoQueryError) {
        const failure = deniedFailure(error.failure, {
          sql: statement.sql,
          context,
          all: parts.wholeCatalog,
          seen: parts.catalog,
          mayRead: (database, table, column) =>
            parts.permissions.readableColumns(principal, database, table, [column]).length > 0,
        });
        if (failure !== undefined) throw new ExecutionFailure(failure);
      }
      if (error instanceof AwsError && error.code === 'AccessDeniedException') {
        const hive = /^(DROP|CREATE)_(TABLE|DATABASE)$/.test(statement.classification.substatement);
        throw new ExecutionFailure(refusedStatement(error.message, hive));
      }
      throw error;
    }
  };
}

/** A statement that AWS carries out and the local lake does not: it fails, and says so. */
function notModelled(substatement: string): string {
  return `NOT_SUPPORTED: The local lake does not model ${substatement.replaceAll('_', ' ')} statements. Use an Iceberg table from Spark, or run the statement on AWS.`;
}

function failingRun(reason: string): Run {
  return async () => {
    throw new ExecutionFailure(userFailure(reason, 1200));
  };
}
