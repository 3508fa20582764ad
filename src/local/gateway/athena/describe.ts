import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../protocol.ts';
import { columns, isIceberg, isView, parameters, partitionKeys } from './catalog-table.ts';
import { textColumn } from './column-info.ts';
import { type Context, type Cursor, createCursor, type TableName } from './cursor.ts';
import type { Run } from './engine-run.ts';
import { emptyOutcome } from './engine-run.ts';
import type { Outcome } from './execution.ts';
import { ExecutionFailure, userFailure } from './failure.ts';
import { type IcebergSchema, icebergSchema } from './iceberg-metadata.ts';
import type { Parts } from './planner.ts';
import { entityNotFound, refusal } from './refusal.ts';
import { memoryRows } from './result-file.ts';
import { identifier } from './statement.ts';

/** Hive pads each field of DESCRIBE to this width. */
const HIVE_WIDTH = 20;

/** `DESCRIBE [EXTENDED|FORMATTED] t` and `SHOW COLUMNS {FROM|IN} t [{FROM|IN} db]`. */
function target(cursor: Cursor): { readonly name: TableName; readonly names: boolean } {
  if (cursor.accept('SHOW', 'COLUMNS')) {
    if (!cursor.accept('FROM')) cursor.expect('IN');
    const name = cursor.table();
    const elsewhere = cursor.accept('FROM') || cursor.accept('IN') ? cursor.database() : undefined;
    cursor.end();
    return { name: elsewhere === undefined ? name : { ...name, database: elsewhere }, names: true };
  }
  if (!cursor.accept('DESC')) cursor.expect('DESCRIBE');
  for (const word of ['EXTENDED', 'FORMATTED']) {
    if (cursor.accept(word))
      throw refusal('MALFORMED_QUERY', `The local lake does not model DESCRIBE ${word}`);
  }
  const name = cursor.table();
  cursor.end();
  return { name, names: false };
}

/** Whether DESCRIBE or SHOW COLUMNS is about a view, which makes it another kind of statement (DESC_VIEW). */
export function describesView(parts: Parts, sql: string, context: Context): boolean {
  const { name } = target(createCursor(sql, context));
  const table = parts.catalog.table(name.database, name.table);
  return table !== undefined && isView(table);
}

/** Throws InvalidRequestException at once when the table or its database is missing, as Athena does. */
export function describeRun(parts: Parts, cursor: Cursor): Run {
  const { name, names } = target(cursor);
  const table = parts.catalog.table(name.database, name.table);
  if (table === undefined) throw refusal('INVALID_INPUT', entityNotFound(randomUUID()));
  return async (running) => {
    running.running();
    if (isView(table)) return describeView(parts, name);
    if (isIceberg(table)) return describeIceberg(await schemaOf(parts, table), names);
    return names ? hiveNames(table) : describeHive(table);
  };
}

/** The schema that the table's current metadata file holds. */
export async function schemaOf(parts: Parts, table: JsonObject): Promise<IcebergSchema> {
  const location = parameters(table).metadata_location ?? '';
  try {
    return icebergSchema(await parts.metadataFiles.read(location));
  } catch (error) {
    if (error instanceof ExecutionFailure) throw error;
    throw new ExecutionFailure(
      userFailure(
        `ICEBERG_MISSING_METADATA: Metadata not found in metadata location for table ${table.DatabaseName}.${table.Name}: ${location}`,
        1006,
      ),
    );
  }
}

async function describeView(parts: Parts, name: TableName): Promise<Outcome> {
  const quoted = `${identifier(name.database)}.${identifier(name.table)}`;
  const { rows } = await parts.client.rows(`SHOW COLUMNS FROM ${quoted}`);
  const lines = rows.map(([column, type]) => `${column}\t${type}`);
  return textOutcome(lines, [textColumn('column', 'varchar'), textColumn('type', 'varchar')], 0);
}

function describeIceberg(schema: IcebergSchema, names: boolean): Outcome {
  if (names) {
    return textOutcome(
      schema.columns.map((column) => column.name),
      [textColumn('field')],
      0,
    );
  }
  const lines = [
    '# Table schema:\t\t',
    '# col_name\tdata_type\tcomment',
    ...schema.columns.map((column) => `${column.name}\t${column.type}\t${column.comment}`),
    '\t\t',
    '# Partition spec:\t\t',
    '# field_name\tfield_transform\tcolumn_name',
    ...schema.partitionFields.map((field) => `${field.name}\t${field.transform}\t${field.column}`),
  ];
  return textOutcome(lines, DESCRIBE_COLUMNS, 0);
}

const DESCRIBE_COLUMNS = ['col_name', 'data_type', 'comment'].map((name) => textColumn(name));

function describeHive(table: JsonObject): Outcome {
  const line = (...fields: string[]) => fields.map((field) => field.padEnd(HIVE_WIDTH)).join('\t');
  const keys = partitionKeys(table);
  const described = [...columns(table), ...keys].map(({ name, type, comment }) => line(name, type, comment));
  const partitions = [
    '\t \t ',
    '# Partition Information\t \t ',
    line('# col_name', 'data_type', 'comment'),
    '\t \t ',
    ...keys.map(({ name, type, comment }) => line(name, type, comment)),
  ];
  return textOutcome(keys.length > 0 ? [...described, ...partitions] : described, DESCRIBE_COLUMNS);
}

function hiveNames(table: JsonObject): Outcome {
  const names = [...columns(table), ...partitionKeys(table)].map(({ name }) => name.padEnd(HIVE_WIDTH));
  return textOutcome(names, [textColumn('field')], 0);
}

/** Rows of one field each: tab-joined text, as UTILITY statements answer, however many columns they list. */
export function textOutcome(
  lines: readonly string[],
  described: Outcome['columns'],
  updateCount?: number,
): Outcome {
  return {
    ...emptyOutcome(),
    columns: described,
    rows: memoryRows(lines.map((line) => [line])),
    ...(updateCount !== undefined && { updateCount }),
    object: { text: lines.join('\n') },
  };
}
