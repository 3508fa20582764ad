import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAthena } from '../../../../src/local/gateway/athena/athena.ts';
import type { Catalog, ViewStatement } from '../../../../src/local/gateway/catalog/types.ts';
import { createFaults } from '../../../../src/local/gateway/faults.ts';
import { isJsonObject } from '../../../../src/local/gateway/input.ts';
import { IAM_ALLOWED } from '../../../../src/local/gateway/lakeformation/grants.ts';
import { createLakeFormation } from '../../../../src/local/gateway/lakeformation/lakeformation.ts';
import type { Permissions } from '../../../../src/local/gateway/lakeformation/permissions.ts';
import { AwsError, type JsonObject } from '../../../../src/local/gateway/protocol.ts';
import { USER } from '../../gateway/callers.ts';
import { startFakeS3 } from './fake-s3.ts';
import { type Script, startFakeTrino } from './fake-trino.ts';

const LOCATION = 's3://lake/results/';

/** A catalog with one database `d`, its tables, and a record of the view statements that it was asked for. */
export function fakeCatalog(tables: Record<string, JsonObject> = {}) {
  const statements: ViewStatement[] = [];
  const dropped: string[] = [];
  const shownAsHive: [table: string, location: string][] = [];
  const catalog: Catalog = {
    databaseNames: () => ['d', 'other'],
    database: (name) => (['d', 'other'].includes(name) ? { Name: name } : undefined),
    table: (database, name) => (database === 'd' ? tables[name] : undefined),
    tables: () => Object.values(tables),
    view(statement) {
      statements.push(statement);
      return {};
    },
    viewDryRun: (statement) => ({ Name: statement.name }),
    require: () => undefined,
    dropTable: (database, name) => void dropped.push(`${database}.${name}`),
    showAsHive: (database, name, location) => void shownAsHive.push([`${database}.${name}`, location]),
  };
  return { catalog, statements, dropped, shownAsHive };
}

/** Permissions of an account whose databases and tables IAM alone governs. */
function iamOnly(): Permissions {
  const { permissions } = createLakeFormation({
    accountId: '123456789012',
    administrators: [USER.principal.arn],
    principalExists: async () => true,
    levelOf: () => 'table',
    locationOf: () => undefined,
  });
  for (const database of ['d', 'other']) {
    for (const resource of [{ kind: 'database', database } as const, { kind: 'table', database } as const]) {
      permissions.grants.grant(
        { principal: IAM_ALLOWED, resource, permissions: ['ALL'], grantable: [] },
        'test',
      );
    }
  }
  return permissions;
}

/** Athena over a scripted Trino and an S3 that keeps what it is given. Its caller lacks `deniedAction`, if any. */
export async function athenaOver(
  scriptOf: (sql: string) => Script,
  catalog: Catalog = fakeCatalog().catalog,
  deniedAction?: string,
) {
  const directory = await mkdtemp(join(tmpdir(), 'athena-'));
  const trino = await startFakeTrino(scriptOf);
  const s3 = await startFakeS3();
  const athena = createAthena({
    lake: {
      directory,
      motoEndpoint: s3.endpoint,
      region: 'us-east-1',
      accountId: '123456789012',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
    catalog,
    trino,
    faults: createFaults(),
    permissions: iamOnly(),
    access: {
      async decide(_caller, ...asks) {
        const refused = asks.find(({ action }) => action === deniedAction);
        if (refused === undefined) return undefined;
        return {
          allowed: false,
          explicit: false,
          by: 'identity-based policy',
          action: refused.action,
          resource: undefined,
        };
      },
    },
  });

  async function call(operation: string, input: JsonObject): Promise<JsonObject> {
    const found = athena.operations[operation];
    if (!found) throw new Error(`No operation ${operation}`);
    return found(input, USER);
  }

  let tokens = 0;
  async function start(QueryString: string, more: JsonObject = {}): Promise<string> {
    tokens += 1;
    const answer = await call('StartQueryExecution', {
      QueryString,
      ClientRequestToken: String(tokens).padStart(32, '0'),
      ResultConfiguration: { OutputLocation: LOCATION },
      ...more,
    });
    return String(answer.QueryExecutionId);
  }

  async function execution(id: string): Promise<JsonObject> {
    const answer = await call('GetQueryExecution', { QueryExecutionId: id });
    return isJsonObject(answer.QueryExecution) ? answer.QueryExecution : {};
  }

  async function status(id: string): Promise<JsonObject> {
    const { Status } = await execution(id);
    return isJsonObject(Status) ? Status : {};
  }

  return {
    athena,
    trino,
    s3,
    call,
    start,
    execution,
    status,
    /** Waits until the execution has ended; its Status. */
    async ended(id: string): Promise<JsonObject> {
      for (;;) {
        const found = await status(id);
        if (found.State !== 'QUEUED' && found.State !== 'RUNNING') return found;
        await sleep(5);
      }
    },
    results: (id: string, more: JsonObject = {}) =>
      call('GetQueryResults', { QueryExecutionId: id, ...more }),
    async [Symbol.asyncDispose]() {
      await athena.close();
      await trino[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

/** Code and message of the refusal that the work ends in. */
export async function refusalOf(work: Promise<unknown>): Promise<[string, unknown, string]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AwsError) return [error.code, error.members.AthenaErrorCode, error.message];
    throw error;
  }
  throw new Error('nothing was refused');
}
