import type { Glue } from '../aws/glue.ts';
import type { Lake } from './lake.ts';
import { readIngested, readPublishedViews, readVerified } from './lake-state.ts';
import { isSourceFileName } from './source-folder.ts';

/**
 * Why a run of the workflow has work to do, in a few words; `null` when every object under the raw prefix is in the
 * table as it is, the views are published and Spark has verified them, all at the table's current snapshot. Costs one
 * list, three GETs and one call of the catalog.
 */
export async function pendingWork(lake: Lake, glue: Glue): Promise<string | null> {
  const { prefixes, database, table } = lake.config;
  const [objects, ingested, views, verified, entityTable] = await Promise.all([
    lake.bucket.list(prefixes.raw),
    readIngested(lake),
    readPublishedViews(lake),
    readVerified(lake),
    glue.table(database, table),
  ]);
  if (ingested === undefined || entityTable === undefined) return 'nothing was ingested yet';
  if (entityTable.parameters.metadata_location !== ingested.metadata_location) {
    return 'the entity table has changed since the last ingestion';
  }
  const inTable = new Map(ingested.files.map((file) => [file.key, file]));
  for (const { key, etag, size } of objects) {
    if (!isSourceFileName(key)) continue;
    const file = inTable.get(key);
    if (file === undefined) return `${key} is new`;
    if (file.etag !== etag || file.size !== size) return `${key} has changed`;
  }
  if (views?.snapshot_id !== ingested.snapshot_id)
    return 'the views are not published for the current snapshot';
  if (verified?.snapshot_id !== ingested.snapshot_id)
    return 'the views are not verified at the current snapshot';
  const failed = Object.keys(verified.failed);
  return failed.length > 0 ? `Spark could not read ${failed.join(', ')}` : null;
}
