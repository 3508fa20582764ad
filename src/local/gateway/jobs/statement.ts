import type { JsonObject } from '../protocol.ts';

export type StatementState = 'WAITING' | 'RUNNING' | 'AVAILABLE' | 'CANCELLING' | 'CANCELLED' | 'ERROR';

/** A piece of code that a session runs. Times are milliseconds since 1970, as Glue gives them for statements. */
export type Statement = {
  readonly id: number;
  readonly code: string;
  state: StatementState;
  startedOn: number;
  completedOn: number;
  output: JsonObject | undefined;
};

export function newStatement(id: number, code: string): Statement {
  return { id, code, state: 'WAITING', startedOn: 0, completedOn: 0, output: undefined };
}

export function isOpen(statement: Statement): boolean {
  return ['WAITING', 'RUNNING', 'CANCELLING'].includes(statement.state);
}

/** The Glue `Statement` structure. */
export function statementStructure(statement: Statement): JsonObject {
  return {
    Id: statement.id,
    Code: statement.code,
    State: statement.state,
    Output: statement.output,
    Progress: isOpen(statement) ? 0 : 1,
    StartedOn: statement.startedOn,
    CompletedOn: statement.completedOn,
  };
}

/** Brings a statement up to date by one of the launcher's `statement-…` events. */
export function follow(statement: Statement, event: JsonObject): void {
  const now = Date.now();
  if (event.event === 'statement-running') {
    if (statement.state === 'WAITING') statement.state = 'RUNNING';
    statement.startedOn = now;
    return;
  }
  statement.completedOn = now;
  const shown = { Data: { TextPlain: event.text ?? '' }, ExecutionCount: statement.id };
  if (event.event === 'statement-done') {
    statement.state = 'AVAILABLE';
    statement.output = { ...shown, Status: 'ok' };
  } else if (event.event === 'statement-failed') {
    statement.state = 'ERROR';
    statement.output = {
      ...shown,
      Status: 'error',
      ErrorName: event.name,
      ErrorValue: event.value,
      Traceback: event.traceback,
    };
  } else {
    statement.state = 'CANCELLED';
  }
}
