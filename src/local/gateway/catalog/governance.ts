import { glueInput } from '../input.ts';
import type { Permission } from '../lakeformation/permission.ts';
import { CATALOG, database as databaseResource, table as tableResource } from '../lakeformation/resource.ts';
import type { Caller, JsonObject, Operations } from '../protocol.ts';
import { actorOf } from './actor.ts';
import type { CatalogContext } from './context.ts';
import { refuseForViews, requireFineGrained } from './fine-grained.ts';
import { requireDefinerOf } from './view-governance.ts';

type Check = (context: CatalogContext, input: JsonObject, caller: Caller) => void;

/**
 * Operations that Lake Formation has its say in before they are carried out. What is not there is left to the
 * operation, which says so; lists leave out what their caller may not see. Source: Lake Formation developer guide,
 * "Lake Formation permissions reference".
 */
export function governed(context: CatalogContext, operations: Operations): Operations {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => {
      const check = CHECKS[name];
      return [
        name,
        (input: JsonObject, caller: Caller) => {
          refuseForViews(name, caller);
          check?.(context, input, caller);
          return operation(input, caller);
        },
      ];
    }),
  );
}

const onDatabase =
  (permission: Permission, member = 'DatabaseName'): Check =>
  ({ store, permissions }, input, caller) => {
    const name = glueInput.optionalString(input, member);
    if (name === undefined || !store.databases.has(name.toLowerCase())) return;
    permissions.require(caller.principal, permission, databaseResource(name));
  };

const onTable =
  (permission: Permission, member = 'TableName'): Check =>
  ({ store, permissions }, input, caller) => {
    const database = glueInput.string(input, 'DatabaseName');
    const name = glueInput.string(input, member);
    if (store.find(database, name) === undefined) return;
    permissions.require(caller.principal, permission, tableResource(database, name));
  };

const getTable: Check = (context, input, caller) => {
  if (caller.fineGrained === undefined) return onTable('DESCRIBE', 'Name')(context, input, caller);
  requireFineGrained(
    context,
    caller,
    glueInput.string(input, 'DatabaseName'),
    glueInput.string(input, 'Name'),
  );
};

const createDatabase: Check = ({ permissions }, input, caller) => {
  permissions.require(caller.principal, 'CREATE_DATABASE', CATALOG);
  const location = glueInput.optionalString(input, 'DatabaseInput.LocationUri') ?? '';
  if (location !== '') permissions.requireLocation(caller.principal, location);
};

const createTable: Check = (context, input, caller) => {
  const { store, permissions } = context;
  const name = glueInput.string(input, 'DatabaseName');
  const database = store.databases.get(name.toLowerCase());
  if (database === undefined) return;
  const actor = actorOf(input, caller);
  permissions.require(actor, 'CREATE_TABLE', databaseResource(name));
  const location = glueInput.optionalString(input, 'TableInput.StorageDescriptor.Location') ?? '';
  if (location === '' || isBelow(location, database.structure.LocationUri)) return;
  permissions.requireLocation(actor, location);
};

/** Views are dropped by data lake administrators, too. */
const deleteTable: Check = (context, input, caller) => {
  const { store, permissions } = context;
  const name = glueInput.string(input, 'Name');
  const entry = store.find(glueInput.string(input, 'DatabaseName'), name);
  if (entry?.current?.view !== undefined && permissions.isAdministrator(caller.principal)) return;
  onTable('DROP', 'Name')(context, input, caller);
};

const updateTable: Check = (context, input, caller) => {
  const { store, permissions } = context;
  const database = glueInput.string(input, 'DatabaseName');
  const name = glueInput.string(input, 'TableInput.Name');
  const entry = store.find(database, name);
  if (entry === undefined) return;
  if (entry.current?.view !== undefined) {
    requireDefinerOf(context, entry, caller.principal, name);
    return;
  }
  permissions.require(caller.principal, 'ALTER', tableResource(database, name));
  const location = glueInput.optionalString(input, 'TableInput.StorageDescriptor.Location') ?? '';
  const before = glueInput.optionalString(entry.current?.input ?? {}, 'StorageDescriptor.Location');
  if (location !== '' && location !== before) permissions.requireLocation(caller.principal, location);
};

/**
 * A table below its database's own location needs no permission on the place. Source: Lake Formation developer guide,
 * "Underlying data access control" (CREATE_TABLE is enough below the location of the database).
 */
function isBelow(location: string, databaseLocation: JsonObject[string]): boolean {
  if (typeof databaseLocation !== 'string' || databaseLocation === '') return false;
  return `${location}/`.startsWith(`${databaseLocation.replace(/\/+$/, '')}/`);
}

const CHECKS: Readonly<Record<string, Check>> = {
  CreateDatabase: createDatabase,
  GetDatabase: onDatabase('DESCRIBE', 'Name'),
  UpdateDatabase: onDatabase('ALTER', 'Name'),
  DeleteDatabase: onDatabase('DROP', 'Name'),
  GetUserDefinedFunctions: onDatabase('DESCRIBE'),
  CreateTable: createTable,
  GetTable: getTable,
  UpdateTable: updateTable,
  DeleteTable: deleteTable,
  GetTableVersion: onTable('DESCRIBE'),
  GetTableVersions: onTable('DESCRIBE'),
  DeleteTableVersion: onTable('DROP'),
  BatchDeleteTableVersion: onTable('DROP'),
  CreatePartition: onTable('ALTER'),
  BatchCreatePartition: onTable('ALTER'),
  DeletePartition: onTable('ALTER'),
  BatchDeletePartition: onTable('ALTER'),
  GetPartition: onTable('DESCRIBE'),
  GetPartitions: onTable('DESCRIBE'),
  BatchGetPartition: onTable('DESCRIBE'),
  GetPartitionIndexes: onTable('DESCRIBE'),
  GetColumnStatisticsForTable: onTable('DESCRIBE'),
};
