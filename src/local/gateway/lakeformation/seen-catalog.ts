import type { Catalog } from '../catalog/types.ts';
import { isJsonObject } from '../input.ts';
import type { JsonObject } from '../protocol.ts';
import type { Holder, Permissions } from './permissions.ts';
import { requires } from './refusals.ts';
import { database as databaseResource, table as tableResource } from './resource.ts';

/**
 * The Data Catalog as one principal gets to see and change it through Athena: what it may not describe is not there.
 * Source: Athena release notes of November 2023 (a missing permission reads "Table not found"). Changes that it may
 * not make throw AccessDeniedException.
 */
export function seenCatalog(catalog: Catalog, permissions: Permissions, holder: Holder): Catalog {
  const sees = (database: string, name: string) =>
    permissions.allows(holder, 'DESCRIBE', tableResource(database, name));
  const seesDatabase = (database: string) =>
    permissions.allows(holder, 'DESCRIBE', databaseResource(database));

  return {
    ...catalog,
    databaseNames: () => catalog.databaseNames().filter(seesDatabase),
    database: (name) => (seesDatabase(name) ? catalog.database(name) : undefined),
    table: (database, name) => (sees(database, name) ? catalog.table(database, name) : undefined),
    tables: (database) => catalog.tables(database).filter((table) => sees(database, String(table.Name))),
    view(statement) {
      requireDefiner(permissions, holder, catalog.table(statement.database, statement.name));
      return catalog.view(statement);
    },
    require: (permission, database, name) => {
      const found = name === undefined ? undefined : catalog.table(database, name);
      if (found?.ViewDefinition !== undefined && permissions.isAdministrator(holder)) return;
      permissions.require(
        holder,
        permission,
        name === undefined ? databaseResource(database) : tableResource(database, name),
      );
    },
  };
}

/**
 * Only its definer and data lake administrators change or show the text of a view. Source: Athena User Guide, ALTER
 * VIEW DIALECT and SHOW CREATE VIEW. Throws AccessDeniedException.
 */
export function requireDefiner(permissions: Permissions, holder: Holder, view: JsonObject | undefined): void {
  const definition = view?.ViewDefinition;
  if (!isJsonObject(definition)) return;
  if (definition.Definer === holder.arn || permissions.isAdministrator(holder)) return;
  throw requires('ALTER', String(view?.Name));
}
