import { createHash, randomUUID } from 'node:crypto';
import { seenCatalog } from '../lakeformation/seen-catalog.ts';
import type { Caller, JsonObject, Operations } from '../protocol.ts';
import type { CallerRights } from './caller-rights.ts';
import type { Context } from './cursor.ts';
import { describesView } from './describe.ts';
import type { EngineAccess } from './engine-access.ts';
import { type Execution, executionJson } from './execution.ts';
import type { Executions } from './executions.ts';
import { optionalStructure, optionalText, optionalTexts, text, texts, withinLength } from './members.ts';
import { page } from './page.ts';
import { type Parts, plan } from './planner.ts';
import { refusal, validationRefusal } from './refusal.ts';
import { type ResultBucket, resultPrefix } from './result-bucket.ts';
import { resultPage, runtimeStatistics } from './results.ts';
import { type Statement, statementOf } from './statement.ts';
import type { WorkGroups } from './workgroups.ts';

const MOST_BYTES = 262_144;
const MOST_IDS = 50;

/** A token and the parameters that have to be the same when it comes again, compared as they were sent. */
type Started = { readonly fingerprint: string; readonly id: Promise<string> };

export type QueryParts = Omit<Parts, 'catalog'> & {
  readonly executions: Executions;
  readonly workGroups: WorkGroups;
  readonly bucket: ResultBucket;
  readonly engineAccess: EngineAccess;
  readonly rights: CallerRights;
};

/** StartQueryExecution and everything that asks about executions. */
export function queryOperations(parts: QueryParts): Operations {
  const { executions, workGroups } = parts;
  const startedByToken = new Map<string, Started>();

  async function start(input: JsonObject, caller: Caller): Promise<string> {
    const { context, workGroup, sql, client, parameters } = readStart(input);
    const settings = workGroups.settings(workGroup, client);
    const { bucket } = resultPrefix(settings.prefix);
    await parts.bucket.verify(bucket);
    await parts.rights.verifyBucket(caller, bucket);
    const { principal } = caller;
    const seen = { ...parts, catalog: seenCatalog(parts.wholeCatalog, parts.permissions, principal) };
    const statement = reclassified(seen, statementOf(sql), context);
    const { type } = statement.classification;
    return executions.inPlace(type, async () => {
      const name = workGroups.get(workGroup).name;
      await parts.engineAccess(principal);
      const run = await plan(seen, {
        statement,
        context,
        parameters: parameters ?? [],
        workGroup: name,
        principal,
        enforcedLocation: settings.enforced,
      });
      const id = randomUUID();
      const execution: Execution = {
        id,
        query: statement.sql,
        classification: statement.classification,
        workGroup: name,
        context,
        outputLocation: settings.prefix + statement.classification.location(id),
        encryption: settings.encryption,
        parameters,
        cutoff: settings.cutoff,
        submittedAt: Date.now(),
        abort: new AbortController(),
        state: 'QUEUED',
      };
      executions.add(execution, parts.rights.writing(caller, execution, run));
      return id;
    });
  }

  /** DESCRIBE and SHOW COLUMNS of a view are another kind of statement than those of a table. */
  function reclassified(seen: Parts, statement: Statement, context: Context): Statement {
    const { classification, sql } = statement;
    const describes = /^(DESCRIBE_TABLE|SHOW_COLUMNS)$/.test(classification.substatement);
    if (!describes || !describesView(seen, sql, context)) return statement;
    return { sql, classification: { ...classification, substatement: 'DESC_VIEW' } };
  }

  return {
    async StartQueryExecution(input, caller) {
      const { token, fingerprint } = readToken(input);
      const known = startedByToken.get(token);
      if (known && known.fingerprint !== fingerprint) {
        throw refusal('IDEMPOTENT_PARAMETER_MISMATCH', 'Idempotent parameters do not match');
      }
      const id = known?.id ?? start(input, caller);
      startedByToken.set(token, { fingerprint, id });
      try {
        return { QueryExecutionId: await id };
      } catch (error) {
        // A refused request does not use its token up.
        startedByToken.delete(token);
        throw error;
      }
    },
    GetQueryExecution: (input) => ({
      QueryExecution: executionJson(executions.get(text(input, 'QueryExecutionId'))),
    }),
    BatchGetQueryExecution(input) {
      const ids = texts(input, 'QueryExecutionIds');
      if (ids.length > MOST_IDS) {
        throw validationRefusal([
          `Value at 'queryExecutionIds' failed to satisfy constraint: Member must have length less than or equal to ${MOST_IDS}`,
        ]);
      }
      return {
        QueryExecutions: ids.flatMap((id) => executions.find(id) ?? []).map(executionJson),
        UnprocessedQueryExecutionIds: ids
          .filter((id) => executions.find(id) === undefined)
          .map((id) => ({
            QueryExecutionId: id,
            ErrorCode: 'QUERY_EXECUTION_NOT_FOUND',
            ErrorMessage: `QueryExecution ${id} was not found`,
          })),
      };
    },
    StopQueryExecution(input) {
      executions.stop(text(input, 'QueryExecutionId'));
      return {};
    },
    ListQueryExecutions(input) {
      const { name } = workGroups.get(optionalText(input, 'WorkGroup'));
      const { items, next } = page(executions.inWorkGroup(name), input, MOST_IDS);
      return { QueryExecutionIds: items.map((execution) => execution.id), ...next };
    },
    async GetQueryResults(input, caller) {
      const execution = executions.get(text(input, 'QueryExecutionId'));
      const results = await resultPage(execution, input);
      await parts.rights.requireResults(caller, execution);
      return results;
    },
    GetQueryRuntimeStatistics: (input) => runtimeStatistics(executions.get(text(input, 'QueryExecutionId'))),
  };
}

function readToken(input: JsonObject): { token: string; fingerprint: string } {
  const { context, sql, client } = readStart(input);
  const token = optionalText(input, 'ClientRequestToken') ?? '';
  if (token === '') throw refusal('INVALID_INPUT', 'clientRequestToken is null or empty');
  withinLength('ClientRequestToken', token, 32, 128);
  const location = optionalText(client, 'OutputLocation');
  if (location !== undefined) resultPrefix(location);
  const parameters = JSON.stringify([sql, context.catalog, context.database, location]);
  return { token, fingerprint: createHash('sha256').update(parameters).digest('hex') };
}

/** Reads every member, so that a wrong JSON type is refused before anything else. */
function readStart(input: JsonObject) {
  const queryContext = optionalStructure(input, 'QueryExecutionContext') ?? {};
  const catalog = optionalText(queryContext, 'Catalog');
  const database = optionalText(queryContext, 'Database');
  const client = optionalStructure(input, 'ResultConfiguration') ?? {};
  const workGroup = optionalText(input, 'WorkGroup');
  const parameters = optionalTexts(input, 'ExecutionParameters');
  const sql = text(input, 'QueryString');
  if (Buffer.byteLength(sql) > MOST_BYTES) {
    throw validationRefusal([
      `Value at 'queryString' failed to satisfy constraint: Member must have length less than or equal to ${MOST_BYTES}`,
    ]);
  }
  const context: Context = {
    ...(catalog !== undefined && { catalog }),
    ...(database !== undefined && { database }),
  };
  return { context, client, workGroup, parameters, sql };
}
