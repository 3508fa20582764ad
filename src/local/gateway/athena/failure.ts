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
const METASTORE = 204;

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
  const metastore = metastoreWords(trino.message);
  if (metastore !== undefined) return metastoreFailure(metastore);
  const reason = `${trino.errorName}: ${athenaWords(trino)}${leftoverWords(leftovers)}`;
  return {
    reason,
    category: CATEGORIES[trino.errorType] ?? 1,
    type: TYPES[trino.errorName] ?? OTHER_TYPE,
    message: reason,
  };
}

/** What Glue refused, told by Athena: whichever part of the engine met the refusal, it is a metastore error. */
export function metastoreFailure(message: string, type = METASTORE): Failure {
  return userFailure(`HIVE_METASTORE_ERROR: ${message}`, type);
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
    default:
      return trino.message;
  }
}

/** The form in which Athena passes a refusal of Glue on. */
export function glueWords(message: string, code: string, requestId: string): string {
  return `${message} (Service: AWSGlue; Status Code: 400; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`;
}

/**
 * Trino's newer AWS SDK writes Glue's refusals in another form than Athena, and leaves their code out: what reaches
 * a reader of views is InvalidInputException. `undefined` for everything that is no refusal of Glue.
 */
function metastoreWords(message: string): string | undefined {
  const [, text, requestId] =
    /^(.*) \(Service: Glue, Status Code: 400, Request ID: ([^)]+)\)(?: \(SDK Attempt Count: \d+\))?$/s.exec(
      message,
    ) ?? [];
  if (text === undefined || requestId === undefined) return undefined;
  return glueWords(text, 'InvalidInputException', requestId);
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
