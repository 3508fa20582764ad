import type { Principal } from '../identity/principal.ts';
import { type Grants, IAM_ALLOWED } from './grants.ts';
import type { Locations } from './locations.ts';
import type { Permission } from './permission.ts';
import { refused, requires } from './refusals.ts';
import { holdsColumn, type Resource } from './resource.ts';
import type { DefaultPermission, Settings } from './settings.ts';

/** Whoever is asked about: a caller, or the definer of a view. */
export type Holder = Pick<Principal, 'arn'>;

/** What Lake Formation lets principals do. A service's own parts (`athena.amazonaws.com`) are let through. */
export type Permissions = {
  /** Throws AccessDeniedException in AWS's words (`Required Select on entity_data`). */
  require(holder: Holder, permission: Permission, resource: Resource): void;
  /** SELECT on a table means all of its columns. */
  allows(holder: Holder, permission: Permission, resource: Resource): boolean;
  /** Whether the holder may pass the permission on. */
  mayGrant(holder: Holder, permission: Permission, resource: Resource): boolean;
  /** Which of these columns the holder may read. */
  readableColumns(holder: Holder, database: string, table: string, columns: readonly string[]): string[];
  isAdministrator(holder: Holder): boolean;
  /**
   * Whether the holder sees everything in the catalog and every permission on it: administrators do, and read-only ones.
   * Source: Lake Formation developer guide, "Lake Formation personas".
   */
  seesAll(holder: Holder): boolean;
  /** Whether the group IAMAllowedPrincipals has anything on the resource, so that IAM alone governs it. */
  isIamOnly(resource: Resource): boolean;
  /** Whether the data at an S3 URL is governed: its location is registered. */
  isRegistered(url: string): boolean;
  /** Refuses a place for new data: within a registered location it takes DATA_LOCATION_ACCESS. */
  requireLocation(holder: Holder, url: string): void;
  /** A new database or table: its creator holds everything on it, and may pass it on; others have the defaults. */
  created(holder: Holder, resource: Resource, defaults: readonly DefaultPermission[]): void;
  /** A database or table that is gone takes its permissions with it. */
  removed(database: string, table?: string): void;
  readonly settings: Settings;
  readonly grants: Grants;
  readonly locations: Locations;
};

/** Reading or changing data needs to see what it is in. Source: Lake Formation permissions reference, SELECT and others. */
const SEEN_BY: readonly Permission[] = ['DESCRIBE', 'SELECT', 'INSERT', 'DELETE'];

export function createPermissions(parts: {
  readonly settings: Settings;
  readonly grants: Grants;
  readonly locations: Locations;
  readonly accountId: string;
}): Permissions {
  const { settings, grants, locations } = parts;
  /** Every user and role of the account. */
  const everybody = `${parts.accountId}:IAMPrincipals`;

  const isService = (holder: Holder): boolean => !holder.arn.startsWith('arn:');
  const isAdministrator = (holder: Holder): boolean =>
    isService(holder) || settings.admins().includes(holder.arn);
  const seesAll = (holder: Holder): boolean =>
    isAdministrator(holder) || settings.readOnlyAdmins().includes(holder.arn);

  /** Whether one of the principals has one of the permissions, or its grant option, where `matches` says. */
  const has = (
    principals: readonly string[],
    which: 'permissions' | 'grantable',
    wanted: readonly Permission[],
    asked: Resource,
    matches: (granted: Resource) => boolean,
  ): boolean =>
    principals.some((principal) =>
      grants
        .near(principal, asked)
        .some(
          (grant) =>
            matches(grant.resource) &&
            grant[which].some((permission) => permission === 'ALL' || wanted.includes(permission)),
        ),
    );

  const explicit = (
    principals: readonly string[],
    which: 'permissions' | 'grantable',
    permission: Permission,
    resource: Resource,
  ): boolean => {
    const wanted = permission === 'DESCRIBE' ? SEEN_BY : [permission];
    return has(principals, which, wanted, resource, (granted) => covers(granted, resource, permission));
  };

  const isIamOnly = (resource: Resource): boolean =>
    grants.near(IAM_ALLOWED, resource).some((grant) => covers(grant.resource, resource, 'DESCRIBE'));

  const allows: Permissions['allows'] = (holder, permission, resource) => {
    if (isService(holder)) return true;
    if (explicit([holder.arn, everybody, IAM_ALLOWED], 'permissions', permission, resource)) return true;
    if (permission === 'DESCRIBE') return seesAll(holder);
    if (!isAdministrator(holder)) return false;
    return ['CREATE_DATABASE', 'DATA_LOCATION_ACCESS'].includes(permission);
  };

  return {
    allows,
    isAdministrator,
    seesAll,
    isIamOnly,
    require(holder, permission, resource) {
      if (allows(holder, permission, resource)) return;
      if (resource.kind === 'location') throw refused('location', { name: s3Url(resource.arn) });
      throw requires(permission, shortName(resource));
    },
    mayGrant: (holder, permission, resource) =>
      isAdministrator(holder) || explicit([holder.arn], 'grantable', permission, resource),
    readableColumns: (holder, database, table, columns) => {
      if (isService(holder) || allows(holder, 'SELECT', { kind: 'table', database, table })) {
        return [...columns];
      }
      const principals = [holder.arn, everybody, IAM_ALLOWED];
      const resource: Resource = { kind: 'table', database, table };
      return columns.filter((name) =>
        has(principals, 'permissions', ['SELECT'], resource, (granted) => coversColumn(granted, name)),
      );
    },
    isRegistered: (url) => locations.of(url) !== undefined,
    requireLocation(holder, url) {
      if (locations.of(url) === undefined) return;
      this.require(holder, 'DATA_LOCATION_ACCESS', {
        kind: 'location',
        arn: `arn:aws:s3:::${url.replace(/^s3[an]?:\/\//, '')}`,
      });
    },
    created(holder, resource, defaults) {
      for (const { principal, permissions } of defaults) {
        grants.grant({ principal, resource, permissions, grantable: [] }, holder.arn);
      }
      if (isService(holder)) return;
      grants.grant({ principal: holder.arn, resource, permissions: ['ALL'], grantable: ['ALL'] }, holder.arn);
    },
    removed: (database, table) => grants.forget(database.toLowerCase(), table?.toLowerCase()),
    settings,
    grants,
    locations,
  };
}

/** Whether a permission granted on one resource holds for another. */
function covers(granted: Resource, asked: Resource, permission: Permission): boolean {
  switch (asked.kind) {
    case 'catalog':
      return granted.kind === 'catalog';
    case 'database':
      return granted.kind === 'database' && granted.database === asked.database;
    case 'location':
      return granted.kind === 'location' && `${asked.arn}/`.startsWith(`${granted.arn}/`);
    case 'table':
    case 'columns': {
      if (granted.kind !== 'table' && granted.kind !== 'columns') return false;
      if (granted.database !== asked.database) return false;
      if (granted.table !== undefined && granted.table !== asked.table) return false;
      // Of a table, SELECT on some columns is enough to see it, and not enough to read it.
      if (granted.kind === 'table' || permission === 'DESCRIBE') return true;
      return 'except' in granted.columns && granted.columns.except.length === 0;
    }
  }
}

/** Of a grant on a table, all tables or columns: whether it holds for a column. */
function coversColumn(granted: Resource, column: string): boolean {
  if (granted.kind === 'columns') return holdsColumn(granted.columns, column);
  return granted.kind === 'table';
}

function shortName(resource: Resource): string {
  if (resource.kind === 'catalog') return 'Catalog';
  if (resource.kind === 'database') return resource.database;
  return 'table' in resource ? (resource.table ?? resource.database) : '';
}

function s3Url(arn: string): string {
  return arn.replace(/^arn:aws[\w-]*:s3:::/, 's3://');
}
