import {
  CancelStatementCommand,
  CreateSessionCommand,
  GetSessionCommand,
  GetStatementCommand,
  GlueClient,
  ListSessionsCommand,
  RunStatementCommand,
} from '@aws-sdk/client-glue';
import { awsErrorName, type Connection, clientSettings } from './connection.ts';

/** `status`: PROVISIONING, READY, FAILED, TIMEOUT, STOPPING, STOPPED. */
export type Session = { readonly id: string; readonly status: string; readonly error: string | null };

/** `state`: WAITING, RUNNING, AVAILABLE, CANCELLING, CANCELLED, ERROR. `error` is set when the code raised. */
export type Statement = {
  readonly state: string;
  readonly text: string;
  readonly error: { readonly name: string; readonly message: string } | null;
};

export type NewSession = {
  readonly id: string;
  readonly role: string;
  readonly glueVersion: string;
  readonly workers: number;
  readonly idleMinutes: number;
  readonly args: Record<string, string>;
};

/** Interactive sessions of Glue. */
export type Sessions = {
  list(): Promise<Session[]>;
  create(session: NewSession): Promise<void>;
  /** `undefined` when there is no such session. */
  get(id: string): Promise<Session | undefined>;
  /** Starts Python code (at most 68,000 characters) and returns the statement's number. */
  run(session: string, code: string): Promise<number>;
  statement(session: string, id: number): Promise<Statement>;
  cancel(session: string, id: number): Promise<void>;
};

/** Longest code that RunStatement takes, in characters (Glue API reference). */
export const LONGEST_CODE = 68_000;

export function openSessions(connection: Connection): Sessions {
  const client = new GlueClient(clientSettings(connection));
  return {
    async list() {
      const sessions: Session[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client.send(new ListSessionsCommand({ NextToken }));
        for (const { Id, Status, ErrorMessage } of page.Sessions ?? []) {
          sessions.push({ id: Id ?? '', status: Status ?? '', error: ErrorMessage ?? null });
        }
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return sessions;
    },
    async create({ id, role, glueVersion, workers, idleMinutes, args }) {
      await client.send(
        new CreateSessionCommand({
          Id: id,
          Role: role,
          Command: { Name: 'glueetl', PythonVersion: '3' },
          GlueVersion: glueVersion,
          WorkerType: 'G.1X',
          NumberOfWorkers: workers,
          IdleTimeout: idleMinutes,
          DefaultArguments: args,
        }),
      );
    },
    async get(Id) {
      try {
        const { Session } = await client.send(new GetSessionCommand({ Id }));
        return { id: Id, status: Session?.Status ?? '', error: Session?.ErrorMessage ?? null };
      } catch (error) {
        if (awsErrorName(error) === 'EntityNotFoundException') return undefined;
        throw error;
      }
    },
    async run(SessionId, Code) {
      const { Id } = await client.send(new RunStatementCommand({ SessionId, Code }));
      return Id ?? 0;
    },
    async cancel(SessionId, Id) {
      await client.send(new CancelStatementCommand({ SessionId, Id }));
    },
    async statement(SessionId, Id) {
      const { Statement } = await client.send(new GetStatementCommand({ SessionId, Id }));
      const output = Statement?.Output;
      // The API names StatementState here, and answers `ok` or `error`.
      const raised = Statement?.State === 'ERROR' || `${output?.Status}`.toLowerCase() === 'error';
      return {
        state: Statement?.State ?? '',
        text: output?.Data?.TextPlain ?? '',
        error: raised ? { name: output?.ErrorName ?? 'Error', message: output?.ErrorValue ?? '' } : null,
      };
    },
  };
}
