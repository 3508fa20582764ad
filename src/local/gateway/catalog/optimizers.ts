import { glueInput } from '../input.ts';
import { AwsError, type JsonObject, type Operations } from '../protocol.ts';
import type { CatalogContext } from './context.ts';
import { invalid, notFound, type TableEntry } from './store.ts';

/** What AWS fills in where a configuration leaves it out, by type (AWS Glue, "Optimizing Iceberg tables"). */
const DEFAULTS: Readonly<Record<string, { readonly member: string; readonly values: JsonObject }>> = {
  compaction: {
    member: 'compactionConfiguration',
    values: { strategy: 'binpack', minInputFiles: 100, deleteFileThreshold: 1 },
  },
  retention: {
    member: 'retentionConfiguration',
    values: {
      snapshotRetentionPeriodInDays: 5,
      numberOfSnapshotsToRetain: 1,
      cleanExpiredFiles: false,
      runRateInHours: 24,
    },
  },
  orphan_file_deletion: {
    member: 'orphanFileDeletionConfiguration',
    values: { orphanFileRetentionPeriodInDays: 3, runRateInHours: 24 },
  },
};

/**
 * Create-, Get-, Update- and DeleteTableOptimizer and the (empty) list of runs. Optimizers are kept with their table and
 * go with it. None of them ever runs here, so a table is only as tidy as its writers leave it.
 */
export function optimizerOperations(context: CatalogContext): Operations {
  const { store } = context;

  const asked = (input: JsonObject) => {
    const database = glueInput.string(input, 'DatabaseName');
    const table = glueInput.string(input, 'TableName');
    const type = glueInput.string(input, 'Type');
    if (DEFAULTS[type] === undefined) {
      throw invalid(
        `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(DEFAULTS).join(', ')}]`,
      );
    }
    return { database, table, type, entry: store.entry(database, table) };
  };
  const existing = (input: JsonObject) => {
    const found = asked(input);
    const configuration = found.entry.optimizers.get(found.type);
    if (configuration === undefined) {
      throw notFound(`No ${found.type} optimizer found for table ${found.database}.${found.table}.`);
    }
    return { ...found, configuration };
  };

  return {
    CreateTableOptimizer: (input) => {
      const { database, table, type, entry } = asked(input);
      if (!isIceberg(entry)) {
        throw invalid(`Table ${database}.${table} is no Iceberg table: there is nothing to optimize.`);
      }
      if (entry.optimizers.has(type)) {
        throw new AwsError(
          'AlreadyExistsException',
          `Table ${database}.${table} has a ${type} optimizer already.`,
        );
      }
      entry.optimizers.set(type, configured(type, input));
      return {};
    },
    UpdateTableOptimizer: (input) => {
      const { type, entry } = existing(input);
      entry.optimizers.set(type, configured(type, input));
      return {};
    },
    DeleteTableOptimizer: (input) => {
      const { type, entry } = existing(input);
      entry.optimizers.delete(type);
      return {};
    },
    GetTableOptimizer: (input) => {
      const { database, table, type, configuration } = existing(input);
      return {
        CatalogId: context.accountId,
        DatabaseName: database,
        TableName: table,
        TableOptimizer: { type, configuration, configurationSource: 'table' },
      };
    },
    ListTableOptimizerRuns: (input) => {
      const { database, table } = existing(input);
      return {
        CatalogId: context.accountId,
        DatabaseName: database,
        TableName: table,
        TableOptimizerRuns: [],
      };
    },
  };
}

function configured(type: string, input: JsonObject): JsonObject {
  const given = glueInput.object(input, 'TableOptimizerConfiguration');
  const role = glueInput.string(input, 'TableOptimizerConfiguration.roleArn');
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+/.test(role)) throw invalid(`${role} is not the ARN of a role.`);
  const { member, values } = DEFAULTS[type] ?? { member: '', values: {} };
  const own =
    glueInput.optionalObject(input, `TableOptimizerConfiguration.${member}.icebergConfiguration`) ?? {};
  return {
    ...given,
    enabled: glueInput.optionalBoolean(input, 'TableOptimizerConfiguration.enabled') ?? false,
    [member]: { icebergConfiguration: { ...values, ...own } },
  };
}

function isIceberg({ current }: TableEntry): boolean {
  const parameters = current === undefined ? {} : glueInput.stringMap(current.input, 'Parameters');
  return parameters.table_type?.toUpperCase() === 'ICEBERG';
}
