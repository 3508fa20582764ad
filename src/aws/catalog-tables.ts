import { GlueClient, paginateGetTables } from '@aws-sdk/client-glue';
import { type Connection, clientSettings } from './connection.ts';
import { type CatalogTable, catalogTable } from './glue.ts';

/** Every table and view of a database by name: one call of the Data Catalog for each hundred. */
export async function catalogTables(
  connection: Connection,
  database: string,
): Promise<ReadonlyMap<string, CatalogTable>> {
  const client = new GlueClient(clientSettings(connection));
  const tables = new Map<string, CatalogTable>();
  for await (const page of paginateGetTables({ client }, { DatabaseName: database })) {
    for (const table of page.TableList ?? []) tables.set(table.Name ?? '', catalogTable(table));
  }
  return tables;
}
