import { athenaIdentifier } from './athena-sql.ts';
import { RESERVED_COLUMNS } from './naming.ts';

/** Value columns hashed together: an array constructor takes at most 254 elements (Trino's limit), two for each cell. */
const COLUMNS_IN_GROUP = 100;
/** Bytes of one statement; Athena refuses above 262,144. */
const LONGEST_STATEMENT = 200_000;

/** One statement's part: rows of the view, and the two sums over its groups of columns. */
export type FingerprintPart = { readonly rows: bigint; readonly d1: bigint; readonly d2: bigint };

/**
 * The value columns of a view in groups of 100, in view order; one empty group when there are none.
 * `columns` are all of the view's, beginning with entity1..entity4; throws otherwise.
 */
export function columnGroups(columns: readonly string[]): string[][] {
  if (RESERVED_COLUMNS.some((column, index) => columns[index] !== column)) {
    throw new Error(
      `a view begins with ${RESERVED_COLUMNS.join(', ')}; this one with ${columns.slice(0, 4).join(', ')}`,
    );
  }
  const values = columns.slice(RESERVED_COLUMNS.length);
  const groups: string[][] = [];
  for (let at = 0; at < values.length; at += COLUMNS_IN_GROUP)
    groups.push(values.slice(at, at + COLUMNS_IN_GROUP));
  return groups.length > 0 ? groups : [[]];
}

/**
 * Athena's SQL for the fingerprint of a view (docs/smoke-test.md): one row each with `n`, `d1`, `d2`. A wide view
 * takes several statements; {@link fingerprintOf} adds them up. `view` is an SQL name.
 */
export function fingerprintQueries(view: string, columns: readonly string[]): string[] {
  const statements: { hashes: string[]; sums: [string[], string[]]; length: number }[] = [];
  for (const [index, group] of columnGroups(columns).entries()) {
    const hash = `${groupHash(index, group)} AS h${index}`;
    let last = statements.at(-1);
    if (last === undefined || last.length + hash.length > LONGEST_STATEMENT) {
      last = { hashes: [], sums: [[], []], length: 0 };
      statements.push(last);
    }
    last.hashes.push(hash);
    last.sums[0].push(digitSum(index, 1));
    last.sums[1].push(digitSum(index, 16));
    last.length += Buffer.byteLength(hash) + 250;
  }
  return statements.map(
    ({ hashes, sums: [first, second] }) =>
      `SELECT count(*) AS n, ${first.join(' + ')} AS d1, ${second.join(' + ')} AS d2 FROM (SELECT ${hashes.join(', ')} FROM ${view})`,
  );
}

/** The view's row count and fingerprint from the parts of all its statements. */
export function fingerprintOf(parts: readonly FingerprintPart[]): { rows: number; fingerprint: string } {
  let d1 = 0n;
  let d2 = 0n;
  for (const part of parts) {
    d1 += part.d1;
    d2 += part.d2;
  }
  return { rows: Number(parts[0]?.rows ?? 0n), fingerprint: `${d1}-${d2}` };
}

/**
 * Athena's SQL for rows with their hash: `row_hash` (the hash of entity1..entity4 alone, then that of the first group),
 * then the view's columns; the first `limit` by hash, so that both engines give the same entities first. The order is
 * total: a view has one row for each entity1..entity4.
 */
export function hashedRowsQuery(view: string, columns: readonly string[], limit: number): string {
  const hash = `${groupHash(0, [])} || ${groupHash(0, columnGroups(columns)[0] ?? [])}`;
  return `SELECT ${hash} AS row_hash, t.* FROM ${view} AS t ORDER BY 1 LIMIT ${limit}`;
}

/** By array_join: concat and `||` refuse results over 1 MiB (Trino's limit), which one value alone may reach. */
function groupHash(group: number, columns: readonly string[]): string {
  const parts = [...RESERVED_COLUMNS, ...columns].flatMap(cell);
  return `lower(to_hex(sha256(to_utf8(array_join(ARRAY['${group};', ${parts.join(', ')}], '')))))`;
}

/** The two parts of a cell, whatever its type. NULL passes through `||`, so COALESCE sees it. */
function cell(column: string): [string, string] {
  const text = `CAST(${athenaIdentifier(column)} AS varchar)`;
  return [`COALESCE(CAST(length(${text}) AS varchar) || ':', '-')`, `COALESCE(${text}, '')`];
}

function digitSum(group: number, first: number): string {
  return `COALESCE(SUM(CAST(from_base(substr(h${group}, ${first}, 15), 16) AS decimal(38,0))), CAST(0 AS decimal(38,0)))`;
}
