import { isJsonObject } from '../input.ts';
import { AwsError, type JsonObject } from '../protocol.ts';
import { IAM_ALLOWED } from './grants.ts';
import { isPermission, type Permission } from './permission.ts';
import { input } from './resource.ts';

/** Who gets which permissions on a new database or table, beside its creator. */
export type DefaultPermission = { readonly principal: string; readonly permissions: readonly Permission[] };

/** The settings of the account's data lake. */
export type Settings = {
  /** ARNs of users and roles. */
  admins(): readonly string[];
  /** They see everything that administrators see, and change nothing. */
  readOnlyAdmins(): readonly string[];
  databaseDefaults(): readonly DefaultPermission[];
  tableDefaults(): readonly DefaultPermission[];
  /** The `DataLakeSettings` structure. */
  structure(): JsonObject;
  /** Takes the whole structure's place: what is left out is cleared, as on AWS. Throws InvalidInputException. */
  put(settings: JsonObject): void;
};

const MOST_ADMINS = 30;

/** A fresh account's default: everything is governed by IAM alone. */
const IAM_ONLY: JsonObject = {
  Principal: { DataLakePrincipalIdentifier: IAM_ALLOWED },
  Permissions: ['ALL'],
};

/** Members that are lists when nothing is said of them. */
const LISTS = [
  'DataLakeAdmins',
  'ReadOnlyAdmins',
  'CreateDatabaseDefaultPermissions',
  'CreateTableDefaultPermissions',
  'TrustedResourceOwners',
  'ExternalDataFilteringAllowList',
  'AuthorizedSessionTagValueList',
] as const;

const SWITCHES = ['AllowExternalDataFiltering', 'AllowFullTableExternalDataAccess'] as const;

/** The settings of a fresh account with `admins` as its data lake administrators. */
export function createSettings(admins: readonly string[]): Settings {
  let settings = completed({
    DataLakeAdmins: admins.map((arn) => ({ DataLakePrincipalIdentifier: arn })),
    CreateDatabaseDefaultPermissions: [IAM_ONLY],
    CreateTableDefaultPermissions: [IAM_ONLY],
  });
  const defaults = (member: string) => () => defaultPermissions(settings, member);
  const principals = (member: string) => () =>
    input.objectList(settings, member).map((admin) => input.string(admin, 'DataLakePrincipalIdentifier'));
  return {
    admins: principals('DataLakeAdmins'),
    readOnlyAdmins: principals('ReadOnlyAdmins'),
    databaseDefaults: defaults('CreateDatabaseDefaultPermissions'),
    tableDefaults: defaults('CreateTableDefaultPermissions'),
    structure: () => settings,
    put(next) {
      if (input.list(next, 'DataLakeAdmins').length > MOST_ADMINS) {
        throw new AwsError('InvalidInputException', `DataLakeAdmins can hold ${MOST_ADMINS} at most.`);
      }
      const complete = completed(next);
      for (const member of ['CreateDatabaseDefaultPermissions', 'CreateTableDefaultPermissions']) {
        defaultPermissions(complete, member);
      }
      settings = complete;
    },
  };
}

/** Reads a list of `PrincipalPermissions`. Throws InvalidInputException for an unknown permission. */
export function defaultPermissions(structure: JsonObject, member: string): DefaultPermission[] {
  return input.objectList(structure, member).map((given) => ({
    principal: input.string(given, 'Principal.DataLakePrincipalIdentifier'),
    permissions: readPermissions(given, 'Permissions'),
  }));
}

/** A list of permissions. Throws InvalidInputException for one that the local lake does not know. */
export function readPermissions(structure: JsonObject, member: string): Permission[] {
  return input.stringList(structure, member).map((permission) => {
    if (isPermission(permission)) return permission;
    throw new AwsError(
      'InvalidInputException',
      `The local lake does not model the Lake Formation permission ${permission}.`,
    );
  });
}

function completed(given: JsonObject): JsonObject {
  return {
    ...Object.fromEntries(LISTS.map((member) => [member, given[member] ?? []])),
    ...Object.fromEntries(SWITCHES.map((member) => [member, given[member] ?? false])),
    Parameters: {
      CROSS_ACCOUNT_VERSION: '1',
      SET_CONTEXT: 'TRUE',
      ...(isJsonObject(given.Parameters) ? given.Parameters : {}),
    },
  };
}
