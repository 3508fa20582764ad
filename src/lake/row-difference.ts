export type HashedRow = { readonly hash: string; readonly values: readonly (string | null)[] };
type Values = HashedRow['values'];

/** The first rows of a view, ordered by hash; `complete` when there are no more. */
export type FirstRows = { readonly rows: readonly HashedRow[]; readonly complete: boolean };

/**
 * Rows that only one of two lists has, the first `limit` of each. Beyond the end of a list that is not complete nothing
 * is known, so nothing is said.
 */
export function rowsInOneOnly(
  left: FirstRows,
  right: FirstRows,
  limit: number,
): { left: Values[]; right: Values[] } {
  const ends = [left, right].filter(({ complete }) => !complete).map(({ rows }) => rows.at(-1)?.hash ?? '');
  const last = ends.sort()[0];
  return {
    left: missingIn(right.rows, left.rows, last, limit),
    right: missingIn(left.rows, right.rows, last, limit),
  };
}

function missingIn(
  other: readonly HashedRow[],
  rows: readonly HashedRow[],
  last: string | undefined,
  limit: number,
): Values[] {
  const identity = ({ hash, values }: HashedRow) => JSON.stringify([hash, values]);
  const there = new Map<string, number>();
  for (const row of other) there.set(identity(row), (there.get(identity(row)) ?? 0) + 1);
  const missing: Values[] = [];
  for (const row of rows) {
    if (last !== undefined && row.hash > last) break;
    const count = there.get(identity(row)) ?? 0;
    if (count > 0) there.set(identity(row), count - 1);
    else missing.push(row.values);
    if (missing.length === limit) break;
  }
  return missing;
}
