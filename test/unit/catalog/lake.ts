import { setImmediate } from 'node:timers/promises';
import { createCatalog } from '../../../src/local/gateway/catalog/catalog.ts';
import type { AthenaAnalysis, Catalog, DialectText } from '../../../src/local/gateway/catalog/types.ts';
import { rolePrincipal } from '../../../src/local/gateway/identity/principal.ts';
import { isJsonObject } from '../../../src/local/gateway/input.ts';
import { catalogFacts } from '../../../src/local/gateway/lakeformation/catalog-facts.ts';
import {
  createLakeFormation,
  type LakeFormation,
} from '../../../src/local/gateway/lakeformation/lakeformation.ts';
import { AwsError, type Caller, type JsonObject } from '../../../src/local/gateway/protocol.ts';
import { createTags, type Tags } from '../../../src/local/gateway/tags.ts';
import { TRINO, USER } from '../gateway/callers.ts';

export const ACCOUNT = '123456789012';
export const DEFINER = `arn:aws:iam::${ACCOUNT}:role/definer`;
export const DEFINER_ROLE: Caller = { accessKeyId: 'definer', principal: rolePrincipal(DEFINER, 'run') };
export const LOCATION = 's3://bucket/iceberg-data';
export const BASE = `arn:aws:glue:us-east-1:${ACCOUNT}:table/db/base`;

type Call = (operation: string, input?: JsonObject) => Promise<JsonObject>;

export type TestCatalog = {
  readonly catalog: Catalog;
  readonly tags: Tags;
  readonly lakeFormation: LakeFormation;
  readonly as: (caller: Caller) => Call;
  /** Calls an operation as a user, or as Trino. */
  readonly call: Call;
  readonly trino: Call;
};

/** An ATHENA text whose columns stand in its select list: `SELECT a, b`. A text with `broken` is refused. */
export const analyse: AthenaAnalysis = async (sql) => {
  if (sql.includes('broken'))
    throw new AwsError('InvalidInputException', 'line 1:8: Column broken cannot be resolved');
  return athena(...sql.replace(/^SELECT /, '').split(', '));
};

export function athena(...columns: string[]): DialectText {
  return {
    dialect: 'ATHENA',
    sql: `SELECT ${columns.join(', ')}`,
    glueColumns: columns.map((Name) => ({ Name, Type: 'string' })),
    trinoColumns: columns.map((name) => ({ name: name.toLowerCase(), type: 'varchar' })),
    subObjects: [BASE],
  };
}

export function spark(...columns: string[]): DialectText {
  return {
    dialect: 'SPARK',
    sql: `SELECT ${columns.join(', ')}`,
    glueColumns: columns.map((Name) => ({ Name, Type: 'string' })),
    subObjects: [BASE],
  };
}

/**
 * A catalog with database `db`, base table `db.base` and validation connection `athena`, governed by Lake Formation:
 * the user is its administrator, and the definer may make views of the table.
 */
export async function newCatalog(analysis: AthenaAnalysis = analyse): Promise<TestCatalog> {
  const tags = createTags();
  const lakeFormation = createLakeFormation({
    accountId: ACCOUNT,
    administrators: [USER.principal.arn],
    principalExists: async () => true,
    ...catalogFacts(() => catalog),
  });
  const { catalog, operations } = createCatalog({
    region: 'us-east-1',
    accountId: ACCOUNT,
    tags,
    analyse: analysis,
    permissions: lakeFormation.permissions,
    now: () => 1_700_000_000_500,
  });
  const as =
    (caller: Caller) =>
    async (operation: string, input: JsonObject = {}): Promise<JsonObject> => {
      const run = operations[operation] ?? tags.operations[operation] ?? lakeFormation.operations[operation];
      if (run === undefined) throw new Error(`${operation} is not modelled`);
      return await run(input, caller);
    };
  const call = as(USER);
  await call('PutDataLakeSettings', {
    DataLakeSettings: { DataLakeAdmins: [{ DataLakePrincipalIdentifier: USER.principal.arn }] },
  });
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/location`;
  await call('RegisterResource', { ResourceArn: LOCATION.replace('s3://', 'arn:aws:s3:::'), RoleArn });
  await call('CreateDatabase', { DatabaseInput: { Name: 'db' } });
  await call('CreateTable', {
    DatabaseName: 'db',
    TableInput: {
      Name: 'base',
      TableType: 'EXTERNAL_TABLE',
      StorageDescriptor: {
        Columns: ['a', 'secret'].map((Name) => ({ Name, Type: 'string' })),
        Location: `${LOCATION}/db/base`,
      },
    },
  });
  await allow(call, DEFINER, { Database: { Name: 'db' } }, ['CREATE_TABLE', 'DESCRIBE']);
  await allow(call, DEFINER, { Table: { DatabaseName: 'db', Name: 'base' } }, ['SELECT'], ['SELECT']);
  await call('CreateConnection', {
    ConnectionInput: {
      Name: 'athena',
      ConnectionType: 'VIEW_VALIDATION_ATHENA',
      ConnectionProperties: { WORKGROUP_NAME: 'primary' },
    },
  });
  return { catalog, tags, lakeFormation, as, call, trino: as(TRINO) };
}

/** Grants permissions, some of them with the grant option. */
export async function allow(
  call: Call,
  principal: string,
  Resource: JsonObject,
  Permissions: readonly string[],
  PermissionsWithGrantOption: readonly string[] = [],
): Promise<void> {
  const Principal = { DataLakePrincipalIdentifier: principal };
  await call('GrantPermissions', { Principal, Resource, Permissions, PermissionsWithGrantOption });
}

/** GetTable's `Table`, with status details. */
export async function table({ call }: TestCatalog, name: string): Promise<JsonObject> {
  const { Table } = await call('GetTable', { DatabaseName: 'db', Name: name, IncludeStatusDetails: true });
  if (!isJsonObject(Table)) throw new Error('no Table');
  return Table;
}

/** The table when its asynchronous change has ended. */
export async function settled(lake: TestCatalog, name: string): Promise<JsonObject> {
  for (;;) {
    const found = await table(lake, name);
    const state = isJsonObject(found.Status) ? found.Status.State : undefined;
    if (state !== 'QUEUED' && state !== 'IN_PROGRESS') return found;
    await setImmediate();
  }
}

export function sparkView(name: string, columns: string[], more: JsonObject = {}): JsonObject {
  return {
    Name: name,
    StorageDescriptor: { Columns: columns.map((Name) => ({ Name, Type: 'string' })), SerdeInfo: {} },
    ViewDefinition: {
      IsProtected: true,
      Definer: DEFINER,
      SubObjects: [BASE],
      Representations: [
        {
          Dialect: 'SPARK',
          DialectVersion: '1.0',
          ViewOriginalText: 'SELECT spark',
          ViewExpandedText: 'SELECT spark',
        },
      ],
      ...more,
    },
  };
}

export function athenaView(name: string, sql: string, more: JsonObject = {}): JsonObject {
  return {
    Name: name,
    ViewDefinition: {
      Definer: DEFINER,
      SubObjects: [BASE],
      Representations: [
        { Dialect: 'ATHENA', DialectVersion: '3', ViewOriginalText: sql, ValidationConnection: 'athena' },
      ],
      ...more,
    },
  };
}
