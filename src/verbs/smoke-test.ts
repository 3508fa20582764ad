import { type Athena, openAthena, type QuerySpending } from '../aws/athena.ts';
import { openGlue } from '../aws/glue.ts';
import { openLogs } from '../aws/logs.ts';
import { athenaName } from '../lake/athena-sql.ts';
import { concurrently } from '../lake/concurrently.ts';
import { digestOfRules } from '../lake/custom-views/digest.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { readNames, readPublishedViews } from '../lake/lake-state.ts';
import { assignNames } from '../lake/naming.ts';
import type { RowDifference } from '../lake/row-difference.ts';
import type { PublishedViews, Verified } from '../lake/state.ts';
import { compareView, type ViewAnswer } from './compare-view.ts';
import { differenceLines } from './difference-lines.ts';
import { differingRows } from './differing-rows.ts';
import { inspectViews } from './inspect-views.ts';
import { type JobResult, jobResults } from './job-result.ts';
import { noViews } from './lake-facts.ts';
import { counted } from './progress.ts';
import { mendRefused } from './refused-views.ts';
import { type Conversation, VerbFailure } from './verb.ts';
import { readVerification } from './verification.ts';

/** Athena queries at a time. */
const AT_ONCE = 5;
/** Views whose differing rows are shown: each takes a run of a job. */
const SHOWN_DIFFERENCES = 3;

export type SmokeTestView = {
  readonly view: string;
  readonly entity1: string;
  readonly ok: boolean;
  /** In Athena. */
  readonly rows: number | null;
  readonly spark_rows: number | null;
  readonly columns: number | null;
  readonly fingerprint: string | null;
  readonly problems: readonly string[];
  readonly differences?: RowDifference;
};
export type SmokeTestResult = {
  readonly ok: boolean;
  readonly snapshot_id: string;
  readonly views: readonly SmokeTestView[];
  /** What the comparison has used in Athena, bytes. */
  readonly queries: QuerySpending;
  /** Of the workflow run that was named. */
  readonly jobs: readonly JobResult[];
};

/**
 * Compares every view in both engines at the same snapshot: columns, row count, fingerprint (docs/smoke-test.md).
 * Spark's side is what the verify job wrote, Athena's is asked now. `runId`: a workflow run to say the consumption of. Throws VerbFailure when a view is missing, stale,
 * has one dialect only or differs, and ExplainedError when there is no view at all or the snapshots are not the same.
 */
export async function smokeTest(
  lake: Lake,
  runId: string | undefined,
  conversation: Conversation,
): Promise<SmokeTestResult> {
  const glue = openGlue(lake.connection, lake.config.log_group);
  const athena = openAthena(lake.connection, lake.config, conversation.clock, (id) =>
    conversation.started({ kind: 'query', id }),
  );
  const { database, table } = lake.config;
  const { signal } = conversation;
  if ((await glue.table(database, table)) === undefined) throw noViews(lake, 'there is no entity table');

  const publications = readPublishedViews(lake);
  const [snapshot, verified, published, expected] = await Promise.all([
    currentSnapshot(lake, athena, conversation),
    readVerification(lake, glue, openLogs(lake.connection)),
    publications,
    expectedViews(lake, athena, publications, conversation),
  ]);
  if (expected.size === 0) throw noViews(lake, 'the entity table holds no rows');
  const mend = async () => mendRefused(lake, published, await digestOfRules(lake));
  if (verified?.snapshot_id !== snapshot) throw otherSnapshot(lake, snapshot, verified, await mend());

  const views = [...expected.keys()].sort();
  const conditions = await inspectViews(glue, database, views);
  const notReadSince = new Set<string>();
  const rowsDiffer = new Set<string>();
  const compared = await concurrently(views, AT_ONCE, async (view, index): Promise<SmokeTestView> => {
    const spark_rows = verified.views[view]?.rows ?? null;
    const identity = { view, entity1: expected.get(view) ?? '', spark_rows };
    const problem = conditions[index]?.problem ?? null;
    if (problem !== null) return { ...identity, ...NO_ANSWER, ok: false, problems: [problem] };
    const sides = { verified, published: published?.views[view] };
    const comparison = await compareView(athena, database, view, sides, signal);
    if (comparison.changedSince) notReadSince.add(view);
    if (comparison.rowsDiffer) rowsDiffer.add(view);
    const { problems } = comparison;
    return { ...identity, ...shown(comparison.athena), ok: problems.length === 0, problems };
  });

  const after = await currentSnapshot(lake, athena, conversation);
  if (after !== snapshot) throw movedMeanwhile(lake, snapshot, after);

  const differences = new Map<string, RowDifference>();
  for (const view of [...rowsDiffer].sort().slice(0, SHOWN_DIFFERENCES)) {
    const sparkCount = verified.views[view]?.rows ?? 0;
    const difference = await differingRows(lake, glue, athena, view, sparkCount, conversation);
    if (difference !== undefined) differences.set(view, difference);
  }
  const results = compared.map((result) => {
    const found = differences.get(result.view);
    return found === undefined ? result : { ...result, differences: found };
  });
  const run = runId === undefined ? undefined : await glue.workflowRun(lake.config.workflow, runId);
  const used = { queries: athena.spent(), jobs: jobResults(lake, run) };
  const result = { ok: results.every(({ ok }) => ok), snapshot_id: snapshot, views: results, ...used };
  const refused = Object.values(published?.views ?? {}).filter((view) => view.refused !== undefined).length;
  if (refused > 0) {
    conversation.say(
      `compared as an earlier run left ${refused === 1 ? 'it' : 'them'}: ${counted(refused, 'view')} that the last run refused: npx mydatahub views list --lake ${lake.name}`,
    );
  }
  const mended = notReadSince.size > 0 ? await mend() : undefined;
  return conclusion(lake, result, notReadSince, mended, conversation);
}

const NO_ANSWER = { rows: null, columns: null, fingerprint: null };

function shown(answer: ViewAnswer | undefined) {
  if (answer === undefined) return NO_ANSWER;
  return { rows: answer.rows, columns: answer.columns.length, fingerprint: answer.fingerprint };
}

/** `notReadSince`: views that were published again since Spark has read them. */
function conclusion(
  lake: Lake,
  result: SmokeTestResult,
  notReadSince: ReadonlySet<string>,
  mend: ReturnType<typeof mendRefused>,
  conversation: Conversation,
): SmokeTestResult {
  const { views, snapshot_id } = result;
  const width = Math.max(...views.map(({ view }) => view.length));
  for (const { view, ok, rows, columns, problems, differences } of views) {
    const size = rows === null ? '' : `  ${counted(rows, 'row')}, ${counted(columns ?? 0, 'column')}`;
    conversation.say(`${ok ? 'same  ' : 'FAILED'}  ${view.padEnd(width)}${size}`);
    const lines = differences === undefined ? problems : [...problems, ...differenceLines(differences)];
    for (const line of lines) conversation.say(`          ${line}`);
  }
  if (result.ok) {
    conversation.say(
      `${counted(views.length, 'view')}: the same answer in Athena and in Spark at snapshot ${snapshot_id}`,
    );
    return result;
  }
  const bad = views.filter(({ ok }) => !ok);
  const failed = `${counted(bad.length, 'view')} of ${views.length} did not pass`;
  const where = bad.map(({ view }) => view).join(', ');
  if (bad.every(({ view }) => notReadSince.has(view))) {
    throw new VerbFailure(result, {
      what: failed,
      where,
      why: `the run that published them ended before ${lake.config.jobs.verify}: ${mend?.reasons ?? 'most likely another view failed in it'}`,
      cure:
        mend?.cure ??
        `mend what ${lake.call('wait-for-views')} names, then ${lake.call('run-ingestion', 'refresh')}`,
    });
  }
  throw new VerbFailure(result, {
    what: failed,
    where,
    why: 'see the lines above: a view is missing, stale, lacks a dialect, or the engines answer differently, where config/views.yml has expressions most likely by one of them',
    cure: `${lake.call('run-ingestion', 'republish')}, then wait-for-views: publishes and verifies all views again; an expression has to be written in another way (docs/custom-views.md)`,
  });
}

async function currentSnapshot(lake: Lake, athena: Athena, conversation: Conversation): Promise<string> {
  const refs = athenaName(lake.config.database, `${lake.config.table}$refs`);
  const sql = `SELECT CAST(snapshot_id AS varchar) AS snapshot_id FROM ${refs} WHERE name = 'main'`;
  const { rows } = await athena.query(sql, conversation.signal);
  const id = rows[0]?.[0];
  if (typeof id === 'string') return id;
  throw noViews(lake, 'the entity table has no snapshot: nothing was ingested yet');
}

/** View name to entity1, for every entity1 in the table; one with very many keys has further views. */
async function expectedViews(
  lake: Lake,
  athena: Athena,
  publications: Promise<PublishedViews | undefined>,
  conversation: Conversation,
): Promise<Map<string, string>> {
  const table = athenaName(lake.config.database, lake.config.table);
  const [{ rows }, names, published] = await Promise.all([
    athena.query(`SELECT DISTINCT entity1 FROM ${table}`, conversation.signal),
    readNames(lake),
    publications,
  ]);
  const entities = rows.map(([entity1]) => entity1 ?? '');
  const assigned = assignNames(entities, 'view', new Map(Object.entries(names?.views ?? {})));
  const present = new Set(entities);
  const further = Object.entries(published?.views ?? {}).filter(([, { entity1 }]) => present.has(entity1));
  return new Map([
    ...further.map(([view, { entity1 }]) => [view, entity1] as const),
    ...entities.map((entity1) => [assigned.get(entity1) ?? '', entity1] as const),
  ]);
}

function otherSnapshot(
  lake: Lake,
  snapshot: string,
  verified: Verified | undefined,
  mend: ReturnType<typeof mendRefused>,
): ExplainedError {
  return new ExplainedError({
    what: 'Spark has not verified the views at the current snapshot of the entity table',
    where: `the table is at ${snapshot}, Spark's result ${
      verified === undefined ? 'does not exist yet' : `is of ${verified.snapshot_id ?? 'an empty table'}`
    }`,
    why:
      mend === undefined
        ? 'data was ingested since, or the verify job has not ended'
        : `${lake.config.jobs.verify} follows the views job, which failed: ${mend.reasons}`,
    cure:
      mend?.cure ??
      `${lake.call('wait-for-views')}; if no run is under way, ${lake.call('run-ingestion', 'refresh')} verifies again`,
  });
}

function movedMeanwhile(lake: Lake, before: string, after: string): ExplainedError {
  return new ExplainedError({
    what: 'the entity table changed while it was compared',
    where: `snapshot ${before} before, ${after} after`,
    why: 'another push was ingested at the same time',
    cure: `${lake.call('wait-for-views')}, then ${lake.call('smoke-test')}`,
  });
}
