import { glueInput } from '../input.ts';
import type { JsonObject } from '../protocol.ts';
import { type Ask, arnOf, NO_RESOURCE, type Place, passRole, requestTags } from './ask.ts';

/** Operations on the Data Catalog by where their input names the database and the table. */
const TABLE_NAMES: Readonly<Record<string, string>> = {
  CreateTable: 'TableInput.Name',
  UpdateTable: 'TableInput.Name',
  DeleteTable: 'Name',
  GetTable: 'Name',
};
/** Others that are about one table have its name here. */
const TABLE_NAME = 'TableName';
const ABOUT_A_TABLE =
  /^(Get|Delete|BatchDelete|Update|BatchUpdate|Create|BatchCreate|BatchGet)(TableVersions?|Partitions?|PartitionIndex(es)?|ColumnStatistics\w+|TableOptimizer)$|^GetUnfiltered\w+$/;
const DATABASE_NAMES: Readonly<Record<string, string>> = {
  CreateDatabase: 'DatabaseInput.Name',
  UpdateDatabase: 'Name',
  DeleteDatabase: 'Name',
  GetDatabase: 'Name',
  GetTables: 'DatabaseName',
  GetUserDefinedFunctions: 'DatabaseName',
};
const ABOUT_THE_CATALOG = new Set([
  'GetCatalogImportStatus',
  'GetDataCatalogEncryptionSettings',
  'GetDatabases',
  'GetConnections',
  'SearchTables',
]);

/** Named things beside the catalog: operations by the kind, and where they name it. */
const NAMED: readonly (readonly [kind: string, operations: RegExp, path: string])[] = [
  ['job', /^(CreateJob)$/, 'Name'],
  [
    'job',
    /^(Update|Delete|Get)Job$|^(StartJobRun|GetJobRuns?|BatchStopJobRun|(Get|Reset)JobBookmark)$/,
    'JobName',
  ],
  ['trigger', /^(Create|Update|Delete|Get|Start|Stop)Trigger$/, 'Name'],
  [
    'workflow',
    /^(Create|Update|Delete|Get)Workflow$|^(Start|Get|Stop|Resume)WorkflowRuns?$|^(Get|Put)WorkflowRunProperties$/,
    'Name',
  ],
  ['session', /^(Create|Get|Stop|Delete)Session$/, 'Id'],
  ['session', /^(Run|Get|List|Cancel)Statements?$/, 'SessionId'],
];
const NAME_LISTS: Readonly<Record<string, readonly [kind: string, path: string]>> = {
  BatchGetJobs: ['job', 'JobNames'],
  BatchGetTriggers: ['trigger', 'TriggerNames'],
  BatchGetWorkflows: ['workflow', 'Names'],
};
const LISTS: Readonly<Record<string, string>> = {
  GetJobs: 'job',
  ListJobs: 'job',
  GetTriggers: 'trigger',
  ListTriggers: 'trigger',
  ListWorkflows: 'workflow',
  ListSessions: 'session',
};

/** Where operations name a role that Glue shall act as. */
const ROLES: Readonly<Record<string, string>> = {
  CreateJob: 'Role',
  UpdateJob: 'JobUpdate.Role',
  CreateSession: 'Role',
  CreateTableOptimizer: 'TableOptimizerConfiguration.roleArn',
  UpdateTableOptimizer: 'TableOptimizerConfiguration.roleArn',
  // Whoever makes a view passes its definer on.
  CreateTable: 'TableInput.ViewDefinition.Definer',
  UpdateTable: 'TableInput.ViewDefinition.Definer',
};

/**
 * The permissions of a Glue call. Of the catalog every operation needs catalog, database and table; of the others the
 * thing itself. Source: AWS Glue, "Specifying AWS Glue resource ARNs".
 */
export function glueAsks(operation: string, input: JsonObject, place: Place): readonly Ask[] {
  const tags = glueInput.optionalObject(input, 'Tags') ?? glueInput.optionalObject(input, 'TagsToAdd');
  const ask: Ask = {
    action: `glue:${operation}`,
    resources: glueResources(operation, input, place),
    values: requestTags(tags === undefined ? {} : glueInput.stringMap({ tags }, 'tags')),
  };
  const path = ROLES[operation];
  const role = path === undefined ? undefined : glueInput.optionalString(input, path);
  return role === undefined ? [ask] : [ask, passRole(roleArn(role, place), 'glue.amazonaws.com')];
}

function glueResources(operation: string, input: JsonObject, place: Place): readonly string[] | undefined {
  const arn = (resource: string) => arnOf(place, 'glue', resource);
  const text = (path: string) => glueInput.optionalString(input, path) ?? '';
  const catalog = arn('catalog');
  const database = (name: string) => arn(`database/${name.toLowerCase()}`);
  const table = (name: string, of: string) => arn(`table/${of.toLowerCase()}/${name.toLowerCase()}`);

  const tableName = TABLE_NAMES[operation] ?? (ABOUT_A_TABLE.test(operation) ? TABLE_NAME : undefined);
  if (tableName !== undefined) {
    const of = text('DatabaseName');
    return [catalog, database(of), table(text(tableName) || text('Name'), of)];
  }
  const databaseName = DATABASE_NAMES[operation];
  if (databaseName !== undefined) return [catalog, database(text(databaseName))];
  if (ABOUT_THE_CATALOG.has(operation)) return [catalog];
  if (operation === 'BatchDeleteTable') {
    const of = text('DatabaseName');
    const names = glueInput.stringList(input, 'TablesToDelete');
    return [catalog, database(of), ...names.map((name) => table(name, of))];
  }
  if (/^(Create|Get|Update|Delete)Connection$/.test(operation)) {
    return [
      catalog,
      arn(`connection/${text('ConnectionInput.Name') || text('Name') || text('ConnectionName')}`),
    ];
  }
  if (/^(GetTags|TagResource|UntagResource)$/.test(operation)) return [text('ResourceArn')];
  const list = NAME_LISTS[operation];
  if (list !== undefined)
    return glueInput.stringList(input, list[1]).map((name) => arn(`${list[0]}/${name}`));
  const listed = LISTS[operation];
  if (listed !== undefined) return [arn(`${listed}/*`)];
  const named = NAMED.find(([, operations]) => operations.test(operation));
  if (named !== undefined) return [arn(`${named[0]}/${text(named[2])}`)];
  return operation.startsWith('List') ? NO_RESOURCE : undefined;
}

/** A role by its ARN, or by its name with or without its path. */
function roleArn(role: string, { accountId }: Place): string {
  return role.startsWith('arn:') ? role : `arn:aws:iam::${accountId}:role/${role.replace(/^\//, '')}`;
}
