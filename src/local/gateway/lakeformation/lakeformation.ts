import type { Operations } from '../protocol.ts';
import { grantOperations } from './grant-operations.ts';
import { createGrants, IAM_ALLOWED } from './grants.ts';
import { locationOperations } from './location-operations.ts';
import { createLocations } from './locations.ts';
import type { ResourceLevel } from './permission.ts';
import { createPermissions, type Permissions } from './permissions.ts';
import { refused } from './refusals.ts';
import { CATALOG, input, type Resource } from './resource.ts';
import { createSettings } from './settings.ts';

/** What Lake Formation asks of the parts beside it, when it is asked itself. */
export type LakeFormationOptions = {
  readonly accountId: string;
  /** ARNs of the data lake administrators that the account starts with. */
  readonly administrators: readonly string[];
  /** Whether there is such a user or role. */
  readonly principalExists: (arn: string) => Promise<boolean>;
  /** What a database or table is. Throws EntityNotFoundException when it is absent. */
  readonly levelOf: (resource: Resource) => ResourceLevel;
  /** ARN of the S3 location of a database or table, without a closing slash; `undefined` when it has none. */
  readonly locationOf: (database: string, table: string | undefined) => string | undefined;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

export type LakeFormationContext = Required<LakeFormationOptions> & { readonly permissions: Permissions };

export type LakeFormation = { readonly permissions: Permissions; readonly operations: Operations };

/**
 * AWS Lake Formation of one local account, in memory: settings, registered locations, permissions, and the answer to
 * who may do what. It starts as a fresh AWS account: everything new is governed by IAM alone. Tags, data filters and
 * hybrid access are not modelled.
 */
export function createLakeFormation(options: LakeFormationOptions): LakeFormation {
  const now = options.now ?? Date.now;
  const permissions = createPermissions({
    settings: createSettings(options.administrators),
    grants: createGrants(now),
    locations: createLocations(),
    accountId: options.accountId,
  });
  permissions.grants.grant(
    { principal: IAM_ALLOWED, resource: CATALOG, permissions: ['CREATE_DATABASE'], grantable: [] },
    'lakeformation.amazonaws.com',
  );
  const context: LakeFormationContext = { ...options, now, permissions };
  return {
    permissions,
    operations: {
      ...grantOperations(context),
      ...locationOperations(context),
      ...settingsOperations(context),
    },
  };
}

/** Get- and PutDataLakeSettings, GetDataLakePrincipal. */
function settingsOperations(context: LakeFormationContext): Operations {
  const { settings } = context.permissions;
  return {
    GetDataLakeSettings: () => ({ DataLakeSettings: settings.structure() }),
    PutDataLakeSettings: async (call) => {
      const given = input.object(call, 'DataLakeSettings');
      const lists = ['DataLakeAdmins', 'ReadOnlyAdmins'].map((member) => input.objectList(given, member));
      for (const admin of lists.flat()) {
        const arn = input.string(admin, 'DataLakePrincipalIdentifier');
        if (!(await context.principalExists(arn))) throw refused('invalidPrincipal', { name: arn });
      }
      settings.put(given);
      return {};
    },
    GetDataLakePrincipal: (_call, caller) => ({ Identity: caller.principal.sessionArn }),
  };
}
