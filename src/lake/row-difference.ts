import { RESERVED_COLUMNS } from './naming.ts';

/** `hash`: 64 digits of entity1…entity4, then 64 of the row (docs/smoke-test.md); values as texts. */
export type HashedRow = { readonly hash: string; readonly values: Values };
type Values = readonly (string | null)[];

/** The first rows of a view, ordered by hash; `complete` when there are no more. */
export type FirstRows = { readonly rows: readonly HashedRow[]; readonly complete: boolean };

/** How the rows of a view differ between the engines. */
export type RowDifference = {
  readonly columns: readonly string[];
  /** Rows that have no counterpart in the other engine, the first of each. */
  readonly only_in_athena: readonly Values[];
  readonly only_in_spark: readonly Values[];
  /** The columns in which rows of both engines with the same entity differ, in view order. */
  readonly other_values: readonly OtherValues[];
  /** Rows of both engines that are written alike though the engines count them as different. */
  readonly same_as_text: { readonly rows: number; readonly first: Values | null };
  /** How many rows were compared, when the view has more; `null` when it was all. */
  readonly first_rows: number | null;
};
export type OtherValues = {
  readonly column: string;
  readonly rows: number;
  /** The first ones; `entity` are entity1…entity4. */
  readonly examples: readonly {
    readonly entity: Values;
    readonly athena: string | null;
    readonly spark: string | null;
  }[];
};

/** Rows shown that one engine alone has, and values shown of a column that differs. */
const ROWS_SHOWN = 10;
const EXAMPLES_SHOWN = 3;
/** Digits of the hash that are of the entity. */
const ENTITY_DIGITS = 64;

/**
 * Compares the rows of one view in both engines. Beyond the end of a list that is not complete nothing is known, so nothing
 * is said.
 */
export function rowDifference(
  columns: readonly string[],
  athena: FirstRows,
  spark: FirstRows,
): RowDifference {
  const ends = [athena, spark].filter(({ complete }) => !complete).map(({ rows }) => rows.at(-1));
  const last = ends.map((row) => (row === undefined ? '' : entityOf(row))).sort()[0];
  const inAthena = missingIn(spark.rows, athena.rows, last);
  const inSpark = missingIn(athena.rows, spark.rows, last);
  const pairs = pairsOf(inAthena, inSpark);
  const alone = (rows: readonly HashedRow[]) =>
    rows
      .filter((row) => !pairs.has(entityOf(row)))
      .slice(0, ROWS_SHOWN)
      .map(({ values }) => values);
  const alike = [...pairs.values()].filter(([left, right]) =>
    left.every((value, index) => value === right[index]),
  );
  return {
    columns,
    only_in_athena: alone(inAthena),
    only_in_spark: alone(inSpark),
    other_values: otherValues(columns, [...pairs.values()]),
    same_as_text: { rows: alike.length, first: alike[0]?.[0].slice(0, RESERVED_COLUMNS.length) ?? null },
    first_rows: last === undefined ? null : Math.min(athena.rows.length, spark.rows.length),
  };
}

/** Whether the hash is as {@link HashedRow} has it; earlier versions had one of the row alone. */
export function isHashedByEntity({ hash }: HashedRow): boolean {
  return hash.length > ENTITY_DIGITS;
}

const entityOf = ({ hash }: HashedRow) => hash.slice(0, ENTITY_DIGITS);

type Pair = readonly [athena: Values, spark: Values];

/** By entity: its row of each side, where it has one of each. */
function pairsOf(athena: readonly HashedRow[], spark: readonly HashedRow[]): Map<string, Pair> {
  const [left, right] = [Map.groupBy(athena, entityOf), Map.groupBy(spark, entityOf)];
  const pairs = new Map<string, Pair>();
  for (const [entity, [row, ...more]] of left) {
    const [other, ...others] = right.get(entity) ?? [];
    if (row === undefined || other === undefined || more.length + others.length > 0) continue;
    pairs.set(entity, [row.values, other.values]);
  }
  return pairs;
}

function missingIn(
  other: readonly HashedRow[],
  rows: readonly HashedRow[],
  last: string | undefined,
): HashedRow[] {
  const identity = ({ hash, values }: HashedRow) => JSON.stringify([hash, values]);
  const there = new Map<string, number>();
  for (const row of other) there.set(identity(row), (there.get(identity(row)) ?? 0) + 1);
  const missing: HashedRow[] = [];
  for (const row of rows) {
    // The entity at which a list ends may have another row beyond it.
    if (last !== undefined && entityOf(row) >= last) break;
    const count = there.get(identity(row)) ?? 0;
    if (count > 0) there.set(identity(row), count - 1);
    else missing.push(row);
  }
  return missing;
}

function otherValues(columns: readonly string[], pairs: readonly Pair[]): OtherValues[] {
  return columns.flatMap((column, index) => {
    const differing = pairs.filter(([left, right]) => left[index] !== right[index]);
    if (differing.length === 0) return [];
    const examples = differing.slice(0, EXAMPLES_SHOWN).map(([left, right]) => ({
      entity: left.slice(0, RESERVED_COLUMNS.length),
      athena: left[index] ?? null,
      spark: right[index] ?? null,
    }));
    return [{ column, rows: differing.length, examples }];
  });
}
