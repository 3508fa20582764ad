import { ENGINE_USER } from '../../trino/configuration.ts';
import type { Catalog } from '../catalog/types.ts';
import type { JsonObject } from '../protocol.ts';
import { columnNames } from './catalog-facts.ts';
import type { Holder, Permissions } from './permissions.ts';
import { database as databaseResource, table as tableResource } from './resource.ts';

/** Trino's privileges on tables. GRANT_SELECT lets the definer of a view read for others. */
type Privilege = 'SELECT' | 'INSERT' | 'DELETE' | 'UPDATE' | 'OWNERSHIP' | 'GRANT_SELECT';

type Access = { readonly privileges: readonly Privilege[]; readonly hidden: readonly string[] };

/**
 * Lake Formation's permissions as rules of Trino's file-based access control, so that the engine itself decides which
 * tables and columns a query reads, and in whose name a view does. Every table of the catalog has a rule for each
 * holder: what is in no rule is not there yet, and may be made where the holder may create tables.
 * Source: https://trino.io/docs/476/security/file-system-access-control.html
 */
export function engineRules(
  catalog: Catalog,
  permissions: Permissions,
  holders: readonly Holder[],
): JsonObject {
  const all: readonly Privilege[] = ['SELECT', 'INSERT', 'DELETE', 'UPDATE', 'OWNERSHIP', 'GRANT_SELECT'];
  const tables: JsonObject[] = [{ user: ENGINE_USER, privileges: all }];
  for (const database of catalog.databaseNames()) {
    const found = catalog.tables(database);
    for (const holder of holders) {
      tables.push(...rulesOf(permissions, holder, database, found));
    }
  }
  return {
    schemas: [{ user: ENGINE_USER, owner: true }, { owner: false }],
    tables,
  };
}

/** One rule for all tables of a database on which the holder has the same; then one for what is still to be made. */
function rulesOf(
  permissions: Permissions,
  holder: Holder,
  database: string,
  tables: readonly JsonObject[],
): JsonObject[] {
  const groups = new Map<string, { access: Access; names: string[] }>();
  for (const table of tables) {
    const access = accessOf(permissions, holder, database, table);
    const key = JSON.stringify(access);
    const group = groups.get(key) ?? { access, names: [] };
    group.names.push(String(table.Name));
    groups.set(key, group);
  }
  const place = { user: quoted(holder.arn), schema: quoted(database) };
  const rules: JsonObject[] = [...groups.values()].map(({ access, names }) => ({
    ...place,
    // Iceberg's own tables (`entity_data$files`) are read like the table that they tell of.
    table: `(?:${names.map(quoted).join('|')})(?:\\$.*)?`,
    privileges: access.privileges,
    ...(access.hidden.length > 0 && {
      columns: access.hidden.map((name) => ({ name, allow: false })),
    }),
  }));
  if (permissions.allows(holder, 'CREATE_TABLE', databaseResource(database))) {
    rules.push({ ...place, privileges: ['SELECT', 'INSERT', 'OWNERSHIP'] });
  }
  return rules;
}

function accessOf(permissions: Permissions, holder: Holder, database: string, table: JsonObject): Access {
  const resource = tableResource(database, String(table.Name));
  const allows = (permission: 'SELECT' | 'INSERT' | 'DELETE' | 'ALTER' | 'DROP' | 'DESCRIBE') =>
    permissions.allows(holder, permission, resource);
  if (!allows('DESCRIBE')) return { privileges: [], hidden: [] };
  const names = columnNames(table);
  const readable = permissions.readableColumns(holder, resource.database, resource.table, names);
  const hidden = names.filter((name) => !readable.includes(name));
  // A change of an Iceberg table ends in Glue's UpdateTable, which takes ALTER.
  const alters = allows('ALTER');
  const privileges: Privilege[] = [
    // With every column hidden GRANT_SELECT lets nothing be read; without any privilege the table would not be there.
    ...(readable.length > 0 || allows('SELECT') ? (['SELECT'] as const) : []),
    'GRANT_SELECT',
    ...(allows('INSERT') && alters ? (['INSERT'] as const) : []),
    ...(allows('DELETE') && alters ? (['DELETE'] as const) : []),
    ...(allows('INSERT') && allows('DELETE') && alters ? (['UPDATE'] as const) : []),
    ...(alters && allows('DROP') ? (['OWNERSHIP'] as const) : []),
  ];
  return { privileges, hidden };
}

/** A text as a Java regular expression that matches it alone. */
function quoted(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}
