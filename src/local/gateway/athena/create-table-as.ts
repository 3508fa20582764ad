import { type Context, createCursor, type TableName } from './cursor.ts';
import { isSymbol, unquote } from './lexer.ts';
import { literal, spliced } from './statement.ts';

/** Properties of an Athena Iceberg table that Trino knows by the same name and meaning. */
const SHARED = new Set(['location', 'partitioning', 'format']);
/** Properties that say what holds for every table of the local lake anyway. */
const IMPLIED = new Set(['table_type', 'is_external', 'write_compression']);

/** Properties of a Hive table that the local lake can make, and those that do not change what is read from it. */
const HIVE = new Set([
  'table_type',
  'external_location',
  'format',
  'write_compression',
  'parquet_compression',
]);

/** A statement for Trino, or why the local lake cannot carry it out. */
export type Rewritten = { readonly sql: string } | { readonly failure: string };

/** CREATE TABLE AS for Trino. `hive` is there when a Hive table was asked for. */
export type TableCreation = { readonly sql: string; readonly table: TableName; readonly hive?: HiveTarget };

/** What was asked of a Hive table: where its files should be, and whether an existing table is no failure. */
export type HiveTarget = { readonly externalLocation: string | undefined; readonly tolerant: boolean };

type Property = { readonly name: string; readonly value: string };

/**
 * CREATE TABLE AS for Trino, which makes Iceberg tables only. Without `table_type = 'ICEBERG'` Athena makes a Hive
 * table: the rows then go into an Iceberg table at `hiveStaging`, from which hive-table.ts takes its files.
 */
export function createTableAsSql(
  sql: string,
  context: Context,
  hiveStaging: string,
): TableCreation | { readonly failure: string } {
  const cursor = createCursor(sql, context);
  cursor.expect('CREATE', 'TABLE');
  const tolerant = cursor.accept('IF', 'NOT', 'EXISTS');
  const table = cursor.table();
  const start = cursor.peek()?.start ?? sql.length;
  const properties: Property[] = [];
  if (cursor.accept('WITH')) {
    if (!cursor.acceptSymbol('(')) cursor.fail("'('");
    do {
      const name = cursor.name();
      if (!cursor.acceptSymbol('=')) cursor.fail("'='");
      properties.push({ name, value: value(sql, cursor) });
    } while (cursor.acceptSymbol(','));
    if (!cursor.acceptSymbol(')')) cursor.fail("')'");
  }
  const end = cursor.peek()?.start ?? sql.length;

  const textOf = (wanted: string): string | undefined => {
    const found = properties.find(({ name }) => name === wanted)?.value;
    return found === undefined ? undefined : unquote(found, "'");
  };
  const isHive = (textOf('table_type') ?? 'HIVE').toUpperCase() !== 'ICEBERG';
  const unknown = properties.find(
    ({ name }) => !(isHive ? HIVE.has(name) : SHARED.has(name) || IMPLIED.has(name)),
  );
  if (unknown) {
    const kind = isHive ? 'a Hive table' : 'an Iceberg table';
    return {
      failure: `NOT_SUPPORTED: The local lake does not model the property ${unknown.name} of ${kind} in CREATE TABLE AS`,
    };
  }
  const format = textOf('format') ?? 'PARQUET';
  if (isHive && format.toUpperCase() !== 'PARQUET') {
    return { failure: `NOT_SUPPORTED: The local lake writes Hive tables as PARQUET only, not as ${format}` };
  }
  const kept = isHive
    ? ["format = 'PARQUET'", `location = ${literal(hiveStaging)}`]
    : properties.filter(({ name }) => SHARED.has(name)).map(({ name, value }) => `${name} = ${value}`);
  const clause = kept.length === 0 ? '' : `WITH (${kept.join(', ')}) `;
  const rewritten = { sql: spliced(sql, [{ start, end, text: clause }]), table };
  return isHive
    ? { ...rewritten, hive: { externalLocation: textOf('external_location'), tolerant } }
    : rewritten;
}

/** One property's value, up to the comma or parenthesis that ends it. */
function value(sql: string, cursor: ReturnType<typeof createCursor>): string {
  const start = cursor.peek()?.start ?? sql.length;
  let end = start;
  for (let depth = 0; !cursor.atEnd(); cursor.step()) {
    const token = cursor.peek();
    if (depth === 0 && (isSymbol(token, ',') || isSymbol(token, ')'))) break;
    if (isSymbol(token, '(') || isSymbol(token, '[')) depth += 1;
    if (isSymbol(token, ')') || isSymbol(token, ']')) depth -= 1;
    end = token?.end ?? end;
  }
  return sql.slice(start, end);
}
