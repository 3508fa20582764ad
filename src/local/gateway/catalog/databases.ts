import { glueInput } from '../input.ts';
import { database as databaseResource } from '../lakeformation/resource.ts';
import { AwsError, epochSeconds, type Json, type JsonObject, type Operations } from '../protocol.ts';
import type { CatalogContext } from './context.ts';
import { page } from './page.ts';
import { catalogName } from './store.ts';

const DATABASE_INPUT_MEMBERS: readonly string[] = [
  'Description',
  'LocationUri',
  'Parameters',
  'CreateTableDefaultPermissions',
  'TargetDatabase',
];

/** Create-, Get-, Update- and DeleteDatabase and GetDatabases. */
export function databaseOperations(context: CatalogContext): Operations {
  const { store, tags, arns, permissions } = context;

  const structure = (databaseInput: JsonObject, createTime: Json): JsonObject => ({
    Name: catalogName(glueInput.string(databaseInput, 'Name')),
    CreateTableDefaultPermissions: permissions.settings.structure().CreateTableDefaultPermissions,
    ...Object.fromEntries(
      DATABASE_INPUT_MEMBERS.map((member) => [member, databaseInput[member]] as const).filter(
        ([, value]) => value !== undefined && value !== null,
      ),
    ),
    CreateTime: createTime,
    CatalogId: context.accountId,
  });

  return {
    CreateDatabase: (input, caller) => {
      const created = structure(glueInput.object(input, 'DatabaseInput'), epochSeconds(context.now()));
      const name = glueInput.string(created, 'Name');
      if (store.databases.has(name)) {
        throw new AwsError('AlreadyExistsException', `Database ${name} already exists.`);
      }
      store.databases.set(name, { structure: created, tables: new Map() });
      tags.set(arns.database(name), glueInput.stringMap(input, 'Tags'));
      permissions.created(caller.principal, databaseResource(name), permissions.settings.databaseDefaults());
      return {};
    },

    GetDatabase: (input) => ({ Database: store.database(glueInput.string(input, 'Name')).structure }),

    GetDatabases: (input, caller) => {
      const names = [...store.databases.keys()]
        .filter((name) => permissions.allows(caller.principal, 'DESCRIBE', databaseResource(name)))
        .sort();
      const { items, next } = page(names, input);
      return { DatabaseList: items.map((name) => store.database(name).structure), ...next };
    },

    UpdateDatabase: (input) => {
      const name = glueInput.string(input, 'Name');
      const database = store.database(name);
      const databaseInput = glueInput.object(input, 'DatabaseInput');
      database.structure = structure(
        { ...databaseInput, Name: name },
        glueInput.number(database.structure, 'CreateTime'),
      );
      return {};
    },

    DeleteDatabase: (input) => {
      const name = glueInput.string(input, 'Name').toLowerCase();
      for (const table of store.database(name).tables.keys()) tags.delete(arns.table(name, table));
      store.databases.delete(name);
      permissions.removed(name);
      tags.delete(arns.database(name));
      return {};
    },
  };
}
