import { type CatalogTable, openGlue } from '../aws/glue.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import { type Snapshot, tableHistory } from '../lake/history.ts';
import type { Lake } from '../lake/lake.ts';

export type HistoryResult = {
  readonly table: string;
  /** Newest first. */
  readonly snapshots: readonly Snapshot[];
};

/** What was done to the entity table, by its own metadata: one call of the catalog and one GET. Throws ExplainedError. */
export async function history(lake: Lake): Promise<HistoryResult> {
  const { database, table } = lake.config;
  const entityTable = await openGlue(lake.connection, lake.config.log_group).table(database, table);
  return { table: `${database}.${table}`, snapshots: await snapshotsOf(lake, entityTable) };
}

/** The changes of an Iceberg table of the lake, newest first; none when there is no table. Throws ExplainedError. */
export async function snapshotsOf(lake: Lake, table: CatalogTable | undefined): Promise<Snapshot[]> {
  const location = table?.parameters.metadata_location;
  // Nothing was ingested yet.
  if (location === undefined) return [];
  const prefix = lake.bucket.url('');
  const object = location.startsWith(prefix)
    ? await lake.bucket.text(location.slice(prefix.length))
    : undefined;
  if (object !== undefined) return tableHistory(object.body, location);
  throw new ExplainedError({
    what: "the entity table's metadata is not there",
    where: location,
    why: 'somebody removed the object, or the table was moved out of the lake',
    cure: 'bring the object back (the bucket keeps old versions), or let the ingestion make the table anew',
  });
}
