import { isJsonObject } from '../input.ts';
import { AwsError, type JsonObject } from '../protocol.ts';
import type { TableRecord } from './record.ts';

/** The name of the engine's catalog, in Athena and in the local Trino. */
const TRINO_CATALOG = 'awsdatacatalog';

/**
 * A multi-dialect view as its engine, Trino, reads views from Glue: the ATHENA text inside `/* Presto View *\/` JSON.
 * Throws AwsError InvalidInputException `Dialect [ATHENA 3] not present`, AWS's own text, or that the dialect is
 * stale.
 */
export function trinoViewMembers(record: TableRecord): JsonObject {
  const { view } = record;
  const athena = view?.representations.find((representation) => representation.dialect === 'ATHENA');
  if (view === undefined || athena === undefined) {
    throw new AwsError('InvalidInputException', 'Dialect [ATHENA 3] not present');
  }
  if (athena.stale) {
    throw new AwsError(
      'InvalidInputException',
      `Dialect [ATHENA ${athena.dialectVersion}] of view ${record.database}.${record.name} is stale: another dialect was changed with FORCE. Bring it up to date with ALTER VIEW ${record.name} UPDATE DIALECT AS <query>.`,
    );
  }
  const definition = {
    originalSql: athena.sql,
    catalog: TRINO_CATALOG,
    schema: record.database,
    columns: athena.trinoColumns ?? [],
    // Trino reads the view's tables in this user's name.
    owner: view.definer,
    runAsInvoker: false,
    path: [],
  };
  return {
    Owner: definition.owner,
    ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
    ViewExpandedText: '/* Presto View */',
    Parameters: { ...parametersOf(record), presto_view: 'true', comment: 'Presto View' },
  };
}

function parametersOf(record: TableRecord): JsonObject {
  const parameters = record.input.Parameters;
  return isJsonObject(parameters) ? parameters : {};
}
