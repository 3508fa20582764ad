import { isDeepStrictEqual } from 'node:util';
import type { Glue } from '../aws/glue.ts';
import { digestOfRules } from './custom-views/digest.ts';
import type { Lake } from './lake.ts';
import { readHolds, readIngested, readPublishedViews, readVerified, readViewGrants } from './lake-state.ts';
import { readManifest } from './manifest.ts';
import { isSourceFileName } from './source-folder.ts';

/**
 * Why a run of the workflow has work to do, in a few words; `null` when every object under the raw prefix is in the
 * table as it is or held, no removed file has rows there, the views are published and Spark has verified them, all at
 * the table's current snapshot, and their readers are those that are configured. Costs a list, seven GETs and one call
 * of the catalog; no engine and no query.
 */
export async function pendingWork(lake: Lake, glue: Glue): Promise<string | null> {
  const { prefixes, database, table } = lake.config;
  const listed = readManifest(lake).then(async (manifest) => {
    const near = manifest.files.map(({ key }) => key);
    return { manifest, objects: await lake.bucket.list(prefixes.raw, near) };
  });
  const [{ manifest, objects }, ingested, holds, views, verified, granted, entityTable, rules] =
    await Promise.all([
      listed,
      readIngested(lake),
      readHolds(lake),
      readPublishedViews(lake),
      readVerified(lake),
      readViewGrants(lake),
      glue.table(database, table),
      digestOfRules(lake),
    ]);
  // A lake that was only just made: there is nothing to ingest, and no view of nothing.
  if (entityTable === undefined && !objects.some(({ key }) => isSourceFileName(key))) return null;
  if (ingested === undefined || entityTable === undefined) return 'nothing was ingested yet';
  if (entityTable.parameters.metadata_location !== ingested.metadata_location) {
    return 'the entity table has changed since the last ingestion';
  }
  if (ingested.settings !== undefined && !isDeepStrictEqual(ingested.settings, lake.config.ingestion)) {
    return 'the settings of the ingestion have changed';
  }
  const present = new Set(objects.map(({ key }) => key));
  const removed = new Set(manifest.removed.map(({ key }) => key));
  const leaving = ingested.files.find(({ key }) => removed.has(key) && !present.has(key));
  if (leaving !== undefined) return `${leaving.key} was removed`;
  const held = new Set(holds?.contents.map(({ path, sha256 }) => `${sha256} ${path}`));
  const released = ingested.holds.find(({ path, sha256 }) => !held.has(`${sha256} ${path}`));
  if (released !== undefined) return `${released.path} was released`;
  const inTable = new Map(ingested.files.map((file) => [file.key, file]));
  for (const { key, etag, size } of objects) {
    if (!isSourceFileName(key)) continue;
    const file = inTable.get(key);
    if (file === undefined) return `${key} is new`;
    if (file.etag !== etag || file.size !== size) return `${key} has changed`;
  }
  if (views?.snapshot_id !== ingested.snapshot_id)
    return 'the views are not published for the current snapshot';
  if (views.settings !== undefined && !isDeepStrictEqual(views.settings, lake.config.views)) {
    return 'the settings of the views have changed';
  }
  if ((views.rules ?? null) !== rules) return 'config/views.yml has changed';
  const unpublished = Object.entries(views.views).find(
    ([, { hash, refused }]) => hash === '' || refused !== undefined,
  );
  if (unpublished !== undefined) return `${unpublished[0]} could not be published`;
  if (!isDeepStrictEqual(granted?.readers, lake.config.readers))
    return 'the readers of the views have changed';
  if (verified?.snapshot_id !== ingested.snapshot_id)
    return 'the views are not verified at the current snapshot';
  const failed = Object.keys(verified.failed);
  return failed.length > 0 ? `Spark could not read ${failed.join(', ')}` : null;
}
