import { refused, requires } from '../lakeformation/refusals.ts';
import { table as tableResource } from '../lakeformation/resource.ts';
import { AwsError, type Caller } from '../protocol.ts';
import type { CatalogContext } from './context.ts';
import type { TableRecord } from './record.ts';

/** All that reading the base tables of views takes. */
const FOR_VIEWS: ReadonlySet<string> = new Set(['GetTable', 'GetDatabase', 'GetDatabases']);

/** Throws AccessDeniedException for what is no reading, where views read their base tables. */
export function refuseForViews(operation: string, caller: Caller): void {
  if (caller.fineGrained !== 'views' || FOR_VIEWS.has(operation)) return;
  throw new AwsError('AccessDeniedException', `Views read their base tables; ${operation} is not for them.`);
}

/**
 * What Spark reads under fine-grained access control: a table or view that the caller may read whole, or the base table
 * of a view that the caller may read and whose definer may read the table. Source: AWS Glue developer guide,
 * "Data Catalog views"; GetUnfilteredTableMetadata refuses so. Throws AccessDeniedException.
 */
export function requireFineGrained(
  context: CatalogContext,
  caller: Caller,
  database: string,
  name: string,
): void {
  const { store, permissions } = context;
  if (store.find(database, name) === undefined) return;
  const resource = tableResource(database, name);
  if (caller.fineGrained === 'tables') {
    permissions.require(caller.principal, 'SELECT', resource);
    return;
  }
  const views = readableViewsOf(context, caller, resource);
  if (views.length === 0) throw requires('SELECT', resource.table);
  const held = views.some(({ view }) => permissions.allows({ arn: view?.definer ?? '' }, 'SELECT', resource));
  if (!held) throw refused('location', { name: resource.table });
}

/** Views on a table that the caller may read. */
function readableViewsOf(
  { store, permissions, arns }: CatalogContext,
  caller: Caller,
  base: { readonly database: string; readonly table: string },
): TableRecord[] {
  const asked = arns.table(base.database, base.table).toLowerCase();
  return [...store.databases.values()]
    .flatMap(({ tables }) => [...tables.values()])
    .flatMap(({ current }) => (current?.view === undefined ? [] : [current]))
    .filter(({ view }) => view?.subObjects.some((arn) => arn.toLowerCase() === asked))
    .filter(({ database, name }) =>
      permissions.allows(caller.principal, 'SELECT', tableResource(database, name)),
    );
}
