import { isDeepStrictEqual } from 'node:util';
import type { Athena } from '../aws/athena.ts';
import { AthenaQueryError } from '../aws/athena-query-error.ts';
import { athenaName } from '../lake/athena-sql.ts';
import { fingerprintOf, fingerprintQueries } from '../lake/fingerprint.ts';
import type { PublishedView, Verified } from '../lake/state.ts';

/** What one engine reads from a view. */
export type ViewAnswer = {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly fingerprint: string;
};

/** Athena's answer (absent when it could not read the view), and what is wrong, each a line; none when both agree. */
export type Comparison = {
  readonly athena?: ViewAnswer;
  readonly problems: readonly string[];
  /** The answers differ, and Spark's is that of an earlier definition of the view. */
  readonly changedSince?: true;
  /** The columns are the same, and the rows are not. */
  readonly rowsDiffer?: true;
};

/** What Spark has read of all views, and what is known of the publication of this one. */
export type Sides = { readonly verified: Verified; readonly published: PublishedView | undefined };

/** Asks Athena for a view and compares its answer with Spark's. Throws what is not the view's fault. */
export async function compareView(
  athena: Athena,
  database: string,
  view: string,
  { verified, published }: Sides,
  signal: AbortSignal,
): Promise<Comparison> {
  const spark = verified.views[view];
  const problems: string[] = [];
  if (spark === undefined) {
    const reason = verified.failed[view];
    problems.push(
      reason === undefined ? 'Spark has not read the view' : `Spark could not read the view: ${reason}`,
    );
  }
  let answer: ViewAnswer;
  try {
    answer = await athenaAnswer(athena, athenaName(database, view), signal);
  } catch (error) {
    if (!(error instanceof AthenaQueryError)) throw error;
    return { problems: [...problems, error.message] };
  }
  if (spark === undefined) return { athena: answer, problems };
  const found = differences(answer, spark);
  if (found.length > 0 && published?.hash && spark.hash !== undefined && spark.hash !== published.hash) {
    const at = published.published_at ?? 'not known when';
    const since = `it was published again (${at}), and Spark has not read it since`;
    return { athena: answer, problems: [since], changedSince: true };
  }
  const sameColumns = isDeepStrictEqual(answer.columns, spark.columns);
  return {
    athena: answer,
    problems: found,
    ...(found.length > 0 && sameColumns ? { rowsDiffer: true } : {}),
  };
}

async function athenaAnswer(athena: Athena, view: string, signal: AbortSignal): Promise<ViewAnswer> {
  const { columns } = await athena.query(`SELECT * FROM ${view} LIMIT 0`, signal);
  const parts = [];
  for (const sql of fingerprintQueries(view, columns)) {
    const { rows } = await athena.query(sql, signal);
    const [n, d1, d2] = rows[0] ?? [];
    parts.push({ rows: BigInt(n ?? 0), d1: BigInt(d1 ?? 0), d2: BigInt(d2 ?? 0) });
  }
  return { columns, ...fingerprintOf(parts) };
}

function differences(athena: ViewAnswer, spark: ViewAnswer): string[] {
  const problems: string[] = [];
  const at = athena.columns.findIndex((column, index) => column !== spark.columns[index]);
  if (at >= 0 || athena.columns.length !== spark.columns.length) {
    const position = at >= 0 ? at : athena.columns.length;
    const name = (columns: readonly string[]) => columns[position] ?? 'no column';
    problems.push(
      `the columns differ from the ${position + 1}. on: ${name(athena.columns)} in Athena, ${name(spark.columns)} in Spark`,
    );
  }
  if (athena.rows !== spark.rows) problems.push(`${athena.rows} rows in Athena, ${spark.rows} in Spark`);
  if (athena.fingerprint !== spark.fingerprint) {
    problems.push(`the fingerprints differ: ${athena.fingerprint} in Athena, ${spark.fingerprint} in Spark`);
  }
  return problems;
}
