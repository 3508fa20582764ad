import type { LocalLake } from '../../lake.ts';
import type { SparkEngine } from '../../spark/spark-engine.ts';
import { page } from '../catalog/page.ts';
import { glueInput } from '../input.ts';
import { AwsError, type JsonObject, type Operations } from '../protocol.ts';
import type { Tags } from '../tags.ts';
import { resourceArn } from './resource-arn.ts';
import { type Session, startSession } from './session.ts';
import { statementStructure } from './statement.ts';

export type Sessions = { readonly operations: Operations; close(): Promise<void> };

const LONGEST_CODE = 68_000;

export function createSessions(lake: LocalLake, tags: Tags, engine: SparkEngine): Sessions {
  const sessions = new Map<string, Session>();
  const arn = (id: string) => resourceArn(lake, 'session', id);

  const get = (id: string): Session => {
    const session = sessions.get(id);
    if (session === undefined) throw new AwsError('EntityNotFoundException', `Session ${id} not found.`);
    return session;
  };
  const ofStatement = (input: JsonObject): Session => get(glueInput.string(input, 'SessionId'));

  return {
    async close() {
      for (const session of sessions.values()) session.stop();
      await Promise.all([...sessions.values()].map(({ ended }) => ended));
    },
    operations: {
      CreateSession: (input) => {
        const id = glueInput.string(input, 'Id');
        glueInput.object(input, 'Command');
        if (sessions.has(id)) throw new AwsError('AlreadyExistsException', `Session ${id} already exists.`);
        const session = startSession(engine, id, input);
        sessions.set(id, session);
        tags.set(arn(id), glueInput.stringMap(input, 'Tags'));
        return { Session: session.structure() };
      },
      GetSession: (input) => ({ Session: get(glueInput.string(input, 'Id')).structure() }),
      ListSessions: (input) => {
        const { items, next } = page([...sessions.values()], input);
        return {
          Ids: items.map(({ id }) => id),
          Sessions: items.map((session) => session.structure()),
          ...next,
        };
      },
      StopSession: (input) => {
        const session = get(glueInput.string(input, 'Id'));
        session.stop();
        return { Id: session.id };
      },
      DeleteSession: async (input) => {
        const session = get(glueInput.string(input, 'Id'));
        session.stop();
        await session.ended;
        sessions.delete(session.id);
        tags.delete(arn(session.id));
        return { Id: session.id };
      },
      RunStatement: (input) => {
        const code = glueInput.string(input, 'Code');
        if (code.length > LONGEST_CODE) {
          throw new AwsError(
            'InvalidInputException',
            `Code has ${code.length} characters; at most ${LONGEST_CODE} are allowed.`,
          );
        }
        return { Id: ofStatement(input).run(code).id };
      },
      GetStatement: (input) => ({
        Statement: statementStructure(ofStatement(input).statement(glueInput.number(input, 'Id'))),
      }),
      ListStatements: (input) => {
        const { items, next } = page(ofStatement(input).statements(), input);
        return { Statements: items.map(statementStructure), ...next };
      },
      CancelStatement: (input) => {
        const session = ofStatement(input);
        session.cancel(session.statement(glueInput.number(input, 'Id')));
        return {};
      },
    },
  };
}
