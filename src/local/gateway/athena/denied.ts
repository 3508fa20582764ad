import { randomUUID } from 'node:crypto';
import type { TrinoFailure } from '../../trino/client.ts';
import { parseTableArn } from '../catalog/arn.ts';
import type { Catalog } from '../catalog/types.ts';
import { isJsonObject } from '../input.ts';
import { columnNames } from '../lakeformation/catalog-facts.ts';
import { athenaReason } from '../lakeformation/refusals.ts';
import type { Json } from '../protocol.ts';
import { type Context, contextDatabase } from './cursor.ts';
import { type Failure, userFailure } from './failure.ts';
import { isSymbol, nameOf, positionOf, type Token, tokens } from './lexer.ts';

/** Error types: measured for columns and what is not found; that of a permission is Athena's published catalogue's. */
const COLUMN = 1006;
const NOT_FOUND = 1301;
const PERMISSION = 1500;

/** Trino's word for `SELECT *` of what has no column to be read. */
const NOT_ALLOWED = /^(line \d+:\d+): Relation not found or not allowed$/;

/** What a refusal is explained with. `all` is the whole catalog, `seen` what the caller gets to see of it. */
export type DeniedQuery = {
  readonly sql: string;
  readonly context: Context;
  readonly all: Catalog;
  readonly seen: Catalog;
  readonly mayRead: (database: string, table: string, column: string) => boolean;
};

/** The engine's refusal of a query, in Athena's words; `undefined` for a failure of another kind. */
export function deniedFailure(error: TrinoFailure, query: DeniedQuery): Failure | undefined {
  const denied = error.errorName === 'PERMISSION_DENIED';
  const place = NOT_ALLOWED.exec(error.message)?.[1];
  if (!denied && place === undefined) return undefined;
  const hidden = hiddenTable(query);
  if (hidden !== undefined) return userFailure(hidden, NOT_FOUND);
  if (place !== undefined) return userFailure(athenaReason('columns', { place }), COLUMN);
  const ofView = /View owner '[^']*' cannot create view that selects from \w+\.([^.]+)\.(.+)$/.exec(
    error.message,
  );
  if (ofView !== null) return viewFailure(query, ofView[1] ?? '', ofView[2] ?? '');
  const read = /Cannot select from (?:columns \[[^\]]*\] in )?table(?: or view)? \w+\.([^.]+)\.(.+)$/.exec(
    error.message,
  );
  if (read !== null) {
    const [, database = '', table = ''] = read;
    const [base = ''] = table.split('$');
    // What the text does not name, a view of it reads in the name of its definer.
    return names(query, database, base)
      ? columnFailure(query, database, base)
      : viewFailure(query, database, base);
  }
  const [, what = '', name = ''] = /Cannot (\w+) .*?(?:\w+\.)?([^.\s]+)$/.exec(error.message) ?? [];
  const permission = PERMISSIONS[what] ?? 'Alter';
  return userFailure(athenaReason('change', { permission, name }), PERMISSION);
}

/** What Trino calls a change, as the permission that it takes. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  insert: 'Insert',
  update: 'Insert',
  delete: 'Delete',
  create: 'Create Table',
};

/** A refusal of Glue that Athena met in a statement of its own; `hive` for those that Hive runs, such as DROP TABLE. */
export function refusedStatement(message: string, hive: boolean): Failure {
  return userFailure(athenaReason(hive ? 'hive' : 'catalog', { message, id: randomUUID() }), PERMISSION);
}

/** The first table of the text that is there, and that the caller does not get to see. */
function hiddenTable({ sql, context, all, seen }: DeniedQuery): string | undefined {
  for (const { database, name, token } of namedTables(sql, contextDatabase(context))) {
    if (all.table(database, name) === undefined || seen.table(database, name) !== undefined) continue;
    const place = placeOf(sql, token);
    return seen.database(database) === undefined
      ? athenaReason('schema', { place, name: database })
      : athenaReason('table', { place, name: `${database}.${name}` });
  }
  return undefined;
}

function names({ sql, context }: DeniedQuery, database: string, table: string): boolean {
  const found = [...namedTables(sql, contextDatabase(context))];
  return found.some((named) => named.database === database && named.name === table);
}

/** Every name of one, two or three parts in a text, as the table that it would be. `token` is its first part. */
function* namedTables(
  sql: string,
  context: string,
): Generator<{ database: string; name: string; token: Token }> {
  const all = tokens(sql);
  for (let at = 0; at < all.length; at += 1) {
    const parts: string[] = [];
    const first = all[at];
    let end = at;
    for (let part = nameOf(all[end]); part !== undefined; part = nameOf(all[end])) {
      parts.push(part.replace(/\$.*$/, ''));
      if (!isSymbol(all[end + 1], '.')) break;
      end += 2;
    }
    if (first === undefined || parts.length === 0) continue;
    const [name = '', database = context] = [...parts].reverse();
    yield { database, name, token: first };
    at = end;
  }
}

/** The first column of the table that the text names, and the caller may not read. */
function columnFailure({ sql, all, mayRead }: DeniedQuery, database: string, table: string): Failure {
  const structure = all.table(database, table);
  const columns = structure === undefined ? [] : columnNames(structure);
  const unreadable = columns.filter((column) => !mayRead(database, table, column));
  const token = tokens(sql).find((each) => unreadable.includes(nameOf(each) ?? ''));
  const column = token && nameOf(token);
  return userFailure(
    token === undefined || column === undefined
      ? athenaReason('columns', { place: 'line 1:8' })
      : athenaReason('column', { place: placeOf(sql, token), name: column }),
    COLUMN,
  );
}

/** The definer of a view may not read its table any more. */
function viewFailure({ sql, context, all }: DeniedQuery, database: string, name: string): Failure {
  for (const named of namedTables(sql, contextDatabase(context))) {
    const definition = all.table(named.database, named.name)?.ViewDefinition;
    if (!isJsonObject(definition) || !reads(definition.SubObjects, database, name)) continue;
    const view = `${named.database}.${named.name}`;
    return userFailure(athenaReason('view', { place: placeOf(sql, named.token), view, name }), PERMISSION);
  }
  return userFailure(athenaReason('change', { permission: 'Select', name }), PERMISSION);
}

function reads(subObjects: Json | undefined, database: string, table: string): boolean {
  const arns = Array.isArray(subObjects) ? subObjects.map(String) : [];
  return arns.map(parseTableArn).some((base) => base?.database === database && base.name === table);
}

function placeOf(sql: string, token: Token): string {
  const { line, column } = positionOf(sql, token.start);
  return `line ${line}:${column}`;
}
