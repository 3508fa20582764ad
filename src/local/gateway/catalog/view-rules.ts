import type { MultiDialectView, Representation, StoredColumn } from './record.ts';
import { invalid } from './store.ts';
import type { Dialect } from './types.ts';

/** One dialect as a caller brings it, with the schema that its text gives. */
export type DialectChange = {
  readonly representation: Representation;
  readonly columns: readonly StoredColumn[];
  /** ARNs of the base tables; empty when the caller left them to the catalog. */
  readonly subObjects: readonly string[];
};

export type UpdateAction = 'ADD' | 'REPLACE' | 'ADD_OR_REPLACE';

const MISMATCH = 'Input and existing storage descriptor mismatch';
const SUB_OBJECT_MISMATCH = 'Input and existing sub objects mismatch';

/** A view from its first dialects, which must agree on the schema. Throws AwsError InvalidInputException. */
export function newView(definer: string, changes: readonly DialectChange[]): MultiDialectView {
  const { columns, subObjects } = agreed(changes);
  return { definer, subObjects, columns, representations: changes.map((change) => change.representation) };
}

/**
 * Adds or replaces dialects. The new schema and base tables must equal those of the view's other dialects; with
 * `force` they need not, and the other dialects become stale. A replaced dialect is stale no more. Source: Athena
 * User Guide, ALTER VIEW DIALECT; Glue API, UpdateTable (`Force`). Throws AwsError InvalidInputException.
 */
export function withDialects(
  view: MultiDialectView,
  action: UpdateAction,
  changes: readonly DialectChange[],
  force: boolean,
): MultiDialectView {
  const changed = new Map(changes.map((change) => [change.representation.dialect, change.representation]));
  for (const { dialect, dialectVersion } of changed.values()) {
    const present = view.representations.some((representation) => representation.dialect === dialect);
    if (action === 'ADD' && present) throw invalid(`Dialect [${dialect} ${dialectVersion}] already present`);
    if (action === 'REPLACE' && !present) throw invalid(`Dialect [${dialect} ${dialectVersion}] not present`);
  }

  const { columns, subObjects } = agreed(changes);
  const others = view.representations.filter((representation) => !changed.has(representation.dialect));
  const conflict = !equalSchemas(columns, view.columns)
    ? MISMATCH
    : !compatibleSubObjects(subObjects, view.subObjects)
      ? SUB_OBJECT_MISMATCH
      : undefined;
  if (conflict !== undefined && others.length > 0 && !force) throw invalid(conflict);

  const existing = new Set(view.representations.map((representation) => representation.dialect));
  return {
    definer: view.definer,
    columns,
    subObjects: subObjects.length > 0 ? subObjects : view.subObjects,
    representations: [
      ...view.representations.map(
        (representation) =>
          changed.get(representation.dialect) ??
          (conflict === undefined ? representation : { ...representation, stale: true }),
      ),
      ...[...changed.values()].filter((representation) => !existing.has(representation.dialect)),
    ],
  };
}

/** Takes a dialect away. A view keeps at least one. Throws AwsError InvalidInputException. */
export function withoutDialects(view: MultiDialectView, dialects: readonly Dialect[]): MultiDialectView {
  for (const dialect of dialects) {
    if (!view.representations.some((representation) => representation.dialect === dialect)) {
      throw invalid(`Dialect [${dialect} ${DIALECT_VERSIONS[dialect]}] not present`);
    }
  }
  const representations = view.representations.filter(({ dialect }) => !dialects.includes(dialect));
  if (representations.length === 0) {
    throw invalid('The last dialect of a view cannot be dropped. Drop the view instead.');
  }
  return { ...view, representations };
}

/** The dialect versions that engines look for (`Dialect [ATHENA 3] not present`). */
export const DIALECT_VERSIONS: Readonly<Record<Dialect, string>> = {
  ATHENA: '3',
  SPARK: '1.0',
  REDSHIFT: '1.0',
};

/** A schema as the catalog stores that of a view: lower case, each name once. Throws AwsError InvalidInputException. */
export function viewColumns(
  columns: readonly ({ Name: string; Type: string } | StoredColumn)[],
): StoredColumn[] {
  const seen = new Set<string>();
  return columns.map((column) => {
    const name = column.Name.toLowerCase();
    if (seen.has(name)) {
      throw invalid(
        `Column ${name} is there more than once: a view's schema is stored in lower case, so names that differ by case only are the same.`,
      );
    }
    seen.add(name);
    return { ...column, Name: name };
  });
}

function agreed(changes: readonly DialectChange[]): Pick<MultiDialectView, 'columns' | 'subObjects'> {
  const [first, ...rest] = changes;
  if (first === undefined) throw invalid('A view needs at least one representation.');
  for (const change of rest) {
    if (!equalSchemas(change.columns, first.columns)) throw invalid(MISMATCH);
    if (!compatibleSubObjects(change.subObjects, first.subObjects)) throw invalid(SUB_OBJECT_MISMATCH);
  }
  const named = changes.find((change) => change.subObjects.length > 0);
  return { columns: first.columns, subObjects: named?.subObjects ?? [] };
}

function equalSchemas(left: readonly StoredColumn[], right: readonly StoredColumn[]): boolean {
  return (
    left.length === right.length &&
    left.every((column, index) => {
      const other = right[index];
      return (
        other !== undefined && column.Name === other.Name && hiveType(column.Type) === hiveType(other.Type)
      );
    })
  );
}

/** `integer` and `int` are one type to Glue; case and blanks say nothing. */
function hiveType(type: string): string {
  return type
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/\binteger\b/g, 'int');
}

function compatibleSubObjects(left: readonly string[], right: readonly string[]): boolean {
  if (left.length === 0 || right.length === 0) return true;
  const names = new Set(right);
  return new Set(left).size === names.size && left.every((arn) => names.has(arn));
}
