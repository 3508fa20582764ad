import { epochSeconds, type JsonObject, type Operations } from '../protocol.ts';
import { createCursor } from './cursor.ts';
import { emptyOutcome, type Run } from './engine-run.ts';
import { isSymbol } from './lexer.ts';
import { optionalText, text } from './members.ts';
import { page } from './page.ts';
import type { Request } from './planner.ts';
import { refusal } from './refusal.ts';
import { executeImmediate } from './statement.ts';
import type { WorkGroups } from './workgroups.ts';

type PreparedStatement = {
  readonly name: string;
  readonly workGroup: string;
  readonly query: string;
  readonly description: string | undefined;
  readonly modifiedAt: number;
};

/** Prepared statements, kept for each workgroup: one store for the operations and for PREPARE. */
export type PreparedStatements = ReturnType<typeof createPreparedStatements>;

export function createPreparedStatements(workGroups: Pick<WorkGroups, 'get'>) {
  const all = new Map<string, PreparedStatement>();
  const keyOf = (workGroup: string, name: string) => `${workGroup}/${name.toLowerCase()}`;

  function get(workGroup: string, name: string): PreparedStatement {
    const found = all.get(keyOf(workGroup, name));
    if (!found) throw refusal('PREPARED_STATEMENT_NOT_FOUND', `PreparedStatement ${name} was not found`);
    return found;
  }

  function put(input: JsonObject): void {
    const workGroup = workGroups.get(text(input, 'WorkGroup')).name;
    const name = text(input, 'StatementName');
    all.set(keyOf(workGroup, name), {
      name,
      workGroup,
      query: text(input, 'QueryStatement'),
      description: optionalText(input, 'Description'),
      modifiedAt: Date.now(),
    });
  }

  const operations: Operations = {
    CreatePreparedStatement(input) {
      const workGroup = workGroups.get(text(input, 'WorkGroup')).name;
      const name = text(input, 'StatementName');
      if (all.has(keyOf(workGroup, name))) {
        throw refusal('INVALID_INPUT', `Prepared statement ${name} already exists in workgroup ${workGroup}`);
      }
      put(input);
      return {};
    },
    GetPreparedStatement: (input) => ({
      PreparedStatement: preparedJson(get(text(input, 'WorkGroup'), text(input, 'StatementName'))),
    }),
    ListPreparedStatements(input) {
      const workGroup = workGroups.get(text(input, 'WorkGroup')).name;
      const listed = [...all.values()].filter((statement) => statement.workGroup === workGroup);
      const { items, next } = page(listed, input, 50);
      const summaries = items.map(({ name, modifiedAt }) => ({
        StatementName: name,
        LastModifiedTime: epochSeconds(modifiedAt),
      }));
      return { PreparedStatements: summaries, ...next };
    },
    UpdatePreparedStatement(input) {
      get(text(input, 'WorkGroup'), text(input, 'StatementName'));
      put(input);
      return {};
    },
    DeletePreparedStatement(input) {
      const { workGroup, name } = get(text(input, 'WorkGroup'), text(input, 'StatementName'));
      all.delete(keyOf(workGroup, name));
      return {};
    },
  };

  return {
    operations,
    /** Trino's text for `EXECUTE name [USING ...]`. Throws InvalidRequestException for an unknown name. */
    execution(request: Request): string {
      const cursor = createCursor(request.statement.sql, request.context);
      cursor.expect('EXECUTE');
      const { query } = get(request.workGroup, cursor.name());
      if (cursor.accept('USING')) return executeImmediate(query, expressions(cursor.rest()));
      cursor.end();
      return executeImmediate(query, request.parameters);
    },
    /** PREPARE name FROM query, and DEALLOCATE PREPARE name. */
    run(request: Request): Run {
      const cursor = createCursor(request.statement.sql, request.context);
      const prepares = cursor.accept('PREPARE');
      if (!prepares) cursor.expect('DEALLOCATE', 'PREPARE');
      const name = cursor.name();
      if (prepares) cursor.expect('FROM');
      const query = prepares ? cursor.rest() : undefined;
      return async (running) => {
        running.running();
        const { workGroup } = request;
        if (query === undefined) all.delete(keyOf(workGroup, get(workGroup, name).name));
        else put({ WorkGroup: workGroup, StatementName: name, QueryStatement: query });
        return emptyOutcome();
      };
    },
  };
}

/** The expressions of a USING clause: cut at commas outside parentheses. */
function expressions(clause: string): string[] {
  const cursor = createCursor(clause, {});
  const found: string[] = [];
  let start = 0;
  for (let depth = 0; !cursor.atEnd(); cursor.step()) {
    const token = cursor.peek();
    if (isSymbol(token, '(') || isSymbol(token, '[')) depth += 1;
    if (isSymbol(token, ')') || isSymbol(token, ']')) depth -= 1;
    if (depth !== 0 || !isSymbol(token, ',') || token === undefined) continue;
    found.push(clause.slice(start, token.start));
    start = token.end;
  }
  return [...found, clause.slice(start)];
}

function preparedJson(statement: PreparedStatement): JsonObject {
  return {
    StatementName: statement.name,
    QueryStatement: statement.query,
    WorkGroupName: statement.workGroup,
    ...(statement.description !== undefined && { Description: statement.description }),
    LastModifiedTime: epochSeconds(statement.modifiedAt),
  };
}
