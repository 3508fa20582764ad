import type { Holder } from '../lakeformation/permissions.ts';
import { refused, requires } from '../lakeformation/refusals.ts';
import { database as databaseResource, table as tableResource } from '../lakeformation/resource.ts';
import { parseTableArn } from './arn.ts';
import type { CatalogContext } from './context.ts';
import type { TableEntry } from './store.ts';

/**
 * Only its definer and data lake administrators change a view. Source: Athena User Guide, ALTER VIEW DIALECT
 * ("Requires Lake Formation admin or definer permissions"). Throws AccessDeniedException.
 */
export function requireDefinerOf(
  { permissions }: CatalogContext,
  { current }: TableEntry,
  holder: Holder,
  name: string,
): void {
  if (holder.arn === current?.view?.definer || permissions.isAdministrator(holder)) return;
  throw requires('ALTER', name);
}

/** Throws InvalidInputException unless the ARN is that of an IAM role. */
export function checkDefiner(definer: string): void {
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(definer))
    throw refused('definerIsNoRole', { name: definer });
}

/**
 * What a new view needs of its database and its definer. Source: Lake Formation developer guide, "Prerequisites for
 * creating views". Throws InvalidInputException, or AccessDeniedException.
 */
export function requireViewDatabase(
  { permissions }: CatalogContext,
  definer: string,
  database: string,
): void {
  checkDefiner(definer);
  const resource = databaseResource(database);
  if (permissions.isIamOnly(resource)) throw refused('viewOnIamTable');
  permissions.require({ arn: definer }, 'CREATE_TABLE', resource);
}

/**
 * What a view's dialect needs of the tables that it reads: governed by Lake Formation alone, in a registered place,
 * and all columns readable for the definer with the grant option. `subObjects`: ARNs of tables that are there. Source
 * as above. Throws InvalidInputException, or AccessDeniedException.
 */
export function requireBaseTables(
  { permissions, store }: CatalogContext,
  definer: string,
  subObjects: readonly string[],
): void {
  for (const arn of subObjects) {
    const base = parseTableArn(arn);
    if (base === undefined) continue;
    const resource = tableResource(base.database, base.name);
    if (permissions.isIamOnly(resource)) throw refused('viewOnIamTable');
    const { input } = store.table(base.database, base.name);
    const descriptor = input.StorageDescriptor;
    const location =
      typeof descriptor === 'object' && descriptor !== null && 'Location' in descriptor
        ? descriptor.Location
        : undefined;
    if (typeof location !== 'string' || !permissions.isRegistered(location)) {
      throw refused('viewOnUnregistered');
    }
    const holder = { arn: definer };
    const grantable = permissions.mayGrant(holder, 'SELECT', resource);
    if (!permissions.allows(holder, 'SELECT', resource) || !grantable) throw requires('SELECT', base.name);
  }
}
