import { rolePrincipal, userPrincipal } from '../../../src/local/gateway/identity/principal.ts';
import {
  createLakeFormation,
  type LakeFormation,
} from '../../../src/local/gateway/lakeformation/lakeformation.ts';
import { AwsError, type Caller, type JsonObject } from '../../../src/local/gateway/protocol.ts';

export const ACCOUNT = '123456789012';
const iam = (name: string) => `arn:aws:iam::${ACCOUNT}:${name}`;
export const ADMIN = userPrincipal(iam('user/admin'));
export const OWNER = rolePrincipal(iam('role/mydatahub/owner'), 'run');
export const READER = rolePrincipal(iam('role/mydatahub/reader'), 'run');
export const LOCATION_ROLE = iam('role/mydatahub/location');
export const LOCATION = 'arn:aws:s3:::bucket/iceberg-data';

const LEVELS = { 'db.data': 'table', 'db.other': 'table', 'db.view': 'view' } as const;

/** Lake Formation of an account with database `db`, tables `data` and `other`, and a view `view`. */
export function newAccount(): LakeFormation {
  return createLakeFormation({
    accountId: ACCOUNT,
    administrators: [ADMIN.arn],
    principalExists: async (arn) => [ADMIN.arn, OWNER.arn, READER.arn, LOCATION_ROLE].includes(arn),
    levelOf: (resource) => {
      if (!('database' in resource)) return resource.kind;
      if (resource.database !== 'db') throw new AwsError('EntityNotFoundException', 'Database not found.');
      if (resource.kind === 'database') return 'database';
      if (resource.table === undefined) return 'table';
      const level = Object.entries(LEVELS).find(([name]) => name === `db.${resource.table}`)?.[1];
      if (level === undefined) throw new AwsError('EntityNotFoundException', 'Table not found.');
      return level;
    },
    locationOf: () => LOCATION,
    now: () => 1_700_000_000_000,
  });
}

export function callerOf(principal: Caller['principal']): Caller {
  return { accessKeyId: 'key', principal };
}

/** Calls an operation as the administrator, or as somebody else. */
export async function call(
  { operations }: LakeFormation,
  operation: string,
  input: JsonObject,
  as: Caller['principal'] = ADMIN,
): Promise<JsonObject> {
  const run = operations[operation];
  if (run === undefined) throw new Error(`${operation} is not modelled`);
  return await run(input, callerOf(as));
}

export async function grant(
  account: LakeFormation,
  principal: string,
  Resource: JsonObject,
  Permissions: readonly string[],
  PermissionsWithGrantOption: readonly string[] = [],
): Promise<void> {
  const Principal = { DataLakePrincipalIdentifier: principal };
  await call(account, 'GrantPermissions', { Principal, Resource, Permissions, PermissionsWithGrantOption });
}

/** What ListPermissions shows of a principal on a resource: kind of resource, permissions, those with grant option. */
export async function listed(account: LakeFormation, principal: string, Resource: JsonObject) {
  const { PrincipalResourcePermissions } = await call(account, 'ListPermissions', {
    Principal: { DataLakePrincipalIdentifier: principal },
    Resource,
  });
  return (PrincipalResourcePermissions as JsonObject[]).map((found) => ({
    resource: found.Resource,
    permissions: found.Permissions,
    grantable: found.PermissionsWithGrantOption,
  }));
}

export const DATABASE = { Database: { Name: 'db' } };
export const DATA = { Table: { DatabaseName: 'db', Name: 'data' } };
export const ALL_TABLES = { Table: { DatabaseName: 'db', TableWildcard: {} } };
export const VIEW = { Table: { DatabaseName: 'db', Name: 'view' } };
