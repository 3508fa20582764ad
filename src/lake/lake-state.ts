import type { z } from 'zod';
import { ExplainedError } from './explained-error.ts';
import type { Lake } from './lake.ts';
import {
  type HeldContent,
  type Holds,
  holds,
  ingested,
  type Names,
  names,
  type PublishedViews,
  parseState,
  publishedViews,
  stateText,
  type Verified,
  type ViewGrants,
  type ViewRows,
  type ViewSql,
  verified,
  viewGrants,
  viewRows,
  viewSql,
} from './state.ts';

/** Writers that may come first before a change is given up. */
const ATTEMPTS = 10;

/** One state object, or `undefined` when it was not written yet. Throws ExplainedError when it cannot be read. */
async function stateObject<T>(lake: Lake, name: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const key = lake.config.prefixes.state + name;
  const object = await lake.bucket.text(key);
  return object === undefined ? undefined : parseState(schema, object.body, lake.bucket.url(key));
}

export const readIngested = (lake: Lake) => stateObject(lake, 'ingested.json', ingested);
export const readHolds = (lake: Lake) => stateObject(lake, 'holds.json', holds);
export const readNames = (lake: Lake): Promise<Names | undefined> => stateObject(lake, 'names.json', names);
export const readVerified = (lake: Lake): Promise<Verified | undefined> =>
  stateObject(lake, 'verified.json', verified);
export const readPublishedViews = (lake: Lake): Promise<PublishedViews | undefined> =>
  stateObject(lake, 'views.json', publishedViews);
export const readViewGrants = (lake: Lake): Promise<ViewGrants | undefined> =>
  stateObject(lake, 'grants.json', viewGrants);
export const readViewSql = (lake: Lake, view: string): Promise<ViewSql | undefined> =>
  stateObject(lake, `view-sql/${view}.json`, viewSql);
export const readViewRows = (lake: Lake, view: string): Promise<ViewRows | undefined> =>
  stateObject(lake, `rows/${view}.json`, viewRows);

/**
 * Forgets what was published, so that the next run publishes every view anew; names stay as they are. Another writer
 * that comes first has published just now: then there is nothing to forget.
 */
export async function forgetPublishedViews(lake: Lake): Promise<void> {
  const key = `${lake.config.prefixes.state}views.json`;
  const object = await lake.bucket.text(key);
  if (object === undefined) return;
  const nothing: PublishedViews = { version: 1, snapshot_id: null, views: {} };
  await lake.bucket.putIf(key, stateText(nothing), { ifMatch: object.etag });
}

/** The contents that `keep` chooses stay held; the others may come back with the next ingestion. Throws ExplainedError. */
export async function releaseHolds(lake: Lake, keep: (content: HeldContent) => boolean): Promise<void> {
  const key = `${lake.config.prefixes.state}holds.json`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const object = await lake.bucket.text(key);
    if (object === undefined) return;
    const { contents } = parseState(holds, object.body, lake.bucket.url(key));
    const body = stateText({ version: 1, contents: contents.filter(keep) } satisfies Holds);
    if ((await lake.bucket.putIf(key, body, { ifMatch: object.etag })) !== undefined) return;
  }
  throw new ExplainedError({
    what: 'the held contents could not be written: other writers came first each time',
    where: lake.bucket.url(key),
    cure: `wait for the run that is under way, then ${lake.call('release')}`,
  });
}
