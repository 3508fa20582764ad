import { catalogTables } from '../aws/catalog-tables.ts';
import { digestOfRules } from '../lake/custom-views/digest.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { readPublishedViews } from '../lake/lake-state.ts';
import { VIEW_PREFIX } from '../lake/naming.ts';
import { nearestNames } from '../lake/nearest.ts';
import { readNotIngested } from '../lake/not-ingested.ts';
import { type LakeFacts, type ViewStanding, viewStandings } from '../lake/view-standing.ts';
import { snapshotsOf } from './history.ts';
import { counted } from './progress.ts';
import type { Conversation } from './verb.ts';

/**
 * What the views of a lake are judged by: the catalog's listing, the publisher's state and the table's metadata. No engine
 * and no query. Throws ExplainedError.
 */
export async function readLakeFacts(lake: Lake): Promise<LakeFacts> {
  const { database, table, views } = lake.config;
  const [tables, published, rules] = await Promise.all([
    catalogTables(lake.connection, database),
    readPublishedViews(lake),
    digestOfRules(lake),
  ]);
  return {
    table,
    tables,
    snapshots: await snapshotsOf(lake, tables.get(table)),
    published,
    settings: views,
    rules,
  };
}

/** The facts, and a word of the files whose keys no view has yet since no ingestion has seen them. Throws ExplainedError. */
export async function factsWithWarning(lake: Lake, conversation: Conversation): Promise<LakeFacts> {
  const [facts, { sent, removed }] = await Promise.all([readLakeFacts(lake), readNotIngested(lake)]);
  const parts = [
    ...(sent > 0 ? [`${counted(sent, 'file')} sent`] : []),
    ...(removed > 0 ? [`${counted(removed, 'file')} removed`] : []),
  ];
  if (parts.length > 0) {
    const what = parts.join(' and ');
    conversation.say(`not ingested yet, so that no view knows of it: ${what}: ${lake.call('run-ingestion')}`);
  }
  return facts;
}

/** Every entity view of the lake. Throws ExplainedError when there is none. */
export function standingsOf(lake: Lake, facts: LakeFacts): ViewStanding[] {
  const views = viewStandings(facts);
  if (views.length > 0) return views;
  throw noViews(lake, 'nothing was ingested yet, or no run of the publisher has come so far');
}

export function noViews(lake: Lake, why: string): ExplainedError {
  return new ExplainedError({
    what: 'there is no view at all',
    where: `${lake.config.database} of lake ${lake.name}`,
    why,
    cure: `${lake.call('upload-data')}, then run-ingestion and wait-for-views`,
  });
}

/**
 * The view that a person means: its name, with or without database and `entity_view_`, or its entity1 as it is in the
 * source files. Throws ExplainedError with the nearest names, and `cure` where another one helps.
 */
export function viewNamed(
  lake: Lake,
  views: readonly ViewStanding[],
  asked: string,
  cure = `npx mydatahub views list --lake ${lake.name} shows all names`,
): ViewStanding {
  const name = asked.startsWith(`${lake.config.database}.`)
    ? asked.slice(lake.config.database.length + 1)
    : asked;
  const found =
    views.find(({ view }) => view === name) ??
    views.find(({ entity1 }) => entity1 === asked) ??
    views.find(({ view }) => view === VIEW_PREFIX + name);
  if (found !== undefined) return found;
  const full = name.startsWith(VIEW_PREFIX) ? name : VIEW_PREFIX + name.toLowerCase();
  const near = nearestNames(full, new Set(views.map(({ view }) => view)));
  throw new ExplainedError({
    what: `there is no view ${asked}`,
    where: `${lake.config.database} of lake ${lake.name}, which has ${views.length}`,
    why: near.length > 0 ? `most like it: ${near.join(', ')}` : 'no view has a name like it',
    cure,
    exitStatus: 2,
  });
}
