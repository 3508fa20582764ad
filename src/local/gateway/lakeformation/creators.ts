import { glueInput } from '../input.ts';
import type { JsonObject, Operations } from '../protocol.ts';
import type { Permissions } from './permissions.ts';
import { table } from './resource.ts';
import { defaultPermissions } from './settings.ts';

/** The Data Catalog's operations, with its creator holding what CreateTable makes, beside the database's defaults. */
export function withCreators(
  operations: Operations,
  permissions: Permissions,
  databaseOf: (name: string) => JsonObject | undefined,
): Operations {
  const { CreateTable } = operations;
  if (CreateTable === undefined) throw new Error('the catalog creates no tables');
  return {
    ...operations,
    async CreateTable(input, caller) {
      const output = await CreateTable(input, caller);
      const database = glueInput.string(input, 'DatabaseName');
      const resource = table(database, glueInput.string(input, 'TableInput.Name'));
      const defaults = defaultPermissions(databaseOf(database) ?? {}, 'CreateTableDefaultPermissions');
      permissions.created(caller.principal, resource, defaults);
      return output;
    },
  };
}
