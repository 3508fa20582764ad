import type { TrinoFailure } from '../../trino/client.ts';
import type { JsonObject } from '../protocol.ts';

/** Why an execution failed: the reason of its state, and the AthenaError. Category: 1 system, 2 user, 3 other. */
export type Failure = {
  readonly reason: string;
  readonly category: 1 | 2 | 3;
  readonly type: number;
  readonly message: string;
};

/** An execution that ends as FAILED. */
export class ExecutionFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.reason);
    this.name = 'ExecutionFailure';
    this.failure = failure;
  }
}

/** Error types by Trino's error name: measured ones first, the rest from Athena's published catalogue. */
const TYPES: Readonly<Record<string, number>> = {
  COLUMN_NOT_FOUND: 1006,
  CATALOG_NOT_FOUND: 1006,
  TABLE_NOT_FOUND: 1301,
  SCHEMA_NOT_FOUND: 1301,
  FUNCTION_NOT_FOUND: 1303,
  TYPE_MISMATCH: 1002,
  DIVISION_BY_ZERO: 1001,
  INVALID_CAST_ARGUMENT: 1100,
  NUMERIC_VALUE_OUT_OF_RANGE: 1100,
  INVALID_PARAMETER_USAGE: 1100,
  MISSING_COLUMN_NAME: 1100,
  INVALID_FUNCTION_ARGUMENT: 1106,
  NOT_SUPPORTED: 1200,
  TABLE_ALREADY_EXISTS: 1110,
  ICEBERG_COMMIT_ERROR: 233,
  SYNTAX_ERROR: 1003,
  EXCEEDED_TIME_LIMIT: 206,
  EXCEEDED_LOCAL_MEMORY_LIMIT: 0,
  EXCEEDED_GLOBAL_MEMORY_LIMIT: 0,
};
const OTHER_TYPE = 9999;

const CATEGORIES: Readonly<Record<TrinoFailure['errorType'], Failure['category']>> = {
  USER_ERROR: 2,
  INTERNAL_ERROR: 1,
  INSUFFICIENT_RESOURCES: 2,
  EXTERNAL: 3,
};

/** Where a failed CREATE TABLE AS or INSERT may have left data; Athena says so at the end of the reason. */
export type Leftovers = { readonly substatement: string; readonly prefix: string; readonly id: string };

/** A failure of the engine in Athena's words. */
export function engineFailure(trino: TrinoFailure, leftovers?: Leftovers): Failure {
  const reason = `${trino.errorName}: ${athenaWords(trino)}${leftoverWords(leftovers)}`;
  return {
    reason,
    category: CATEGORIES[trino.errorType] ?? 1,
    type: TYPES[trino.errorName] ?? OTHER_TYPE,
    message: reason,
  };
}

/** A failure that the user's statement causes outside the engine: catalog rules, statements that are not modelled. */
export function userFailure(reason: string, type = 1006): Failure {
  return { reason, category: 2, type, message: reason };
}

export function athenaErrorJson(failure: Failure): JsonObject {
  return {
    ErrorCategory: failure.category,
    ErrorType: failure.type,
    Retryable: false,
    ErrorMessage: failure.message,
  };
}

function athenaWords(trino: TrinoFailure): string {
  switch (trino.errorName) {
    case 'COLUMN_NOT_FOUND':
      return `${trino.message} or requester is not authorized to access requested resources`;
    case 'CATALOG_NOT_FOUND':
      return trino.message.replace(/not found$/, 'does not exist');
    case 'HIVE_METASTORE_ERROR':
      return metastoreWords(trino.message);
    default:
      return trino.message;
  }
}

/** Trino's newer AWS SDK writes the service's answer in another form than Athena's. */
function metastoreWords(message: string): string {
  const missing = /Dialect \[ATHENA \d+\] not present/.exec(message)?.[0];
  if (missing === undefined) return message;
  return `Error listing table columns for catalog awsdatacatalog: ${missing} (Service: AWSGlue; Status Code: 400; Error Code: InvalidInputException; Request ID: ${requestIdOf(message)}; Proxy: null)`;
}

function requestIdOf(message: string): string {
  return /Request ID: ([^,;)]+)/.exec(message)?.[1] ?? 'null';
}

function leftoverWords(leftovers: Leftovers | undefined): string {
  const never = 'Athena will not delete data in your account.';
  if (leftovers?.substatement === 'CREATE_TABLE_AS_SELECT') {
    return `. You may need to manually clean the data at location '${leftovers.prefix}tables/${leftovers.id}' before retrying. ${never}`;
  }
  if (leftovers?.substatement === 'INSERT') {
    return `. If a data manifest file was generated at '${leftovers.prefix}${leftovers.id}-manifest.csv', you may need to manually clean the data from locations specified in the manifest. ${never}`;
  }
  return '';
}
