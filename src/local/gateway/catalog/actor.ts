import { glueInput } from '../input.ts';
import type { Holder } from '../lakeformation/permissions.ts';
import { table as tableResource } from '../lakeformation/resource.ts';
import { defaultPermissions } from '../lakeformation/settings.ts';
import type { Caller, JsonObject } from '../protocol.ts';
import type { CatalogContext } from './context.ts';

/**
 * Whose table it is that a call makes. Trino makes the tables of Athena's users under its own key, and names the user
 * as their owner.
 */
export function actorOf(createTable: JsonObject, caller: Caller): Holder {
  const owner = glueInput.optionalString(createTable, 'TableInput.Owner') ?? '';
  return caller.principal.kind === 'service' && owner.startsWith('arn:') ? { arn: owner } : caller.principal;
}

/** What a new table or view starts with: everything for its creator, and the defaults of its database. */
export function grantToCreator(
  { store, permissions }: CatalogContext,
  creator: Holder,
  database: string,
  name: string,
): void {
  const defaults = defaultPermissions(store.database(database).structure, 'CreateTableDefaultPermissions');
  permissions.created(creator, tableResource(database, name), defaults);
}
