import type { Athena } from '../aws/athena.ts';
import type { Glue } from '../aws/glue.ts';
import { openLogs } from '../aws/logs.ts';
import { athenaName } from '../lake/athena-sql.ts';
import { hashedRowsQuery } from '../lake/fingerprint.ts';
import type { Lake } from '../lake/lake.ts';
import { readViewRows } from '../lake/lake-state.ts';
import {
  type FirstRows,
  isHashedByEntity,
  type RowDifference,
  rowDifference,
} from '../lake/row-difference.ts';
import { parseState, type ViewRows, viewRows } from '../lake/state.ts';
import { endedJobRun } from './ended-job-run.ts';
import type { Conversation } from './verb.ts';
import { printedResult } from './verification.ts';

/** Rows that Athena is asked for beyond those that Spark has given. */
const FURTHER = 10;

/**
 * How the first rows of a view differ between the engines. Spark's rows come from a run of the verify job
 * for this view, which has `sparkCount` rows there. A failure here is said and does not hide the difference that led here.
 */
export async function differingRows(
  lake: Lake,
  glue: Glue,
  athena: Athena,
  view: string,
  sparkCount: number,
  conversation: Conversation,
): Promise<RowDifference | undefined> {
  try {
    const spark = await sparkRows(lake, glue, view, conversation);
    const athenaRows = await rowsInAthena(lake, athena, view, spark, conversation);
    const sparkRowsRead = { rows: spark.rows, complete: spark.rows.length >= sparkCount };
    return rowDifference(spark.columns, athenaRows, sparkRowsRead);
  } catch (error) {
    conversation.signal.throwIfAborted();
    conversation.say(
      `the differing rows of ${view} cannot be shown: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}

async function sparkRows(
  lake: Lake,
  glue: Glue,
  view: string,
  conversation: Conversation,
): Promise<ViewRows> {
  const { verify } = lake.config.jobs;
  const id = await glue.startJobRun(verify, { '--rows_of': view });
  conversation.started({ kind: 'job-run', name: verify, id });
  conversation.say(`${verify} reads the rows of ${view} (job run ${id})`);
  const run = await endedJobRun(lake, glue, verify, id, conversation);
  if (run.state !== 'SUCCEEDED')
    throw new Error(`job run ${id} ended as ${run.state}: ${run.error ?? 'no reason given'}`);
  const printed = await printedResult(run, openLogs(lake.connection));
  const rows =
    printed === undefined
      ? await readViewRows(lake, view)
      : parseState(viewRows, printed, `the output of job run ${id}`);
  if (rows === undefined) throw new Error(`job run ${id} has written no rows`);
  if (rows.rows.every(isHashedByEntity)) return rows;
  throw new Error(`the lake has the Glue scripts of another version: ${lake.call('upload-assets')}`);
}

/** Somewhat more rows than Spark gave, in the same order. */
async function rowsInAthena(
  lake: Lake,
  athena: Athena,
  view: string,
  spark: ViewRows,
  conversation: Conversation,
): Promise<FirstRows> {
  const name = athenaName(lake.config.database, view);
  const { columns } = await athena.query(`SELECT * FROM ${name} LIMIT 0`, conversation.signal);
  const asked = spark.rows.length + FURTHER;
  const sql = hashedRowsQuery(name, columns, asked);
  const { rows } = await athena.query(sql, conversation.signal);
  return {
    rows: rows.map(([hash, ...values]) => ({ hash: hash ?? '', values })),
    complete: rows.length < asked,
  };
}
