import { setImmediate } from 'node:timers/promises';
import { AwsError, epochSeconds, type JsonObject } from '../protocol.ts';
import type { CatalogContext } from './context.ts';
import type { ChangeError, DialectValidation, TableEntry, ViewChange } from './store.ts';
import type { RequestedDialect } from './view-input.ts';
import { type DialectChange, viewColumns } from './view-rules.ts';

export type ChangeRequest = {
  readonly action: 'CREATE' | 'UPDATE';
  readonly database: string;
  readonly dialects: readonly RequestedDialect[];
  readonly requestedBy: string;
  readonly requestedChange: JsonObject;
  /** Stores the change, all dialects at once; what it throws makes the change FAILED. */
  readonly apply: (changes: readonly DialectChange[]) => void;
};

/**
 * Starts an asynchronous change of a view and returns at once. Every text is validated in its engine; only when all
 * are valid the change is applied. Follow it by GetTable's `Status`. Source: Lake Formation guide, "Asynchronous
 * states and operations".
 */
export function startChange(context: CatalogContext, entry: TableEntry, request: ChangeRequest): void {
  const requestTime = context.now();
  const change: ViewChange = {
    action: request.action,
    requestedBy: request.requestedBy,
    requestTime,
    requestedChange: request.requestedChange,
    validations: request.dialects.map(({ dialect, dialectVersion, sql }) => ({
      dialect,
      dialectVersion,
      sql,
      state: 'QUEUED',
      updateTime: requestTime,
    })),
    state: 'QUEUED',
    updateTime: requestTime,
  };
  entry.change = change;
  void run(context, change, request);
}

/** Whether a change still waits for its engine. */
export function isPending(change: ViewChange | undefined): boolean {
  return change?.state === 'QUEUED' || change?.state === 'IN_PROGRESS';
}

/** `Table.Status` of a change; error and single dialects are shown only with IncludeStatusDetails. */
export function statusStructure(change: ViewChange, withDetails: boolean): JsonObject {
  return {
    RequestedBy: change.requestedBy,
    UpdatedBy: change.requestedBy,
    RequestTime: epochSeconds(change.requestTime),
    UpdateTime: epochSeconds(change.updateTime),
    Action: change.action,
    State: change.state,
    ...(withDetails
      ? {
          ...(change.error === undefined ? {} : { Error: change.error }),
          Details: {
            RequestedChange: change.requestedChange,
            ViewValidations: change.validations.map((validation) => ({
              Dialect: validation.dialect,
              DialectVersion: validation.dialectVersion,
              ViewValidationText: validation.sql,
              UpdateTime: epochSeconds(validation.updateTime),
              State: validation.state,
              ...(validation.error === undefined ? {} : { Error: validation.error }),
            })),
          },
        }
      : {}),
  };
}

async function run(context: CatalogContext, change: ViewChange, request: ChangeRequest): Promise<void> {
  await setImmediate();
  move(context, change, 'IN_PROGRESS');
  const changes: DialectChange[] = [];
  for (const [index, validation] of change.validations.entries()) {
    const dialect = request.dialects[index];
    if (dialect === undefined) continue;
    move(context, validation, 'IN_PROGRESS');
    try {
      changes.push(await analysed(context, request.database, dialect));
      move(context, validation, 'SUCCESS');
    } catch (error) {
      validation.error = validationError(error, dialect, context.now());
      move(context, validation, 'FAILED');
      change.error ??= validation.error;
    }
  }
  if (change.error === undefined) {
    try {
      request.apply(changes);
    } catch (error) {
      change.error = plainError(error);
    }
  }
  move(context, change, change.error === undefined ? 'SUCCESS' : 'FAILED');
}

async function analysed(
  context: CatalogContext,
  database: string,
  dialect: RequestedDialect,
): Promise<DialectChange> {
  const text = await context.analyse(dialect.sql, database);
  return {
    representation: {
      dialect: dialect.dialect,
      dialectVersion: dialect.dialectVersion,
      sql: dialect.sql,
      stale: false,
      ...(text.trinoColumns === undefined ? {} : { trinoColumns: text.trinoColumns }),
    },
    columns: viewColumns(text.glueColumns),
    subObjects: text.subObjects,
  };
}

function move(
  context: CatalogContext,
  what: ViewChange | DialectValidation,
  state: ViewChange['state'],
): void {
  what.state = state;
  what.updateTime = context.now();
}

function validationError(error: unknown, dialect: RequestedDialect, at: number): ChangeError {
  const { ErrorMessage } = plainError(error);
  return {
    ErrorCode: 'QueryExecutionException',
    ErrorMessage: `Error received during view SQL validation using a connection: [Connection Name: ${dialect.connection} | Timestamp: ${new Date(at).toISOString()}]: Athena returned error for the statement: ${ErrorMessage}`,
  };
}

function plainError(error: unknown): ChangeError {
  return {
    ErrorCode: error instanceof AwsError ? error.code : 'InternalServiceException',
    ErrorMessage: error instanceof Error ? error.message : String(error),
  };
}
