/** A permission as Lake Formation's API spells it. */
export type Permission =
  | 'ALL'
  | 'SELECT'
  | 'ALTER'
  | 'DROP'
  | 'DELETE'
  | 'INSERT'
  | 'DESCRIBE'
  | 'CREATE_DATABASE'
  | 'CREATE_TABLE'
  | 'DATA_LOCATION_ACCESS';

/** What ALL (the console says Super) holds, by the kind of resource. */
const HELD_BY_ALL = {
  database: ['ALTER', 'CREATE_TABLE', 'DESCRIBE', 'DROP'],
  table: ['ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT'],
} as const satisfies Record<string, readonly Permission[]>;

/** Permissions that can be granted, by the kind of resource. Source: Lake Formation permissions reference. */
const GRANTABLE: Readonly<Record<string, readonly Permission[]>> = {
  catalog: ['CREATE_DATABASE'],
  database: ['ALL', ...HELD_BY_ALL.database],
  table: ['ALL', ...HELD_BY_ALL.table],
  view: ['ALL', 'SELECT', 'DESCRIBE', 'DROP'],
  columns: ['SELECT'],
  location: ['DATA_LOCATION_ACCESS'],
};

export type ResourceLevel = 'catalog' | 'database' | 'table' | 'view' | 'columns' | 'location';

export function isValidFor(permission: Permission, level: ResourceLevel): boolean {
  return GRANTABLE[level]?.includes(permission) ?? false;
}

/** A list with ALL spelt out: ALL itself, and everything that it holds. */
export function expanded(permissions: readonly Permission[], level: 'database' | 'table'): Permission[] {
  if (!permissions.includes('ALL')) return [...new Set(permissions)].sort();
  return [...new Set<Permission>(['ALL', ...permissions, ...HELD_BY_ALL[level]])].sort();
}

const PERMISSIONS: ReadonlySet<string> = new Set(Object.values(GRANTABLE).flat());

export function isPermission(text: string): text is Permission {
  return PERMISSIONS.has(text);
}

/** As refusals write it: `Create Table`. */
export function permissionWords(permission: Permission): string {
  return permission
    .split('_')
    .map((word) => word[0] + word.slice(1).toLowerCase())
    .join(' ');
}
