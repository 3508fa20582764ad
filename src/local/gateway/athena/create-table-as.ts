import { createCursor } from './cursor.ts';
import { isSymbol, unquote } from './lexer.ts';
import { spliced } from './statement.ts';

/** Properties of an Athena Iceberg table that Trino knows by the same name and meaning. */
const SHARED = new Set(['location', 'partitioning', 'format']);
/** Properties that say what holds for every table of the local lake anyway. */
const IMPLIED = new Set(['table_type', 'is_external', 'write_compression']);

/** A statement for Trino, or why the local lake cannot carry it out. */
export type Rewritten = { readonly sql: string } | { readonly failure: string };

type Property = { readonly name: string; readonly value: string };

/**
 * CREATE TABLE AS for Trino. Only Iceberg tables can be made: without `table_type = 'ICEBERG'` Athena makes a Hive
 * table, which the local lake has no engine for.
 */
export function createTableAsSql(sql: string): Rewritten {
  const cursor = createCursor(sql, {});
  cursor.expect('CREATE', 'TABLE');
  cursor.accept('IF', 'NOT', 'EXISTS');
  cursor.table();
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

  const tableType = properties.find((property) => property.name === 'table_type')?.value ?? "'HIVE'";
  if (unquote(tableType, "'").toUpperCase() !== 'ICEBERG') {
    return {
      failure:
        "NOT_SUPPORTED: The local lake makes Iceberg tables only, and CREATE TABLE AS without table_type = 'ICEBERG' makes a Hive table. Add WITH (table_type = 'ICEBERG', is_external = false, location = 's3://...') (awswrangler: ctas_approach=False for queries)",
    };
  }
  const unknown = properties.find(({ name }) => !SHARED.has(name) && !IMPLIED.has(name));
  if (unknown) {
    return {
      failure: `NOT_SUPPORTED: The local lake does not model the table property ${unknown.name} of CREATE TABLE AS`,
    };
  }
  const kept = properties
    .filter(({ name }) => SHARED.has(name))
    .map(({ name, value }) => `${name} = ${value}`);
  const clause = kept.length === 0 ? '' : `WITH (${kept.join(', ')}) `;
  return { sql: spliced(sql, [{ start, end, text: clause }]) };
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
