import { randomUUID } from 'node:crypto';
import { WAREHOUSE_BUCKET } from '../../trino/configuration.ts';
import { isIceberg, isView } from './catalog-table.ts';
import type { HiveTarget, TableCreation } from './create-table-as.ts';
import type { Cursor, TableName } from './cursor.ts';
import { changeRun, type Run, startOnEngine } from './engine-run.ts';
import { ExecutionFailure, userFailure } from './failure.ts';
import { type Parts, type Request, sessionOf } from './planner.ts';
import { prefixUrl, resultPrefix } from './result-bucket.ts';
import { engineSql, identifier, withParameters } from './statement.ts';

/** Source: Athena User Guide, "Workgroup settings override": what a workgroup with enforced settings answers. */
const ENFORCED =
  "The Create Table As Select query failed because it was submitted with an 'external_location' property to an Athena Workgroup that enforces a centralized output location for all queries. Please remove the 'external_location' property and resubmit the query.";

/** Where the Iceberg table behind a Hive table is: out of the user's buckets, and never twice at one place. */
export function hiveStaging(): string {
  return `s3://${WAREHOUSE_BUCKET}/hive/${randomUUID()}/`;
}

/**
 * CREATE TABLE AS of a Hive table of Parquet files. Trino writes an Iceberg table, whose data files are copied to the
 * place where Athena puts them. From then on the table is a Hive table for everybody but Trino, which goes on reading
 * the Iceberg one; so it cannot be written to again.
 */
export async function hiveTableRun(
  parts: Parts,
  request: Request,
  wanted: TableCreation & { readonly hive: HiveTarget },
): Promise<Run> {
  const { client, catalog, objects } = parts;
  const { table, hive } = wanted;
  const session = { ...sessionOf(request), schema: table.database };
  if (catalog.table(table.database, table.table) !== undefined && hive.tolerant) {
    return changeRun(
      await startOnEngine(client, engineSql(withParameters(wanted.sql, request.parameters)), session),
    );
  }
  if (hive.externalLocation !== undefined) {
    if (request.enforcedLocation) return failing(ENFORCED, 1200);
    const { bucket } = resultPrefix(hive.externalLocation);
    await objects.verify(bucket);
    if (!(await objects.isEmpty(hive.externalLocation))) {
      return failing(
        `HIVE_PATH_ALREADY_EXISTS: Target directory for table '${table.database}.${table.table}' already exists: ${hive.externalLocation}. You may need to manually clean the data at location '${hive.externalLocation}' before retrying. Athena will not delete data in your account.`,
        1110,
      );
    }
  }
  await objects.createBucket(WAREHOUSE_BUCKET);
  const statement = await startOnEngine(
    client,
    engineSql(withParameters(wanted.sql, request.parameters)),
    session,
  );
  return async (running) => {
    const outcome = await changeRun(statement)(running);
    const location = hive.externalLocation ?? running.outputLocation;
    const folder = prefixUrl(resultPrefix(location));
    const manifest: string[] = [];
    for (const file of await dataFiles(parts, table)) {
      const target = `${folder}${statement.id}_${randomUUID()}`;
      await objects.copy(file, target);
      manifest.push(target);
    }
    catalog.showAsHive(table.database, table.table, folder);
    return { ...outcome, manifest };
  };
}

/** Why a statement cannot change its table: it is a Hive table. `undefined` for all other statements and tables. */
export function hiveWriteFailure({ catalog }: Parts, cursor: Cursor): string | undefined {
  const changes = [['INSERT', 'INTO'], ['DELETE', 'FROM'], ['MERGE', 'INTO'], ['UPDATE']];
  if (!changes.some((words) => cursor.accept(...words))) return undefined;
  const name = cursor.table();
  const table = catalog.table(name.database, name.table);
  if (table === undefined || isIceberg(table) || isView(table)) return undefined;
  return `NOT_SUPPORTED: The local lake writes to Iceberg tables only, and ${name.database}.${name.table} is a Hive table. Create it again with the rows that it should have.`;
}

async function dataFiles({ client }: Parts, table: TableName): Promise<string[]> {
  const files = `${identifier(table.database)}.${identifier(`${table.table}$files`)}`;
  const { rows } = await client.rows(`SELECT file_path FROM ${files} ORDER BY file_path`);
  return rows.map(([path]) => String(path));
}

function failing(reason: string, type: number): Run {
  return async () => {
    throw new ExecutionFailure(userFailure(reason, type));
  };
}
