import { randomUUID } from 'node:crypto';
import type { Catalog } from '../catalog/types.ts';
import { isJsonObject } from '../input.ts';
import type { Caller, JsonObject, Operations } from '../protocol.ts';
import { parameters } from './catalog-table.ts';
import { optionalText, text } from './members.ts';
import { page } from './page.ts';
import { metadataRefusal, refusal } from './refusal.ts';

const CATALOG = 'AwsDataCatalog';
const ENGINE = 'Athena engine version 3';

/** The operations that read the Data Catalog through Athena. There is one data catalog: the lake's own. */
export function metadataOperations(catalogOf: (caller: Caller) => Catalog, accountId: string): Operations {
  function checkCatalog(input: JsonObject, member: string): void {
    const name = text(input, member);
    if (name.toLowerCase() !== CATALOG.toLowerCase()) {
      throw refusal('INVALID_INPUT', `DataCatalog ${name} was not found`);
    }
  }

  function databaseName(catalog: Catalog, input: JsonObject): string {
    checkCatalog(input, 'CatalogName');
    const name = text(input, 'DatabaseName').toLowerCase();
    if (!catalog.databaseNames().includes(name)) throw metadataRefusal(randomUUID());
    return name;
  }

  return {
    ListDataCatalogs: (input) => {
      const { items, next } = page([{ CatalogName: CATALOG, Type: 'GLUE' }], input, 50);
      return { DataCatalogsSummary: items, ...next };
    },
    GetDataCatalog(input) {
      checkCatalog(input, 'Name');
      return { DataCatalog: { Name: CATALOG, Type: 'GLUE', Parameters: { 'catalog-id': accountId } } };
    },
    ListDatabases(input, caller) {
      checkCatalog(input, 'CatalogName');
      const { items, next } = page(catalogOf(caller).databaseNames(), input, 50);
      return { DatabaseList: items.map((name) => ({ Name: name })), ...next };
    },
    GetDatabase: (input, caller) => ({ Database: { Name: databaseName(catalogOf(caller), input) } }),
    ListTableMetadata(input, caller) {
      const catalog = catalogOf(caller);
      const database = databaseName(catalog, input);
      const expression = optionalText(input, 'Expression');
      const matches = nameFilter(expression);
      const listed = catalog.tables(database).filter((table) => matches.test(String(table.Name)));
      const { items, next } = page(listed, input, 50);
      return { TableMetadataList: items.map(tableMetadataJson), ...next };
    },
    GetTableMetadata(input, caller) {
      const catalog = catalogOf(caller);
      const table = catalog.table(databaseName(catalog, input), text(input, 'TableName').toLowerCase());
      if (!table) throw metadataRefusal(randomUUID());
      return { TableMetadata: tableMetadataJson(table) };
    },
    ListEngineVersions: (input) => {
      const versions = [{ SelectedEngineVersion: 'AUTO' }, { SelectedEngineVersion: ENGINE }];
      const { items, next } = page(versions, input, 10);
      return {
        EngineVersions: items.map((version) => ({ ...version, EffectiveEngineVersion: ENGINE })),
        ...next,
      };
    },
  };
}

/** A regular expression over the name, or `*` wildcards as in Glue. */
function nameFilter(expression: string | undefined): RegExp {
  if (expression === undefined || expression === '') return /^/;
  try {
    return new RegExp(`^(?:${expression.replace(/(?<![.\])])\*/g, '.*')})$`);
  } catch {
    throw refusal('INVALID_INPUT', `Expression ${expression} is not a valid regular expression`);
  }
}

/** TableMetadata: Glue's parameters, and the storage descriptor flattened into them. */
function tableMetadataJson(table: JsonObject): JsonObject {
  const descriptor = isJsonObject(table.StorageDescriptor) ? table.StorageDescriptor : {};
  const serde = isJsonObject(descriptor.SerdeInfo) ? descriptor.SerdeInfo : {};
  const serdeParameters = isJsonObject(serde.Parameters) ? serde.Parameters : {};
  const flattened: Record<string, string> = {};
  const add = (name: string, value: unknown) => {
    if (typeof value === 'string' && value !== '') flattened[name] = value;
  };
  add('location', descriptor.Location);
  add('inputformat', descriptor.InputFormat);
  add('outputformat', descriptor.OutputFormat);
  add('serde.serialization.lib', serde.SerializationLibrary);
  for (const [key, value] of Object.entries(serdeParameters)) add(`serde.param.${key}`, value);
  return {
    Name: table.Name,
    ...(table.CreateTime !== undefined && { CreateTime: table.CreateTime }),
    LastAccessTime: table.LastAccessTime ?? 0,
    TableType: table.TableType ?? 'EXTERNAL_TABLE',
    Columns: columnsJson(descriptor.Columns),
    PartitionKeys: columnsJson(table.PartitionKeys),
    Parameters: { ...parameters(table), ...flattened },
  };
}

function columnsJson(columns: JsonObject[string]): JsonObject[] {
  return (Array.isArray(columns) ? columns.filter(isJsonObject) : []).map((column) => ({
    Name: column.Name,
    Type: column.Type,
    ...(column.Comment !== undefined && { Comment: column.Comment }),
  }));
}
