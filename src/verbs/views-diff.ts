import { openGlue } from '../aws/glue.ts';
import type { Lake } from '../lake/lake.ts';
import { TEXT } from '../lake/view-columns.ts';
import {
  changedSince,
  currentSnapshot,
  type LakeFacts,
  type ViewStanding,
  viewStandings,
} from '../lake/view-standing.ts';
import { RULES_FILE, type ViewWarnings, viewWarnings, warningLines } from '../lake/view-warnings.ts';
import { dryRun, type JobDifference } from './dry-run.ts';
import { factsWithWarning, noViews, viewNamed } from './lake-facts.ts';
import { counted } from './progress.ts';
import { type Conversation, VerbFailure } from './verb.ts';

/** What the publisher would do with one view. `columns_now`: none for a view that is not there. */
export type ViewChange = {
  readonly view: string;
  readonly entity1: string | null;
  readonly change: 'create' | 'update' | 'drop' | 'mark' | 'keep' | 'leave' | 'refuse';
  readonly why: string;
  readonly columns_now: readonly string[];
  readonly columns_wanted: readonly string[];
  /** Columns that stay and get another type, which only a dry run tells. */
  readonly types_changed: readonly TypeChange[];
  /** New columns that are no texts, with their types; of a dry run alone as well. */
  readonly types_new: Readonly<Record<string, string>>;
};
export type TypeChange = { readonly column: string; readonly now: string; readonly wanted: string };
export type ViewsDiffResult = {
  readonly database: string;
  /** What the answer rests on: what the last run kept, or a dry run of the publisher. */
  readonly known_by: 'state' | 'job';
  readonly snapshot_id: string | null;
  readonly views: readonly ViewChange[];
  readonly unchanged: number;
  /** What has changed since that run, what of it the state does not tell, and how to learn it; `null` when it tells all. */
  readonly not_known: { readonly what: string; readonly why: string; readonly cure: string } | null;
  /** Of the views as they are wanted, from a dry run alone. */
} & ViewWarnings;

const NO_TABLE = 'nothing was ingested yet: there is no entity table whose views could differ';

export type DiffOptions = {
  /** One view, as in `viewNamed`. */
  readonly view?: string | undefined;
  /** Let the publisher find out by a dry run, which scans the table. */
  readonly job: boolean;
};

/**
 * What the next run of the publisher would change; changes nothing. Throws ExplainedError. Views that it would refuse are
 * no error here: `refusedViews` makes one of them.
 */
export async function diffViews(
  lake: Lake,
  options: DiffOptions,
  conversation: Conversation,
): Promise<ViewsDiffResult> {
  const facts = await factsWithWarning(lake, conversation);
  const isEmpty = !facts.tables.has(facts.table) && viewStandings(facts).length === 0;
  if (isEmpty) throw noViews(lake, NO_TABLE);
  if (options.job) {
    const glue = openGlue(lake.connection, lake.config.log_group);
    const found = differenceOfJob(lake, facts, await dryRun(lake, glue, conversation));
    for (const line of warningLines(found, lake.config.jobs.views)) conversation.say(line);
    return chosen(lake, facts, found, options.view);
  }
  return chosen(lake, facts, differenceOfState(lake, facts), options.view);
}

/** The failure that the views are which would not be published; `undefined` where there is none. */
export function refusedViews(lake: Lake, result: ViewsDiffResult): VerbFailure | undefined {
  const refused = result.views.filter(({ change }) => change === 'refuse').map(({ view }) => view);
  if (refused.length === 0) return undefined;
  return new VerbFailure(result, {
    what: `${counted(refused.length, 'view')} would NOT be published`,
    where: refused.map((view) => `${result.database}.${view}`).join('\n'),
    why: `a rule of ${RULES_FILE} cannot hold for the columns there are, or an engine refuses it; the reason stands at each`,
    cure: `mend the file where it is named, then ${lake.call('upload-assets')}, then the same again`,
  });
}

/** All changes, or those of the view that was asked for. */
function chosen(lake: Lake, facts: LakeFacts, all: ViewsDiffResult, asked: string | undefined) {
  if (asked === undefined) return all;
  const isNew = all.views.find(({ view, entity1 }) => view === asked || entity1 === asked);
  // A view that rows ask for which came since is known to a dry run alone.
  const cure =
    all.not_known === null ? undefined : `if rows that came since ask for it: ${all.not_known.cure}`;
  const { view } = isNew ?? viewNamed(lake, viewStandings(facts), asked, cure);
  const views = all.views.filter((each) => each.view === view);
  return { ...all, views, unchanged: views.length === 0 ? 1 : 0 };
}

/** What the state of the last run and the catalog tell. */
function differenceOfState(lake: Lake, facts: LakeFacts): ViewsDiffResult {
  const standings = viewStandings(facts);
  const changes = standings.flatMap((standing) => changeOf(lake, standing) ?? []);
  return {
    database: lake.config.database,
    known_by: 'state',
    snapshot_id: currentSnapshot(facts),
    views: changes,
    unchanged: standings.length - changes.length,
    not_known: notKnown(lake, facts),
    ...viewWarnings(undefined),
  };
}

function notKnown(lake: Lake, facts: LakeFacts): ViewsDiffResult['not_known'] {
  const { settings, table } = changedSince(facts);
  if (settings === null && table === null) return null;
  return {
    what:
      table === null
        ? 'which views that changes'
        : 'which entity1 and keys there are now, and so which views are new or get other columns',
    why: [settings, table].filter((why) => why !== null).join('; '),
    cure: `npx mydatahub views diff --job --lake ${lake.name} (a dry run of ${lake.config.jobs.views}, which changes nothing)`,
  };
}

function changeOf(lake: Lake, standing: ViewStanding): ViewChange | undefined {
  const { view, entity1, freshness, why, columns, published_columns } = standing;
  const wanted = published_columns ?? columns;
  const change = { view, entity1, why: why ?? '', ...columnsOf(columns, wanted) };
  switch (freshness) {
    case 'missing':
      return { ...change, change: 'create' };
    case 'refused':
      return { ...change, change: 'refuse', columns_wanted: columns };
    case 'unfinished':
      return { ...change, change: columns.length === 0 ? 'create' : 'update' };
    case 'differs':
      return { ...change, change: 'update' };
    case 'without-data':
      return { ...change, ...withoutData(lake), why: change.why, columns_wanted: columns };
    case 'unknown':
      return { ...change, change: 'leave' };
    case 'behind':
    case 'current':
      return undefined;
  }
}

function withoutData(lake: Lake): { change: 'keep' | 'mark' | 'drop' } {
  return { change: lake.config.views.without_data };
}

/**
 * What a dry run of the publisher tells. A view whose rules cannot hold, and which stays as it is, is in no other list of
 * it than `refused`, and is counted among the unchanged.
 */
export function differenceOfJob(lake: Lake, facts: LakeFacts, found: JobDifference): ViewsDiffResult {
  const told = new Set([found.new, found.changed, found.without_data].flatMap(Object.keys));
  const onlyRefused = Object.keys(found.refused).filter((view) => !told.has(view));
  const changes: ViewChange[] = [
    ...Object.entries(found.new).map(([view, { entity1, columns, types }]): ViewChange => {
      return {
        view,
        entity1,
        change: 'create',
        why: 'it is not in the catalog',
        ...columnsOf([], columns),
        types_new: types,
      };
    }),
    ...Object.entries(found.changed).map(([view, wanted]): ViewChange => {
      const { entity1, columns, columns_now, why } = wanted;
      const types = { types_changed: typesChanged(wanted), types_new: typesNew(wanted) };
      return { view, entity1, change: 'update', why, ...columnsOf(columns_now, columns), ...types };
    }),
    ...Object.entries(found.without_data).map(([view, entity1]): ViewChange => {
      const columns = facts.tables.get(view)?.columns ?? [];
      const why = 'no row of its entity1 is left';
      return { view, entity1, ...withoutData(lake), why, ...columnsOf(columns, columns) };
    }),
    ...onlyRefused.map((view): ViewChange => {
      const entity1 = facts.published?.views[view]?.entity1 ?? null;
      const columns = facts.tables.get(view)?.columns ?? [];
      return { view, entity1, change: 'refuse', why: '', ...columnsOf(columns, columns) };
    }),
  ];
  return {
    database: lake.config.database,
    known_by: 'job',
    snapshot_id: found.snapshot_id,
    views: changes
      .map((change) => refusal(change, found.refused[change.view]))
      .sort((a, b) => (a.view < b.view ? -1 : 1)),
    unchanged: found.unchanged - onlyRefused.length,
    not_known: null,
    ...viewWarnings(found),
  };
}

/** Columns whose types stay, as far as is known. */
function columnsOf(now: readonly string[], wanted: readonly string[]) {
  return { columns_now: now, columns_wanted: wanted, types_changed: [], types_new: {} };
}

function typesChanged(found: JobDifference['changed'][string]): TypeChange[] {
  return found.columns.flatMap((column) => {
    const now = found.types_now[column] ?? TEXT;
    const wanted = found.types[column] ?? TEXT;
    return found.columns_now.includes(column) && now !== wanted ? [{ column, now, wanted }] : [];
  });
}

function typesNew({ types, columns_now }: JobDifference['changed'][string]): Record<string, string> {
  return Object.fromEntries(Object.entries(types).filter(([column]) => !columns_now.includes(column)));
}

/**
 * A change that the publisher would not make, because the rules of the view cannot hold. The columns that it found for
 * such a view may be those without any rule, which nobody asked for: nothing is said to change.
 */
function refusal(change: ViewChange, why: string | undefined): ViewChange {
  if (why === undefined) return change;
  return { ...change, change: 'refuse', why, ...columnsOf(change.columns_now, change.columns_now) };
}
