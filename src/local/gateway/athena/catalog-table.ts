import { isJsonObject } from '../input.ts';
import type { Json, JsonObject } from '../protocol.ts';

/** Reads Glue `Table` structures. */

export type CatalogColumn = { readonly name: string; readonly type: string; readonly comment: string };

export function isView(table: JsonObject): boolean {
  return table.TableType === 'VIRTUAL_VIEW';
}

export function isIceberg(table: JsonObject): boolean {
  return parameters(table).table_type?.toLowerCase() === 'iceberg';
}

/** Dialects of a multi-dialect view; `undefined` for tables and plain views. */
export function viewDialects(table: JsonObject): string[] | undefined {
  return representations(table)?.map((representation) => String(representation.Dialect));
}

/** The text that a multi-dialect view's dialect shows, if it shows one. */
export function dialectText(table: JsonObject, dialect: string): string | undefined {
  const found = representations(table)?.find((representation) => representation.Dialect === dialect);
  return typeof found?.ViewOriginalText === 'string' ? found.ViewOriginalText : undefined;
}

function representations(table: JsonObject): JsonObject[] | undefined {
  const definition = table.ViewDefinition;
  if (!isJsonObject(definition)) return undefined;
  return objects(definition.Representations);
}

/** The query of a plain view; `undefined` for everything else. */
export function plainViewText(table: JsonObject): string | undefined {
  const [, encoded] =
    /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(String(table.ViewOriginalText ?? '')) ?? [];
  if (encoded === undefined) return undefined;
  const definition: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  if (typeof definition !== 'object' || definition === null || !('originalSql' in definition))
    return undefined;
  return String(definition.originalSql);
}

export function columns(table: JsonObject): CatalogColumn[] {
  const descriptor = table.StorageDescriptor;
  return isJsonObject(descriptor) ? columnList(descriptor.Columns) : [];
}

export function partitionKeys(table: JsonObject): CatalogColumn[] {
  return columnList(table.PartitionKeys);
}

export function parameters(table: JsonObject): Record<string, string> {
  const found = table.Parameters;
  if (!isJsonObject(found)) return {};
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, String(value)]));
}

function columnList(value: Json | undefined): CatalogColumn[] {
  return objects(value).map((column) => ({
    name: String(column.Name),
    type: String(column.Type ?? ''),
    comment: typeof column.Comment === 'string' ? column.Comment : '',
  }));
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
