import { glueInput } from '../input.ts';
import { AwsError, type Caller, type JsonObject, type Operations } from '../protocol.ts';
import { versionAnswer } from './answers.ts';
import type { CatalogContext } from './context.ts';
import { page } from './page.ts';
import type { TableRecord } from './record.ts';
import { notFound } from './store.ts';

/** GetTableVersion(s), DeleteTableVersion and BatchDeleteTableVersion. The current version cannot be deleted. */
export function versionOperations(context: CatalogContext): Operations {
  const { store } = context;

  /** Newest first, the current one included. */
  const versions = (input: JsonObject): TableRecord[] => {
    const database = glueInput.string(input, 'DatabaseName');
    const name = glueInput.string(input, 'TableName');
    const current = store.table(database, name);
    return [current, ...[...store.entry(database, name).archived.values()].reverse()];
  };

  const answer = (record: TableRecord, caller: Caller): JsonObject => ({
    Table: versionAnswer(context, record, caller),
    VersionId: String(record.version),
  });

  const remove = (input: JsonObject, version: string): void => {
    const database = glueInput.string(input, 'DatabaseName');
    const name = glueInput.string(input, 'TableName');
    if (String(store.table(database, name).version) === version) {
      throw new AwsError(
        'InvalidInputException',
        `Version ${version} is the current one of ${database}.${name} and cannot be deleted.`,
      );
    }
    if (!store.entry(database, name).archived.delete(Number(version))) {
      throw notFound(`Version ${version} of table ${database}.${name} not found.`);
    }
  };

  return {
    GetTableVersion: (input, caller) => {
      const version = glueInput.optionalString(input, 'VersionId');
      const found = versions(input).find(
        (record) => version === undefined || String(record.version) === version,
      );
      if (found === undefined) throw notFound(`Version ${version} of table ${input.TableName} not found.`);
      return { TableVersion: answer(found, caller) };
    },

    GetTableVersions: (input, caller) => {
      const { items, next } = page(versions(input), input);
      return { TableVersions: items.map((record) => answer(record, caller)), ...next };
    },

    DeleteTableVersion: (input) => {
      remove(input, glueInput.string(input, 'VersionId'));
      return {};
    },

    BatchDeleteTableVersion: (input) => {
      const Errors = glueInput.stringList(input, 'VersionIds').flatMap((version) => {
        try {
          remove(input, version);
          return [];
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          return [
            {
              TableName: glueInput.string(input, 'TableName'),
              VersionId: version,
              ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message },
            },
          ];
        }
      });
      return { Errors };
    },
  };
}
