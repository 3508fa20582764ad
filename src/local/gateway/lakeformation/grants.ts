import { expanded, type Permission } from './permission.ts';
import { type Resource, resourceKey } from './resource.ts';

/** Everybody whom IAM lets: a table that has this group is not governed by Lake Formation. */
export const IAM_ALLOWED = 'IAM_ALLOWED_PRINCIPALS';

/** What one principal was granted on one resource. `lastUpdated`: milliseconds since 1970. */
export type Grant = {
  readonly principal: string;
  readonly resource: Resource;
  readonly permissions: readonly Permission[];
  readonly grantable: readonly Permission[];
  readonly lastUpdated: number;
  readonly lastUpdatedBy: string;
};

/** What is granted or revoked in one call. */
export type GrantRequest = Omit<Grant, 'lastUpdated' | 'lastUpdatedBy'>;

/** Explicit permissions, in the form in which AWS keeps and lists them. */
export type Grants = {
  /** Adds to what the principal has already. `by`: ARN of whoever grants. */
  grant(request: GrantRequest, by: string): void;
  /** Takes away what of it is there; whether anything was. */
  revoke(request: GrantRequest, by: string): boolean;
  all(): readonly Grant[];
  /** Those of one principal that may hold for a resource: on it, its columns, or all tables of its database. */
  near(principal: string, resource: Resource): readonly Grant[];
  /** Forgets everything about a deleted table (`table`), or a database with all its tables. */
  forget(database: string, table?: string): void;
  /** Rises with every change. */
  version(): number;
};

export function createGrants(now: () => number): Grants {
  const grants = new Map<string, Grant>();
  /** The same grants by principal and place: who asks for each table of a large lake must not read them all. */
  const byPlace = new Map<string, Map<string, Grant>>();
  let version = 0;

  const put = (grant: Grant): void => {
    const key = JSON.stringify([grant.principal, resourceKey(grant.resource)]);
    const place = placeKey(grant.principal, grant.resource);
    const there = byPlace.get(place) ?? new Map<string, Grant>();
    byPlace.set(place, there);
    if (grant.permissions.length + grant.grantable.length === 0) {
      grants.delete(key);
      there.delete(key);
    } else {
      grants.set(key, grant);
      there.set(key, grant);
    }
    version += 1;
  };
  const current = ({ principal, resource }: GrantRequest): GrantRequest =>
    grants.get(JSON.stringify([principal, resourceKey(resource)])) ?? {
      principal,
      resource,
      permissions: [],
      grantable: [],
    };

  return {
    grant(request, by) {
      for (const part of parts(request)) {
        const before = current(part);
        put({
          principal: part.principal,
          resource: part.resource,
          permissions: [...new Set([...before.permissions, ...part.permissions])].sort(),
          grantable: [...new Set([...before.grantable, ...part.grantable])].sort(),
          lastUpdated: now(),
          lastUpdatedBy: by,
        });
      }
    },
    revoke(request, by) {
      let found = false;
      for (const part of parts(request)) {
        const before = current(part);
        const permissions = without(before.permissions, part.permissions);
        const grantable = without(before.grantable, part.grantable);
        if (permissions.length + grantable.length === before.permissions.length + before.grantable.length) {
          continue;
        }
        found = true;
        put({ ...before, permissions, grantable, lastUpdated: now(), lastUpdatedBy: by });
      }
      return found;
    },
    all: () => [...grants.values()],
    near(principal, resource) {
      const places = [placeKey(principal, resource)];
      if (resource.kind === 'table' || resource.kind === 'columns') {
        places.push(placeKey(principal, { kind: 'table', database: resource.database }));
      }
      return [...new Set(places)].flatMap((place) => [...(byPlace.get(place)?.values() ?? [])]);
    },
    forget(database, table) {
      for (const grant of grants.values()) {
        const { resource } = grant;
        if (!('database' in resource) || resource.database !== database) continue;
        const named = resource.kind === 'database' ? undefined : resource.table;
        if (table === undefined || named === table) put({ ...grant, permissions: [], grantable: [] });
      }
    },
    version: () => version,
  };
}

/** One text for a table and its columns, one for all tables of a database, one for every location. */
function placeKey(principal: string, resource: Resource): string {
  switch (resource.kind) {
    case 'table':
    case 'columns':
      return JSON.stringify([principal, resource.database, resource.table ?? null]);
    case 'database':
      return JSON.stringify([principal, resource.database]);
    default:
      return JSON.stringify([principal, resource.kind]);
  }
}

/** ALL is there only while nothing of it was taken away. */
function without(all: readonly Permission[], taken: readonly Permission[]): Permission[] {
  const left = all.filter((permission) => !taken.includes(permission));
  return left.length === all.length ? left : left.filter((permission) => permission !== 'ALL');
}

/**
 * A request as AWS keeps it: ALL spelt out, SELECT on the table's columns, everything else on the table. Source:
 * hashicorp/terraform-provider-aws, internal/service/lakeformation/filter.go ("CREATE PERMS (in)", "LIST PERMS (out)").
 * The group IAM_ALLOWED_PRINCIPALS is listed with the bare ALL (Lake Formation developer guide, default settings).
 */
function parts(request: GrantRequest): GrantRequest[] {
  const { principal, resource, permissions, grantable } = request;
  if (resource.kind === 'database') {
    if (principal === IAM_ALLOWED) return [request];
    return [
      {
        ...request,
        permissions: expanded(permissions, 'database'),
        grantable: expanded(grantable, 'database'),
      },
    ];
  }
  if ((resource.kind !== 'table' && resource.kind !== 'columns') || principal === IAM_ALLOWED) {
    return [request];
  }
  const { database } = resource;
  const named = resource.table === undefined ? {} : { table: resource.table };
  const columns = resource.kind === 'columns' ? resource.columns : { except: [] };
  const halves: [Resource, (permission: Permission) => boolean][] = [
    [{ kind: 'table', database, ...named }, (permission) => permission !== 'SELECT'],
    [{ kind: 'columns', database, ...named, columns }, (permission) => permission === 'SELECT'],
  ];
  return halves
    .map(([half, belongs]) => ({
      principal,
      resource: half,
      permissions: expanded(permissions, 'table').filter(belongs),
      grantable: expanded(grantable, 'table').filter(belongs),
    }))
    .filter((half) => half.permissions.length + half.grantable.length > 0);
}
