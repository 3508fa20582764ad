import type { Catalog } from '../catalog/types.ts';
import { isJsonObject } from '../input.ts';
import { AwsError, type JsonObject } from '../protocol.ts';
import type { LakeFormationOptions } from './lakeformation.ts';
import { refused } from './refusals.ts';
import type { Resource } from './resource.ts';

/** What Lake Formation knows of the Data Catalog: whether a resource is there, what it is, and where its data are. */
export function catalogFacts(
  catalog: () => Pick<Catalog, 'database' | 'table'>,
): Pick<LakeFormationOptions, 'levelOf' | 'locationOf'> {
  const databaseOf = (name: string): JsonObject => {
    const found = catalog().database(name);
    if (found === undefined) throw new AwsError('EntityNotFoundException', `Database ${name} not found.`);
    return found;
  };
  const tableOf = (database: string, name: string): JsonObject => {
    databaseOf(database);
    const found = catalog().table(database, name);
    if (found === undefined) {
      throw new AwsError('EntityNotFoundException', `Table ${database}.${name} not found.`);
    }
    return found;
  };

  return {
    levelOf(resource) {
      if (resource.kind === 'catalog' || resource.kind === 'location') return resource.kind;
      if (resource.kind === 'database') {
        databaseOf(resource.database);
        return 'database';
      }
      if (resource.table === undefined) {
        databaseOf(resource.database);
        return 'table';
      }
      const found = tableOf(resource.database, resource.table);
      refuseUnknownColumns(resource, found);
      return found.TableType === 'VIRTUAL_VIEW' ? 'view' : 'table';
    },
    locationOf(database, table) {
      if (table === undefined) return s3Arn(catalog().database(database)?.LocationUri);
      return s3Arn(tableLocation(catalog().table(database, table)));
    },
  };
}

/** The S3 URL of a `Table` structure's data; `undefined` for a view. */
export function tableLocation(table: JsonObject | undefined): string | undefined {
  const descriptor = table?.StorageDescriptor;
  const location = isJsonObject(descriptor) ? descriptor.Location : undefined;
  return typeof location === 'string' && location !== '' ? location : undefined;
}

/** Names of a `Table` structure's columns, partition keys included, in lower case. */
export function columnNames(table: JsonObject): string[] {
  const descriptor = isJsonObject(table.StorageDescriptor) ? table.StorageDescriptor : {};
  return [descriptor.Columns, table.PartitionKeys]
    .flatMap((list) => (Array.isArray(list) ? list.filter(isJsonObject) : []))
    .map((column) => String(column.Name).toLowerCase());
}

function refuseUnknownColumns(resource: Resource, table: JsonObject): void {
  if (resource.kind !== 'columns') return;
  const named = 'only' in resource.columns ? resource.columns.only : resource.columns.except;
  const there = columnNames(table);
  const unknown = named.find((name) => !there.includes(name));
  if (unknown !== undefined) throw refused('noSuchColumn', { name: unknown });
}

function s3Arn(url: JsonObject[string]): string | undefined {
  if (typeof url !== 'string' || url === '') return undefined;
  return `arn:aws:s3:::${url.replace(/^s3[an]?:\/\//, '').replace(/\/+$/, '')}`;
}
