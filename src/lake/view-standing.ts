import { isDeepStrictEqual } from 'node:util';
import type { CatalogTable } from '../aws/glue.ts';
import type { Snapshot } from './history.ts';
import { VIEW_PREFIX } from './naming.ts';
import type { PublishedView, PublishedViews } from './state.ts';
import { type ViewSize, viewSize } from './view-size.ts';

export type DialectState = 'ok' | 'missing' | 'stale';
/**
 * - `current`: both dialects are as the publisher made them, for the keys that the table holds now;
 * - `behind`: they are as it made them, but table or settings have changed since: what that asks for, a run finds out;
 * - `differs`: the catalog holds something else than was published, or less: the next run mends it;
 * - `refused`: the last run left it as it was, since its rules cannot hold or an engine refuses what they ask for;
 * - `unfinished`: its last publication failed or was cut short; `missing`: published, and gone from the catalog;
 * - `without-data`: its entity1 has no row any more; `unknown`: no run of the publisher knows it.
 */
export type Freshness =
  | 'current'
  | 'behind'
  | 'differs'
  | 'refused'
  | 'unfinished'
  | 'missing'
  | 'without-data'
  | 'unknown';

/** How a view stands: what the catalog holds beside what was published and what the table is now. */
export type ViewStanding = {
  readonly view: string;
  readonly entity1: string | null;
  readonly athena: DialectState;
  readonly spark: DialectState;
  readonly freshness: Freshness;
  /** `null` when it is current. */
  readonly why: string | null;
  /** In the catalog; empty when the view is not there. */
  readonly columns: readonly string[];
  /** As published last; `null` when that is not known. */
  readonly published_columns: readonly string[] | null;
  readonly published_at: string | null;
  /** The snapshot whose keys it was made from. */
  readonly snapshot_id: string | null;
  readonly size: ViewSize | null;
};

/** What there is to judge by. `tables`: of the Data Catalog; `snapshots`: of the entity table, newest first. */
export type LakeFacts = {
  readonly table: string;
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly snapshots: readonly Snapshot[];
  readonly published: PublishedViews | undefined;
  readonly settings: Readonly<Record<string, string>>;
  /** SHA-256 of config/views.yml as it is in the bucket; `null` without one. */
  readonly rules: string | null;
};

/** The snapshot that the table is at; `null` while nothing was ingested. */
export function currentSnapshot({ snapshots }: Pick<LakeFacts, 'snapshots'>): string | null {
  return snapshots.find(({ state }) => state === 'current')?.snapshot_id ?? null;
}

/** What has happened since the views were published that may ask for other ones; `null` where nothing has. */
export type ChangesSince = {
  /** Of the settings of the views or their rules. */
  readonly settings: string | null;
  /** Of the rows. */
  readonly table: string | null;
};

export function changedSince(facts: LakeFacts): ChangesSince {
  return { settings: settingsChange(facts), table: tableChange(facts) };
}

function settingsChange({ published, settings, rules }: LakeFacts): string | null {
  if (published !== undefined && (published.rules ?? null) !== rules) return 'config/views.yml has changed';
  if (published?.settings === undefined || isDeepStrictEqual(published.settings, settings)) return null;
  return `the settings of the views have changed: ${settingsLine(published.settings, settings)}`;
}

function tableChange(facts: LakeFacts): string | null {
  const { published, snapshots } = facts;
  if (published === undefined || published.snapshot_id === null) return 'no run of the publisher has ended';
  const now = currentSnapshot(facts);
  if (published.snapshot_id === now) return null;
  const since = snapshots.findIndex(({ snapshot_id }) => snapshot_id === published.snapshot_id);
  const commits = snapshots.slice(0, Math.max(since, 0)).filter(({ state }) => state !== 'undone');
  const onTheLine = since >= 0 && snapshots[since]?.state === 'past';
  // Compaction rewrites files and leaves every row as it is.
  if (onTheLine && commits.every(({ operation }) => operation === 'replace')) return null;
  return `the table has moved from snapshot ${published.snapshot_id} to ${now ?? 'none'}${commitsLine(commits)}`;
}

/** Whether the entity table has other columns than when the views were published, which makes all of them stale. */
function hasOtherColumns({ published, tables, table }: LakeFacts): boolean {
  const before = published?.table_columns?.map((column) => column.split(' ')[0]?.toLowerCase());
  const now = tables.get(table)?.columns;
  return before !== undefined && now !== undefined && !isDeepStrictEqual(before, [...now]);
}

/** Every entity view that was published or is in the catalog, by name. */
export function viewStandings(facts: LakeFacts): ViewStanding[] {
  const { tables, published } = facts;
  const there = [...tables.keys()].filter((name) => name.startsWith(VIEW_PREFIX));
  const names = new Set([...there, ...Object.keys(published?.views ?? {})]);
  const changes = {
    now: currentSnapshot(facts),
    settings: settingsChange(facts),
    table: tableChange(facts),
    reshaped: hasOtherColumns(facts),
  };
  return [...names].sort().map((view) => {
    const known = published?.views[view];
    const gone = published?.without_data?.[view];
    const last = publishedLast(facts, view);
    const table = tables.get(view);
    const columns = table?.columns ?? [];
    const judged = judge(view, table, known, gone, changes);
    return {
      view,
      entity1: known?.entity1 ?? gone?.entity1 ?? null,
      athena: dialectState(table, 'ATHENA'),
      spark: dialectState(table, 'SPARK'),
      freshness: judged === null ? 'current' : judged[0],
      why: judged === null ? null : judged[1],
      columns,
      published_columns: last?.columns ?? null,
      published_at: last?.published_at ?? null,
      snapshot_id: last?.snapshot_id ?? null,
      size: last === undefined ? null : viewSize(last),
    };
  });
}

/** A view as it was published last, though its entity1 may have gone since. */
export function publishedLast({ published }: LakeFacts, view: string): PublishedView | undefined {
  return published?.views[view] ?? published?.without_data?.[view]?.published;
}

type Changes = {
  readonly now: string | null;
  readonly settings: string | null;
  readonly table: string | null;
  readonly reshaped: boolean;
};
const CUT_SHORT = 'its last publication failed or was cut short';
type Judgement = readonly [Exclude<Freshness, 'current'>, string] | null;

function judge(
  view: string,
  table: CatalogTable | undefined,
  known: PublishedView | undefined,
  gone: { readonly since: string } | undefined,
  changes: Changes,
): Judgement {
  if (known?.refused !== undefined && changes.settings === null) {
    return ['refused', `the last run refused it: ${known.refused}`];
  }
  if (known?.hash === '') {
    const refused = known.refused !== undefined && changes.settings !== null;
    const why = refused ? `the last run refused it; since then ${changes.settings}` : CUT_SHORT;
    return ['unfinished', why];
  }
  if (table === undefined) return ['missing', 'it was published and is not in the catalog any more'];
  const absent = DIALECTS.filter((dialect) => dialectState(table, dialect) === 'missing');
  if (absent.length === DIALECTS.length) return ['differs', `${view} is no multi-dialect view`];
  if (absent.length > 0) return ['differs', `the dialect ${absent.join(' and ')} is missing`];
  const stale = DIALECTS.filter((dialect) => dialectState(table, dialect) === 'stale');
  if (stale.length > 0) {
    return ['differs', `the dialect ${stale.join(' and ')} is stale: the other one was changed by force`];
  }
  if (gone !== undefined) return ['without-data', `no row of its entity1 is left since ${gone.since}`];
  if (known === undefined) {
    return ['unknown', 'nothing is known of its publication: somebody else made it, or the state was lost'];
  }
  if (!isDeepStrictEqual(known.columns, [...table.columns])) {
    return ['differs', 'it has other columns than were published: somebody changed it'];
  }
  if (changes.reshaped) return ['differs', 'the entity table has other columns than when it was made'];
  if (changes.settings !== null) return ['behind', changes.settings];
  // A run that was cut short has published some views for what the table holds now, and others not.
  if (changes.table === null || (changes.now !== null && known.snapshot_id === changes.now)) return null;
  return ['behind', changes.table];
}

const DIALECTS = ['ATHENA', 'SPARK'] as const;

function dialectState(table: CatalogTable | undefined, name: (typeof DIALECTS)[number]): DialectState {
  const found = table?.dialects.find(({ dialect }) => dialect === name);
  if (found === undefined) return 'missing';
  return found.stale ? 'stale' : 'ok';
}

function settingsLine(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name} was ${before[name] ?? 'not set'}, is ${now[name] ?? 'not set'}`)
    .join('; ');
}

/** At most so many files are named. */
const NAMED = 5;

function commitsLine(commits: readonly Snapshot[]): string {
  if (commits.length === 0) return '';
  const files = commits.flatMap((commit) => commit.files.map(({ path, change }) => `${path} ${change}`));
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  const told = files.length === 0 ? '' : `: ${files.slice(0, NAMED).join(', ')}${more}`;
  return ` (${commits.length} ${commits.length === 1 ? 'commit' : 'commits'}${told})`;
}
