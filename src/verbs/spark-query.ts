import { randomUUID } from 'node:crypto';
import type { QueryResult } from '../aws/athena.ts';
import { awsErrorName } from '../aws/connection.ts';
import type { Glue } from '../aws/glue.ts';
import { LONGEST_CODE, type Session, type Sessions } from '../aws/glue-session.ts';
import { paceFor, poll } from '../aws/poller.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { sparkCode, sparkResult } from '../lake/spark-code.ts';
import { progress } from './progress.ts';
import { refusedBySpark } from './spark-refusal.ts';
import type { Conversation } from './verb.ts';

/** Fine-grained access control, which views need, takes at least four workers (AWS Glue Developer Guide). */
const WORKERS = 4;
const IDLE_MINUTES = 10;
/** What a session takes over from the verify job: everything that makes Spark see the views. */
const TAKEN_OVER = ['--conf', '--datalake-formats', '--enable-lakeformation-fine-grained-access'];
/** A session outlives many pushes: it must not answer from a table it once read. */
const NO_CACHE = 'spark.sql.catalog.spark_catalog.cache-enabled=false';

/**
 * Runs one statement in Spark, in an interactive session with the reader's role and fine-grained access control. A
 * session of an earlier call is used again; it ends by itself after 10 idle minutes. Throws ExplainedError.
 */
export async function spark(
  lake: Lake,
  glue: Glue,
  sessions: Sessions,
  sql: string,
  conversation: Conversation,
): Promise<QueryResult> {
  const code = sparkCode(sql);
  if (code.length > LONGEST_CODE) {
    throw new ExplainedError({
      what: 'the statement is longer than a Glue session takes',
      why: `Glue runs code of at most ${LONGEST_CODE.toLocaleString('en')} characters, and the statement travels inside of it`,
      cure: 'shorten the statement, or run it with --engine athena',
    });
  }
  try {
    return await run(
      await readySession(lake, glue, sessions, conversation),
      sessions,
      sql,
      code,
      lake,
      conversation,
    );
  } catch (error) {
    // A session that is found ready may reach the end of its idle time before the statement arrives.
    if (awsErrorName(error) !== 'IllegalSessionStateException') throw error;
    return run(await newSession(lake, glue, sessions, conversation), sessions, sql, code, lake, conversation);
  }
}

function prefixOf(lake: Lake): string {
  return `mydatahub-query-${lake.config.workflow}-`;
}

async function readySession(
  lake: Lake,
  glue: Glue,
  sessions: Sessions,
  conversation: Conversation,
): Promise<string> {
  const ours = (await sessions.list()).filter(({ id }) => id.startsWith(prefixOf(lake)));
  const usable =
    ours.find(({ status }) => status === 'READY') ?? ours.find(({ status }) => status === 'PROVISIONING');
  if (usable === undefined) return newSession(lake, glue, sessions, conversation);
  return provisioned(usable.id, sessions, lake, conversation);
}

async function newSession(
  lake: Lake,
  glue: Glue,
  sessions: Sessions,
  conversation: Conversation,
): Promise<string> {
  const given = await glue.jobArguments(lake.config.jobs.verify);
  const args: Record<string, string> = {};
  for (const name of TAKEN_OVER) {
    const value = given[name];
    if (value !== undefined) args[name] = name === '--conf' ? `${value} --conf ${NO_CACHE}` : value;
  }
  const id = `${prefixOf(lake)}${randomUUID().slice(0, 8)}`;
  await sessions.create({
    id,
    role: lake.config.roles.reader,
    glueVersion: lake.config.glue_version,
    workers: WORKERS,
    idleMinutes: IDLE_MINUTES,
    args,
  });
  return provisioned(id, sessions, lake, conversation);
}

async function provisioned(
  id: string,
  sessions: Sessions,
  lake: Lake,
  conversation: Conversation,
): Promise<string> {
  const tell = progress(conversation, () => `waiting for the Spark session ${id}`);
  const session = await poll<Session | undefined>({
    async look() {
      tell();
      return sessions.get(id);
    },
    done: (now) => now?.status !== 'PROVISIONING',
    pace: paceFor(lake.connection),
    clock: conversation.clock,
    signal: conversation.signal,
  });
  if (session?.status === 'READY') return id;
  throw new ExplainedError({
    what: `the Spark session ended as ${session?.status ?? 'deleted'} before it was ready`,
    where: `Glue interactive session ${id}`,
    why: session?.error ?? 'the reader role may not start it, or Glue had no capacity',
    cure: 'run the query again; if it fails again, look at the session in the Glue console',
  });
}

async function run(
  session: string,
  sessions: Sessions,
  sql: string,
  code: string,
  lake: Lake,
  conversation: Conversation,
): Promise<QueryResult> {
  const id = await sessions.run(session, code);
  const tell = progress(conversation, () => `waiting for Spark`);
  const finished = poll({
    async look() {
      tell();
      return sessions.statement(session, id);
    },
    done: ({ state }) => state === 'AVAILABLE' || state === 'ERROR' || state === 'CANCELLED',
    pace: { ...paceFor(lake.connection), longest: lake.connection.endpoint === undefined ? 2000 : 250 },
    clock: conversation.clock,
    signal: conversation.signal,
  });
  const statement = await finished.catch(async (error: unknown) => {
    if (conversation.signal.aborted) await sessions.cancel(session, id);
    throw error;
  });
  const where = `session ${session}, statement ${id}: ${sql.length > 300 ? `${sql.slice(0, 300)}…` : sql}`;
  if (statement.error !== null) {
    throw await refusedBySpark(lake, statement.error, where);
  }
  const result = sparkResult(statement.text);
  if (result !== undefined) return result;
  throw new ExplainedError({
    what: `the statement ended as ${statement.state} without a result`,
    where,
    why:
      statement.state === 'CANCELLED'
        ? 'somebody cancelled it, or the session ended'
        : 'its output was cut off',
    cure: 'run it again, with a LIMIT if the result is large',
  });
}
