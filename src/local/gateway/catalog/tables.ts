import { glueInput } from '../input.ts';
import { table as tableResource } from '../lakeformation/resource.ts';
import { AwsError, type Caller, type JsonObject, type Operations } from '../protocol.ts';
import { actorOf, grantToCreator } from './actor.ts';
import { tableAnswer, tableList } from './answers.ts';
import type { CatalogContext } from './context.ts';
import { page } from './page.ts';
import { namePattern } from './pattern.ts';
import { storedMembers, type TableRecord } from './record.ts';
import { catalogName, commit, invalid, newEntry, type TableEntry } from './store.ts';
import { refuseWhilePending, type Views } from './views.ts';

/** Create-, Get-, Update- and DeleteTable, GetTables, BatchDeleteTable and SearchTables. */
export function tableOperations(context: CatalogContext, views: Views): Operations {
  const { store, tags, arns, permissions } = context;

  const remove = (database: string, name: string): void => {
    store.remove(database, name);
    permissions.removed(database, name);
    tags.delete(arns.table(database.toLowerCase(), name.toLowerCase()));
  };

  const maySee = (caller: Caller, database: string, name: string): boolean =>
    permissions.allows(caller.principal, 'DESCRIBE', tableResource(database, name));

  const updated = (
    entry: TableEntry,
    current: TableRecord,
    tableInput: JsonObject,
    skipArchive: boolean,
  ): void => {
    const input = storedMembers(tableInput);
    commit(
      entry,
      {
        ...current,
        input: current.view === undefined ? input : plainMembersOfView(current, input),
        version: current.version + 1,
        updateTime: context.now(),
      },
      skipArchive,
    );
    delete entry.change;
  };

  return {
    CreateTable: (input, caller) => {
      refuseOpenTableFormat(input, 'OpenTableFormatInput');
      const tableInput = glueInput.object(input, 'TableInput');
      const database = catalogName(glueInput.string(input, 'DatabaseName'));
      const name = catalogName(glueInput.string(tableInput, 'Name'));
      const creator = actorOf(input, caller);
      store.database(database);
      if (store.find(database, name) !== undefined) {
        throw new AwsError('AlreadyExistsException', `Table ${database}.${name} already exists.`);
      }
      if (glueInput.list(input, 'PartitionIndexes').length > 0) {
        throw invalid('PartitionIndexes are not modelled by the local lake. Leave them out.');
      }
      if (glueInput.optionalObject(tableInput, 'ViewDefinition') !== undefined) {
        views.create({ database, name, tableInput, caller: caller.principal });
      } else {
        const now = context.now();
        store.add(database, name, {
          ...newEntry(),
          current: {
            database,
            name,
            input: storedMembers(tableInput),
            version: 0,
            createTime: now,
            updateTime: now,
            createdBy: caller.principal.kind === 'service' ? creator.arn : caller.principal.sessionArn,
          },
        });
      }
      tags.set(arns.table(database, name), {});
      grantToCreator(context, creator, database, name);
      return {};
    },

    GetTable: (input, caller) => {
      const database = glueInput.string(input, 'DatabaseName').toLowerCase();
      const name = glueInput.string(input, 'Name').toLowerCase();
      const withDetails = glueInput.optionalBoolean(input, 'IncludeStatusDetails') ?? false;
      return {
        Table: tableAnswer(context, { database, name }, store.entry(database, name), caller, withDetails),
      };
    },

    GetTables: (input, caller) => {
      const database = glueInput.string(input, 'DatabaseName').toLowerCase();
      const expression = glueInput.optionalString(input, 'Expression') ?? '';
      const wanted = expression === '' ? undefined : namePattern(expression);
      const matching = sortedTables(store.database(database).tables).filter(
        ([name]) => (wanted?.test(name) ?? true) && maySee(caller, database, name),
      );
      const { items, next } = page(matching, input);
      const withDetails = glueInput.optionalBoolean(input, 'IncludeStatusDetails') ?? false;
      return { TableList: tableList(context, database, items, caller, withDetails), ...next };
    },

    SearchTables: (input, caller) => {
      const text = (glueInput.optionalString(input, 'SearchText') ?? '').replace(/^"|"$/g, '').toLowerCase();
      const filters = glueInput.objectList(input, 'Filters').map(searchFilter);
      const found = [...store.databases].flatMap(([database, { tables }]) =>
        tableList(
          context,
          database,
          sortedTables(tables).filter(([name]) => maySee(caller, database, name)),
          caller,
          false,
        ),
      );
      const matching = found.filter(
        (table) =>
          [table.Name, table.DatabaseName, table.Description].some(
            (member) => typeof member === 'string' && member.toLowerCase().includes(text),
          ) && filters.every((accepts) => accepts(table)),
      );
      const { items, next } = page(matching, input);
      return { TableList: items, ...next };
    },

    UpdateTable: (input, caller) => {
      refuseOpenTableFormat(input, 'UpdateOpenTableFormatInput');
      const tableInput = glueInput.object(input, 'TableInput');
      const database = catalogName(glueInput.string(input, 'DatabaseName'));
      const name = catalogName(glueInput.string(tableInput, 'Name'));
      const entry = store.entry(database, name);
      refuseWhilePending(entry, `${database}.${name}`);
      const current = store.table(database, name);
      if (current.hiveLocation !== undefined) {
        throw invalid(
          `${database}.${name} is a Hive table, and the local lake changes Iceberg tables only. Drop it and create it again.`,
        );
      }
      const version = glueInput.optionalString(input, 'VersionId');
      if (version !== undefined && version !== String(current.version)) {
        throw new AwsError(
          'ConcurrentModificationException',
          `Update table failed due to concurrent modifications: ${database}.${name} is at version ${current.version}, not ${version}.`,
        );
      }
      const skipArchive = glueInput.optionalBoolean(input, 'SkipArchive') ?? false;
      const action = glueInput.optionalString(input, 'ViewUpdateAction');
      if (action !== undefined) {
        const force = glueInput.optionalBoolean(input, 'Force') ?? false;
        views.update(
          { database, name, tableInput, caller: caller.principal },
          { action, force, skipArchive },
        );
      } else if (glueInput.optionalObject(tableInput, 'ViewDefinition') !== undefined) {
        throw invalid(
          'A ViewDefinition can be changed only with ViewUpdateAction ADD, REPLACE, ADD_OR_REPLACE or DROP.',
        );
      } else {
        updated(entry, current, tableInput, skipArchive);
      }
      return {};
    },

    DeleteTable: (input) => {
      remove(glueInput.string(input, 'DatabaseName'), glueInput.string(input, 'Name'));
      return {};
    },

    BatchDeleteTable: (input, caller) => {
      const database = glueInput.string(input, 'DatabaseName');
      store.database(database);
      const Errors = glueInput.stringList(input, 'TablesToDelete').flatMap((name) => {
        try {
          if (store.find(database, name) !== undefined) {
            permissions.require(caller.principal, 'DROP', tableResource(database, name));
          }
          remove(database, name);
          return [];
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          return [{ TableName: name, ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message } }];
        }
      });
      return { Errors };
    },
  };
}

function sortedTables(tables: ReadonlyMap<string, TableEntry>): [string, TableEntry][] {
  return [...tables].sort(([left], [right]) => (left < right ? -1 : 1));
}

function refuseOpenTableFormat(input: JsonObject, member: string): void {
  if (Object.keys(glueInput.optionalObject(input, member) ?? {}).length > 0) {
    throw invalid(
      `${member} is not modelled by the local lake, which writes no Iceberg metadata itself. Create Iceberg tables with Spark (CREATE TABLE … USING iceberg) or Athena.`,
    );
  }
}

/** An update without ViewUpdateAction leaves a view's definition and schema alone, and may not contradict them. */
function plainMembersOfView(current: TableRecord, input: JsonObject): JsonObject {
  const { StorageDescriptor, ViewOriginalText, ViewExpandedText, TableType, ...members } = input;
  if (typeof ViewOriginalText === 'string' && ViewOriginalText !== '') {
    throw invalid(
      `${current.database}.${current.name} is a Data Catalog view and cannot be replaced by an ordinary view. Change it with ALTER VIEW … UPDATE DIALECT, or drop it.`,
    );
  }
  const columns = glueInput.objectList(input, 'StorageDescriptor.Columns');
  const same = columns.every((column, index) => column.Name === current.view?.columns[index]?.Name);
  if (columns.length > 0 && (!same || columns.length !== current.view?.columns.length)) {
    throw invalid('Input and existing storage descriptor mismatch');
  }
  return members;
}

function searchFilter(filter: JsonObject): (table: JsonObject) => boolean {
  const key = glueInput.string(filter, 'Key');
  const value = glueInput.string(filter, 'Value').toLowerCase();
  const member = { databasename: 'DatabaseName', name: 'Name', tablename: 'Name' }[key.toLowerCase()];
  const comparator = glueInput.optionalString(filter, 'Comparator') ?? 'EQUALS';
  if (member === undefined || comparator !== 'EQUALS') {
    throw invalid(
      `The local lake's SearchTables filters by EQUALS on DatabaseName or Name only, not ${comparator} on ${key}.`,
    );
  }
  return (table) => table[member] === value;
}
