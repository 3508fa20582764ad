import { openAthena, type QueryResult } from '../aws/athena.ts';
import { openGlue } from '../aws/glue.ts';
import { openSessions } from '../aws/glue-session.ts';
import type { Lake } from '../lake/lake.ts';
import { spark } from './spark-query.ts';
import type { Conversation } from './verb.ts';

/** Runs one statement in one engine; every value as text, NULL as `null`. Throws AthenaQueryError or ExplainedError. */
export async function query(
  lake: Lake,
  engine: 'athena' | 'spark',
  sql: string,
  conversation: Conversation,
): Promise<QueryResult> {
  if (engine === 'athena') {
    const started = (id: string) => conversation.started({ kind: 'query', id });
    return openAthena(lake.connection, lake.config, conversation.clock, started).query(
      sql,
      conversation.signal,
    );
  }
  return spark(
    lake,
    openGlue(lake.connection, lake.config.log_group),
    openSessions(lake.connection),
    sql,
    conversation,
  );
}
