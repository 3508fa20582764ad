import { page } from '../catalog/page.ts';
import type { Json, Operations } from '../protocol.ts';
import { AwsError, type Caller, epochSeconds, type JsonObject } from '../protocol.ts';
import { type Grant, type GrantRequest, IAM_ALLOWED } from './grants.ts';
import type { LakeFormationContext } from './lakeformation.ts';
import { isValidFor, type Permission, type ResourceLevel } from './permission.ts';
import { refused } from './refusals.ts';
import { input, type Resource, readResource, resourceStructure } from './resource.ts';
import { readPermissions } from './settings.ts';

/** Grant-, Revoke-, BatchGrant-, BatchRevoke- and ListPermissions, GetEffectivePermissionsForPath. */
export function grantOperations(context: LakeFormationContext): Operations {
  const { permissions, accountId } = context;
  const { grants } = permissions;

  const grant = async (call: JsonObject, caller: Caller): Promise<void> => {
    const request = readRequest(call);
    check(request, caller);
    if (!isGroup(request.principal, accountId) && !(await context.principalExists(request.principal))) {
      throw refused('invalidPrincipal', { name: request.principal });
    }
    if (request.resource.kind === 'location' && !permissions.isRegistered(request.resource.arn)) {
      throw refused('unregisteredLocation', { name: request.resource.arn });
    }
    grants.grant(request, caller.principal.arn);
  };

  const revoke = (call: JsonObject, caller: Caller): void => {
    const request = readRequest(call);
    check(request, caller);
    if (!grants.revoke(request, caller.principal.arn)) throw refused('nothingRevoked');
  };

  /** The resource is there and has such permissions, and the caller may pass them on. */
  const check = (
    { resource, permissions: given, grantable, principal }: GrantRequest,
    caller: Caller,
  ): void => {
    const all = [...given, ...grantable];
    if (all.length === 0) throw refused('invalidModification');
    const mayGrant = all.every((permission) => mayPassOn(permission, resource, caller));
    if (!mayGrant) throw refused('mayNotGrant');
    const level = context.levelOf(resource);
    if (!all.every((permission) => isValidAt(permission, resource, level)))
      throw refused('invalidModification');
    if (principal === IAM_ALLOWED && grantable.length > 0) throw refused('invalidModification');
  };

  const mayPassOn = (permission: Permission, resource: Resource, caller: Caller): boolean => {
    if (permission !== 'ALL') return permissions.mayGrant(caller.principal, permission, resource);
    return permissions.mayGrant(caller.principal, 'ALL', resource);
  };

  const batch = async (
    call: JsonObject,
    work: (entry: JsonObject) => Promise<void> | void,
  ): Promise<JsonObject> => {
    const Failures: JsonObject[] = [];
    for (const RequestEntry of input.objectList(call, 'Entries')) {
      try {
        await work(RequestEntry);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failures.push({ RequestEntry, Error: { ErrorCode: error.code, ErrorMessage: error.message } });
      }
    }
    return { Failures };
  };

  const structure = (found: Grant): JsonObject => ({
    Principal: { DataLakePrincipalIdentifier: found.principal },
    Resource: resourceStructure(found.resource, accountId),
    Permissions: found.permissions,
    PermissionsWithGrantOption: found.grantable,
    LastUpdated: epochSeconds(found.lastUpdated),
    LastUpdatedBy: found.lastUpdatedBy,
  });

  /** Administrators see all; others what is theirs, and what they may pass on. */
  const isShown = (found: Grant, caller: Caller): boolean =>
    permissions.seesAll(caller.principal) ||
    found.principal === caller.principal.arn ||
    found.permissions.some((permission) =>
      permissions.mayGrant(caller.principal, permission, found.resource),
    );

  const list = (found: readonly Grant[], call: JsonObject): JsonObject => {
    const { items, next } = page(found, call);
    return { PrincipalResourcePermissions: items.map(structure), ...next };
  };

  return {
    GrantPermissions: async (call, caller) => {
      await grant(call, caller);
      return {};
    },
    RevokePermissions: (call, caller) => {
      revoke(call, caller);
      return {};
    },
    BatchGrantPermissions: (call, caller) => batch(call, (entry) => grant(entry, caller)),
    BatchRevokePermissions: (call, caller) => batch(call, (entry) => revoke(entry, caller)),
    ListPermissions: (call, caller) => {
      const principal = input.optionalString(call, 'Principal.DataLakePrincipalIdentifier');
      const given = input.optionalObject(call, 'Resource');
      const resource = given === undefined ? undefined : readResource(given);
      if (resource !== undefined) context.levelOf(resource);
      const type = input.optionalString(call, 'ResourceType');
      return list(
        grants
          .all()
          .filter((found) => principal === undefined || found.principal === principal)
          .filter((found) => resource === undefined || isListedFor(found.resource, resource))
          .filter((found) => type === undefined || typeOf(found.resource) === type)
          .filter((found) => isShown(found, caller)),
        call,
      );
    },
    GetEffectivePermissionsForPath: (call, caller) => {
      const arn = input.string(call, 'ResourceArn').replace(/\/+$/, '');
      permissions.locations.get(arn);
      const found = grants.all().filter(({ resource }) => {
        if (resource.kind === 'location') return resource.arn === arn;
        if (!('database' in resource)) return false;
        const named = resource.kind === 'database' ? undefined : resource.table;
        return context.locationOf(resource.database, named) === arn;
      });
      return {
        Permissions: list(
          found.filter((each) => isShown(each, caller)),
          call,
        ).PrincipalResourcePermissions as Json,
      };
    },
  };
}

function readRequest(call: JsonObject): GrantRequest {
  if (call.Condition !== undefined && call.Condition !== null) {
    throw new AwsError(
      'UnknownOperationException',
      'The local lake does not model Condition of Lake Formation permissions.',
    );
  }
  return {
    principal: input.string(call, 'Principal.DataLakePrincipalIdentifier'),
    resource: readResource(input.object(call, 'Resource')),
    permissions: readPermissions(call, 'Permissions'),
    grantable: readPermissions(call, 'PermissionsWithGrantOption'),
  };
}

/** All columns of a table take whatever the table takes; some of them SELECT alone. */
function isValidAt(permission: Permission, resource: Resource, level: ResourceLevel): boolean {
  if (resource.kind !== 'columns') return isValidFor(permission, level);
  const all = 'except' in resource.columns && resource.columns.except.length === 0;
  return isValidFor(permission, all ? level : 'columns');
}

function isGroup(principal: string, accountId: string): boolean {
  return principal === IAM_ALLOWED || principal === `${accountId}:IAMPrincipals`;
}

/** A table is listed with the permissions on its columns, since that is where its SELECT is kept. */
function isListedFor(granted: Resource, asked: Resource): boolean {
  if (asked.kind === 'table' || asked.kind === 'columns') {
    const ofTable = granted.kind === 'table' || granted.kind === 'columns';
    return ofTable && granted.database === asked.database && granted.table === asked.table;
  }
  return JSON.stringify(granted) === JSON.stringify(asked);
}

function typeOf(resource: Resource): string {
  return resource.kind === 'columns'
    ? 'TABLE'
    : { location: 'DATA_LOCATION', catalog: 'CATALOG', database: 'DATABASE', table: 'TABLE' }[resource.kind];
}
