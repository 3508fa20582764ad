import { type TrinoClient, type TrinoColumn, TrinoQueryError } from '../../trino/client.ts';
import { TRINO_CATALOG } from '../../trino/configuration.ts';
import { glueType } from '../../trino/type-signature.ts';
import type { AthenaAnalysis, DialectText, GlueColumn } from '../catalog/types.ts';
import { AwsError } from '../protocol.ts';
import { createCursor } from './cursor.ts';
import { shiftedLines, startOnEngine } from './engine-run.ts';
import { ExecutionFailure, engineFailure, userFailure } from './failure.ts';
import { isSymbol, positionOf, tokens, wordOf } from './lexer.ts';
import { malformed } from './refusal.ts';
import { engineSql } from './statement.ts';

/** Base tables of one view. Source: Lake Formation, "You can create Data Catalog views from 10 tables. It is a hard limit." */
const MOST_TABLES = 10;

/** The second half of an analysis: everything that follows parsing. Throws ExecutionFailure. */
export type Analysis = () => Promise<DialectText>;

export type ViewAnalyser = {
  /** Parses a view's query, and hands back the rest. Throws InvalidRequestException MALFORMED_QUERY. */
  begin(sql: string, database: string): Promise<Analysis>;
  readonly analyse: AthenaAnalysis;
};

/** A table that a query reads, as Trino's query resource tells it. */
type Reference = {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
  readonly direct: boolean;
};

/**
 * Asks Trino what a view's query means: names and types of its columns, and the tables it reads. Nothing is read: the
 * query runs with LIMIT 0.
 */
export function createViewAnalyser(
  client: TrinoClient,
  lake: { readonly region: string; readonly accountId: string },
): ViewAnalyser {
  const arn = (reference: Reference) =>
    `arn:aws:glue:${lake.region}:${lake.accountId}:table/${reference.schema}/${reference.table}`;

  async function begin(sql: string, database: string): Promise<Analysis> {
    const text = engineSql(queryText(sql));
    const session = { catalog: TRINO_CATALOG, schema: database };
    const statement = await startOnEngine(client, `SELECT * FROM (\n${text}\n) LIMIT 0`, session, 1);
    return async () => {
      let columns: readonly TrinoColumn[] = [];
      for (
        let page: typeof statement.page | undefined = statement.page;
        page;
        page = await statement.next()
      ) {
        if (page.error) {
          const message = shiftedLines(page.error.message, 1);
          throw new ExecutionFailure(engineFailure({ ...page.error, message }));
        }
        columns = page.columns ?? columns;
      }
      const references = referencesOf(await client.queryInfo(statement.id));
      checkReferences(references);
      return {
        dialect: 'ATHENA',
        sql: text,
        glueColumns: columns.map(glueColumn),
        trinoColumns: columns.map((column) => ({ name: column.name.toLowerCase(), type: column.type })),
        subObjects: [...new Set(references.map(arn))],
      };
    };
  }

  return {
    begin,
    async analyse(sql, database) {
      try {
        return await (await begin(sql, database))();
      } catch (error) {
        if (error instanceof AwsError || error instanceof ExecutionFailure) {
          throw new AwsError('InvalidInputException', error.message);
        }
        if (error instanceof TrinoQueryError) throw new AwsError('InvalidInputException', error.message);
        throw error;
      }
    },
  };
}

/** The text itself, once it is sure that parentheses around it cannot give it another meaning. */
function queryText(sql: string): string {
  const cursor = createCursor(sql, {});
  while (cursor.acceptSymbol('('));
  if (!/^(SELECT|WITH|VALUES|TABLE)$/.test(wordOf(cursor.peek()))) cursor.fail('<query>');
  let depth = 0;
  for (const token of tokens(sql)) {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth >= 0) continue;
    const { line, column } = positionOf(sql, token.start);
    throw malformed(`line ${line}:${column}: mismatched input ')'. Expecting: <EOF>`);
  }
  return sql;
}

function glueColumn(column: TrinoColumn, index: number): GlueColumn {
  if (/^_col\d+$/.test(column.name)) {
    throw failure(`MISSING_COLUMN_NAME: Column name not specified at position ${index + 1}`, 1100);
  }
  const type = glueType(column.typeSignature);
  if (type === undefined) {
    throw failure(
      `NOT_SUPPORTED: Column ${column.name} has the type ${column.type}, which the Data Catalog cannot hold. Cast it, for example to varchar.`,
      1200,
    );
  }
  return { Name: column.name.toLowerCase(), Type: type };
}

function checkReferences(references: readonly Reference[]): void {
  const foreign = references.find((reference) => reference.catalog !== TRINO_CATALOG);
  if (foreign) {
    throw failure(
      `INVALID_VIEW: A multi dialect view can read tables of the Data Catalog only, not ${foreign.catalog}.${foreign.schema}.${foreign.table}`,
    );
  }
  const indirect = references.find((reference) => !reference.direct);
  if (indirect) {
    throw failure(
      'INVALID_VIEW: A multi dialect view cannot reference other views. Write their queries into this one.',
    );
  }
  if (references.length > MOST_TABLES) {
    throw failure(
      `INVALID_VIEW: A multi dialect view can reference at most ${MOST_TABLES} tables, and this one references ${references.length}.`,
    );
  }
}

function referencesOf(info: unknown): Reference[] {
  const listed = member(info, 'referencedTables');
  if (!Array.isArray(listed)) throw new Error('Trino does not tell which tables the query reads');
  const all = listed.map((table: unknown) => ({
    catalog: String(member(table, 'catalog')),
    schema: String(member(table, 'schema')),
    table: String(member(table, 'table')),
    direct: member(table, 'directlyReferenced') === true && member(table, 'viewText') === undefined,
  }));
  const unique = new Map(all.map((reference) => [JSON.stringify(reference), reference]));
  return [...unique.values()];
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function failure(reason: string, type = 1006): ExecutionFailure {
  return new ExecutionFailure(userFailure(reason, type));
}
