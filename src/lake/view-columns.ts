import { RESERVED_COLUMNS } from './naming.ts';

/** A text of the Data Catalog's types; Athena's name for it counts as well. */
export const TEXT = 'string';

/**
 * What a column of a view is made of: one of the four entity columns, a key by its own name or by the one that
 * config/views.yml gives it, or an expression there. `unknown`: nothing that the publisher has kept has the name.
 */
export type ColumnKind = 'entity' | 'key' | 'renamed' | 'extra' | 'unknown';

/** `original_key` is `null` for what is made of no key; `type` where the view is not in the catalog. */
export type ShownColumn = {
  readonly column: string;
  readonly type: string | null;
  readonly kind: ColumnKind;
  readonly original_key: string | null;
};

/** What is known of the columns of one view. `keys`: key to the name that it has without rules. */
export type KnownColumns = {
  readonly keys: Readonly<Record<string, string>>;
  readonly renamed: Readonly<Record<string, string>>;
  readonly extra: readonly string[];
};

/** The columns, each with its key: a name that a rule gives is asked for first, since its key has another one as well. */
export function shownColumns(
  columns: readonly string[],
  types: readonly string[],
  { keys, renamed, extra }: KnownColumns,
): ShownColumn[] {
  const underOther = new Set(Object.values(renamed));
  const keyOf = new Map(
    Object.entries(keys).flatMap(([key, name]) => (underOther.has(key) ? [] : [[name, key]])),
  );
  return columns.map((column, at) => {
    const type = types[at] === undefined ? null : catalogType(types[at]);
    const named = renamed[column];
    const key = keyOf.get(column);
    if (RESERVED_COLUMNS.some((name) => name === column))
      return { column, type, kind: 'entity', original_key: null };
    if (named !== undefined) return { column, type, kind: 'renamed', original_key: named };
    if (extra.includes(column)) return { column, type, kind: 'extra', original_key: null };
    if (key !== undefined) return { column, type, kind: 'key', original_key: key };
    return { column, type, kind: 'unknown', original_key: null };
  });
}

/** Of two names of one type the Data Catalog's: Athena's texts may be there by Athena's name for them. */
export function catalogType(type: string): string {
  return type.toLowerCase().startsWith('varchar') ? TEXT : type.toLowerCase().replaceAll(' ', '');
}
