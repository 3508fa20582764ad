import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../protocol.ts';
import { dialectText, isIceberg, isView, parameters, plainViewText, viewDialects } from './catalog-table.ts';
import { textColumn } from './column-info.ts';
import type { Cursor, TableName } from './cursor.ts';
import { schemaOf, textOutcome } from './describe.ts';
import type { Run } from './engine-run.ts';
import type { Outcome } from './execution.ts';
import { ExecutionFailure, userFailure } from './failure.ts';
import type { IcebergPartitionField } from './iceberg-metadata.ts';
import type { Parts } from './planner.ts';
import { entityNotFound, refusal } from './refusal.ts';

/** SHOW statements that the Data Catalog answers. `database` is the one of the request's context. */
export function showRun(parts: Parts, cursor: Cursor, substatement: string, database: string): Run {
  cursor.expect('SHOW');
  const work = showWork(parts, cursor, substatement, database);
  return async (running) => {
    running.running();
    return work();
  };
}

function showWork(
  parts: Parts,
  cursor: Cursor,
  substatement: string,
  database: string,
): () => Outcome | Promise<Outcome> {
  cursor.step();
  switch (substatement) {
    case 'SHOW_TABLES':
    case 'SHOW_VIEWS':
      return showNames(parts, cursor, substatement === 'SHOW_VIEWS', database);
    case 'SHOW_DATABASES':
      return showDatabases(parts, cursor);
    case 'SHOW_PARTITIONS': {
      const name = cursor.table();
      const table = existing(parts, name);
      return () => {
        if (isIceberg(table)) throw failure('Query type not supported by Athena Iceberg at this time', 1200);
        throw failure('NOT_SUPPORTED: The local lake does not model partitions of Hive tables', 1200);
      };
    }
    case 'SHOW_TABLE_PROPERTIES':
      return showProperties(parts, cursor);
    default: {
      cursor.step();
      const name = cursor.table();
      cursor.end();
      const table = existing(parts, name);
      return substatement === 'SHOW_CREATE_VIEW'
        ? () => showCreateView(name, table)
        : () => showCreateTable(parts, name, table);
    }
  }
}

/** Tables and views by `*` and `|` patterns; of views only those that Athena can read. */
function showNames(parts: Parts, cursor: Cursor, views: boolean, context: string): () => Outcome {
  const elsewhere = cursor.accept('IN') || cursor.accept('FROM');
  const database = elsewhere ? cursor.database() : context;
  const like = cursor.accept('LIKE');
  const pattern = like || cursor.textIsNext() ? cursor.text() : undefined;
  cursor.end();
  return () => {
    if (!parts.catalog.databaseNames().includes(database)) {
      throw failure(`FAILED: SemanticException [Error 10072]: Database does not exist: ${database}`);
    }
    const matches = wildcard(pattern ?? '*');
    const names = parts.catalog
      .tables(database)
      .filter((table) => !views || isAthenaView(table))
      .map((table) => String(table.Name))
      .filter((name) => matches.test(name));
    return textOutcome(names, [views ? textColumn('views', 'varchar') : textColumn('tab_name')], 0);
  };
}

/** Source: Athena User Guide, SHOW VIEWS: "lists only the views that use Athena SQL syntax". */
function isAthenaView(table: JsonObject): boolean {
  const dialects = viewDialects(table);
  return isView(table) && (dialects === undefined || dialects.includes('ATHENA'));
}

/** The pattern is a Java regular expression over the whole name; a bare `*` means all. */
function showDatabases(parts: Parts, cursor: Cursor): () => Outcome {
  const pattern = cursor.accept('LIKE') || cursor.textIsNext() ? cursor.text() : '*';
  cursor.end();
  return () => {
    const names = parts.catalog.databaseNames().filter((name) => wholeName(pattern).test(name));
    return textOutcome(names, [textColumn('database_name')], 0);
  };
}

function wholeName(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern === '*' ? '.*' : pattern})$`);
  } catch {
    throw failure(`java.util.regex.PatternSyntaxException: ${pattern}`);
  }
}

function wildcard(pattern: string): RegExp {
  const alternatives = pattern.split('|').map((part) =>
    part
      .split(/\.?\*/)
      .map((text) => text.replace(/[^\w]/g, '\\$&'))
      .join('.*'),
  );
  return new RegExp(`^(?:${alternatives.join('|')})$`, 'i');
}

function showProperties(parts: Parts, cursor: Cursor): () => Outcome {
  const name = cursor.table();
  const key = cursor.acceptSymbol('(') ? cursor.text() : undefined;
  if (key !== undefined && !cursor.acceptSymbol(')')) cursor.fail("')'");
  cursor.end();
  const table = existing(parts, name);
  return () => {
    const listed = Object.entries(parameters(table)).filter(([found]) => key === undefined || found === key);
    return textOutcome(
      listed.map(([property, value]) => `${property}\t${value}`),
      [textColumn('prpt_name'), textColumn('prpt_value')],
      0,
    );
  };
}

function showCreateView(name: TableName, table: JsonObject): Outcome {
  const dialects = viewDialects(table);
  const query = dialects ? dialectText(table, 'ATHENA') : plainViewText(table);
  if (query === undefined) {
    throw failure(
      dialects?.includes('ATHENA')
        ? `NOT_SUPPORTED: The Data Catalog does not show the text of the ATHENA dialect of ${name.database}.${name.table}`
        : `INVALID_VIEW: ${name.database}.${name.table} is not a view with an ATHENA dialect`,
      1200,
    );
  }
  const opening = dialects
    ? `CREATE PROTECTED MULTI DIALECT VIEW ${name.database}.${name.table} SECURITY DEFINER AS`
    : `CREATE VIEW ${name.database}.${name.table} AS`;
  return textOutcome([opening, ...query.split('\n')], [textColumn('create view', 'varchar')], 0);
}

async function showCreateTable(parts: Parts, name: TableName, table: JsonObject): Promise<Outcome> {
  if (!isIceberg(table)) {
    throw failure('NOT_SUPPORTED: The local lake models SHOW CREATE TABLE for Iceberg tables only', 1200);
  }
  const { columns, partitionFields, location, properties } = await schemaOf(parts, table);
  const format = (properties['write.format.default'] ?? 'parquet').toUpperCase();
  const compression = (properties['write.parquet.compression-codec'] ?? 'zstd').toUpperCase();
  const partitioned = partitionFields.map(partitionExpression).join(', ');
  const lines = [
    `CREATE TABLE ${name.database}.${name.table} (`,
    `${columns.map((column) => `  ${column.name} ${column.type}`).join(',\n')})`,
    ...(partitioned === '' ? [] : [`PARTITIONED BY (${partitioned})`]),
    `LOCATION '${location.replace(/\/$/, '')}'`,
    'TBLPROPERTIES (',
    "  'table_type'='iceberg',",
    `  'format'='${format}',`,
    `  'write_compression'='${compression}'`,
    ');',
  ];
  return textOutcome(lines.join('\n').split('\n'), [textColumn('createtab_stmt')], 0);
}

function partitionExpression({ column, transform }: IcebergPartitionField): string {
  const [, name, width] = /^(\w+)\[(\d+)\]$/.exec(transform) ?? [];
  if (name !== undefined) return `${name}(${width}, \`${column}\`)`;
  return transform === 'identity' ? `\`${column}\`` : `${transform}(\`${column}\`)`;
}

/** Throws InvalidRequestException at the start of the statement when the table is missing. */
function existing(parts: Parts, name: TableName): JsonObject {
  const table = parts.catalog.table(name.database, name.table);
  if (table === undefined) throw refusal('INVALID_INPUT', entityNotFound(randomUUID()));
  return table;
}

function failure(reason: string, type = 1006): ExecutionFailure {
  return new ExecutionFailure(userFailure(reason, type));
}
