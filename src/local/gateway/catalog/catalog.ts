import { glueInput } from '../input.ts';
import type { Permissions } from '../lakeformation/permissions.ts';
import type { Operation, Operations } from '../protocol.ts';
import type { Tags } from '../tags.ts';
import { catalogArns } from './arn.ts';
import { createConnections } from './connections.ts';
import type { CatalogContext } from './context.ts';
import { databaseOperations } from './databases.ts';
import { governed } from './governance.ts';
import { optimizerOperations } from './optimizers.ts';
import { partitionOperations } from './partitions.ts';
import { tableStructure } from './record.ts';
import { carryOut, plannedVersion } from './statements.ts';
import { createStore, notFound } from './store.ts';
import { tableOperations } from './tables.ts';
import type { AthenaAnalysis, Catalog } from './types.ts';
import { versionOperations } from './versions.ts';
import { createViews } from './views.ts';

export type CatalogOptions = {
  readonly region: string;
  readonly accountId: string;
  readonly tags: Tags;
  /** Called when a text is validated, not before: a closure over a service that starts later will do. */
  readonly analyse: AthenaAnalysis;
  /** Lake Formation's say in every call. */
  readonly permissions: Permissions;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/**
 * The Glue Data Catalog of a local lake, in memory: the interface for the services beside it, and Glue's operations
 * (databases, tables, versions, partitions, optimizers, connections, multi-dialect views). An operation that is not in the map
 * is not modelled.
 */
export function createCatalog(options: CatalogOptions): { catalog: Catalog; operations: Operations } {
  const context: CatalogContext = {
    store: createStore(),
    tags: options.tags,
    arns: catalogArns(options.region, options.accountId),
    region: options.region,
    accountId: options.accountId,
    analyse: options.analyse,
    permissions: options.permissions,
    now: options.now ?? Date.now,
  };
  const connections = createConnections(context);
  const views = createViews(context, connections);
  const operations: Operations = governed(context, {
    ...databaseOperations(context),
    ...tableOperations(context, views),
    ...versionOperations(context),
    ...partitionOperations(context),
    ...optimizerOperations(context),
    ...connections.operations,
    ...emptyOperations(context),
  });
  return {
    catalog: catalogOf(context),
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [name, ofThisAccount(context, operation)]),
    ),
  };
}

function catalogOf(context: CatalogContext): Catalog {
  const { store, accountId } = context;
  const withTexts = { withTexts: true };
  return {
    databaseNames: () => [...store.databases.keys()].sort(),
    database: (name) => store.databases.get(name.toLowerCase())?.structure,
    table: (database, name) => {
      const current = store.find(database, name)?.current;
      return current === undefined ? undefined : tableStructure(current, accountId, withTexts);
    },
    tables: (database) =>
      [...store.database(database).tables]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .flatMap(([, { current }]) =>
          current === undefined ? [] : [tableStructure(current, accountId, withTexts)],
        ),
    view: (statement) => tableStructure(carryOut(context, statement), accountId, withTexts),
    viewDryRun: (statement) => tableStructure(plannedVersion(context, statement), accountId, withTexts),
    require: () => undefined,
    dropTable: (database, name) => {
      store.remove(database, name);
      context.permissions.removed(database, name);
      context.tags.delete(context.arns.table(database.toLowerCase(), name.toLowerCase()));
    },
    showAsHive: (database, name, hiveLocation) => {
      store.entry(database, name).current = { ...store.table(database, name), hiveLocation };
    },
  };
}

/** Questions about things that the local catalog never holds: their true answer is an empty one. */
function emptyOperations({ store }: CatalogContext): Operations {
  return {
    GetUserDefinedFunctions: (input) => {
      const database = glueInput.optionalString(input, 'DatabaseName');
      if (database !== undefined) store.database(database);
      return { UserDefinedFunctions: [] };
    },
    GetColumnStatisticsForTable: (input) => {
      store.table(glueInput.string(input, 'DatabaseName'), glueInput.string(input, 'TableName'));
      return { ColumnStatisticsList: [], Errors: [] };
    },
  };
}

function ofThisAccount({ accountId }: CatalogContext, operation: Operation): Operation {
  return (input, caller) => {
    const catalogId = glueInput.optionalString(input, 'CatalogId');
    if (catalogId !== undefined && catalogId !== accountId) {
      throw notFound(
        `Catalog ${catalogId} not found: the local lake holds that of account ${accountId} only.`,
      );
    }
    return operation(input, caller);
  };
}
