import { inputReader, isJsonObject } from '../input.ts';
import { AwsError, type JsonObject } from '../protocol.ts';
import { refused } from './refusals.ts';

/** Reads members of Lake Formation's inputs. */
export const input = inputReader('InvalidInputException');

/** Some columns of a table: these, or all but these. All columns: `{ except: [] }`. */
export type Columns = { readonly only: readonly string[] } | { readonly except: readonly string[] };

/** A thing that permissions are granted on. Names are in lower case; `table` is absent for all tables of a database. */
export type Resource =
  | { readonly kind: 'catalog' }
  | { readonly kind: 'database'; readonly database: string }
  | { readonly kind: 'table'; readonly database: string; readonly table?: string }
  | {
      readonly kind: 'columns';
      readonly database: string;
      readonly table?: string;
      readonly columns: Columns;
    }
  | { readonly kind: 'location'; readonly arn: string };

export const CATALOG: Resource = { kind: 'catalog' };

export function database(name: string): Resource {
  return { kind: 'database', database: name.toLowerCase() };
}

export function table(
  databaseName: string,
  name: string,
): { readonly kind: 'table'; readonly database: string; readonly table: string } {
  return { kind: 'table', database: databaseName.toLowerCase(), table: name.toLowerCase() };
}

/** The name under which AWS lists SELECT on all tables of a database. */
const ALL_TABLES = 'ALL_TABLES';

const MODELLED = ['Catalog', 'Database', 'Table', 'TableWithColumns', 'DataLocation'] as const;

/** Reads a `Resource` structure. Throws InvalidInputException for none, several, or one that is not modelled. */
export function readResource(structure: JsonObject): Resource {
  const given = Object.keys(structure).filter((kind) => isJsonObject(structure[kind]));
  const [kind, ...others] = given;
  if (kind === undefined || others.length > 0) {
    throw new AwsError('InvalidInputException', 'Resource must have exactly one field set');
  }
  if (!MODELLED.some((modelled) => modelled === kind)) {
    throw new AwsError(
      'UnknownOperationException',
      `The local lake does not model Lake Formation permissions on a resource of kind ${kind}; it has ${MODELLED.join(', ')}.`,
    );
  }
  const members = input.object(structure, kind);
  const name = (member: string) => input.string(members, member).toLowerCase();
  switch (kind) {
    case 'Catalog':
      return CATALOG;
    case 'Database':
      return { kind: 'database', database: name('Name') };
    case 'Table':
      if (isJsonObject(members.TableWildcard)) return { kind: 'table', database: name('DatabaseName') };
      return { kind: 'table', database: name('DatabaseName'), table: name('Name') };
    case 'TableWithColumns':
      return columnsResource(name('DatabaseName'), input.string(members, 'Name'), readColumns(members));
    default:
      return { kind: 'location', arn: input.string(members, 'ResourceArn').replace(/\/+$/, '') };
  }
}

function columnsResource(databaseName: string, name: string, columns: Columns): Resource {
  const all = name === ALL_TABLES ? {} : { table: name.toLowerCase() };
  return { kind: 'columns', database: databaseName, ...all, columns };
}

function readColumns(members: JsonObject): Columns {
  const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase()).sort();
  const only = lower(input.stringList(members, 'ColumnNames'));
  if (isJsonObject(members.ColumnWildcard)) {
    return { except: lower(input.stringList(members, 'ColumnWildcard.ExcludedColumnNames')) };
  }
  if (only.length === 0) throw refused('invalidModification');
  return { only };
}

/** The `Resource` structure that lists show. */
export function resourceStructure(resource: Resource, accountId: string): JsonObject {
  const CatalogId = accountId;
  switch (resource.kind) {
    case 'catalog':
      return { Catalog: { Id: CatalogId } };
    case 'database':
      return { Database: { CatalogId, Name: resource.database } };
    case 'location':
      return { DataLocation: { CatalogId, ResourceArn: resource.arn } };
    case 'table': {
      const { database: DatabaseName, table: Name } = resource;
      const all = Name === undefined ? { Name: ALL_TABLES, TableWildcard: {} } : { Name };
      return { Table: { CatalogId, DatabaseName, ...all } };
    }
    case 'columns': {
      const { database: DatabaseName, table: Name = ALL_TABLES, columns } = resource;
      const some =
        'only' in columns
          ? { ColumnNames: columns.only }
          : { ColumnWildcard: columns.except.length === 0 ? {} : { ExcludedColumnNames: columns.except } };
      return { TableWithColumns: { CatalogId, DatabaseName, Name, ...some } };
    }
  }
}

/** A text that two resources share exactly when they are the same. */
export function resourceKey(resource: Resource): string {
  switch (resource.kind) {
    case 'catalog':
      return 'catalog';
    case 'database':
      return JSON.stringify(['database', resource.database]);
    case 'location':
      return JSON.stringify(['location', resource.arn]);
    case 'table':
      return JSON.stringify(['table', resource.database, resource.table ?? null]);
    case 'columns':
      return JSON.stringify(['columns', resource.database, resource.table ?? null, resource.columns]);
  }
}

/** Whether `columns` hold a column. */
export function holdsColumn(columns: Columns, name: string): boolean {
  return 'only' in columns ? columns.only.includes(name) : !columns.except.includes(name);
}
