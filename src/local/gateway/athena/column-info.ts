import type { TrinoColumn } from '../../trino/client.ts';
import { numberArguments, type TypeSignature, UNBOUNDED_LENGTH } from '../../trino/type-signature.ts';
import type { JsonObject } from '../protocol.ts';

/** A column of a result, as GetQueryResults describes it. */
export type ColumnInfo = {
  readonly name: string;
  readonly type: string;
  readonly precision: number;
  readonly scale: number;
  readonly caseSensitive: boolean;
};

const INTEGER_DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };

/** The column that INSERT, UPDATE, DELETE, MERGE and CTAS answer with. */
export const ROWS_COLUMN: ColumnInfo = plainColumn('rows', 'bigint', 19);

/** A column that holds text of the catalog: SHOW and DESCRIBE. */
export function textColumn(name: string, type: 'string' | 'varchar' = 'string'): ColumnInfo {
  return plainColumn(name, type, 0);
}

/** Describes a column that Trino sent. */
export function columnInfo(column: TrinoColumn): ColumnInfo {
  const type = column.typeSignature;
  const [first = 0, second = 0] = numberArguments(type);
  const name = column.name;
  switch (type.rawType) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return plainColumn(name, type.rawType, INTEGER_DIGITS[type.rawType] ?? 0);
    case 'real':
    case 'double':
      return plainColumn(name, type.rawType === 'real' ? 'float' : 'double', 17);
    case 'decimal':
      return { ...plainColumn(name, 'decimal', first), scale: second };
    case 'varchar':
    case 'char':
      return { ...plainColumn(name, type.rawType, lengthOf(type)), caseSensitive: true };
    case 'varbinary':
      return plainColumn(name, 'varbinary', 1073741824);
    case 'time':
    case 'time with time zone':
    case 'timestamp':
    case 'timestamp with time zone':
      return plainColumn(name, type.rawType, 3);
    default:
      return plainColumn(name, type.rawType, 0);
  }
}

export function columnInfoJson(column: ColumnInfo): JsonObject {
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: column.name,
    Label: column.name,
    Type: column.type,
    Precision: column.precision,
    Scale: column.scale,
    Nullable: 'UNKNOWN',
    CaseSensitive: column.caseSensitive,
  };
}

function lengthOf(type: TypeSignature): number {
  return numberArguments(type)[0] ?? UNBOUNDED_LENGTH;
}

function plainColumn(name: string, type: string, precision: number): ColumnInfo {
  return { name, type, precision, scale: 0, caseSensitive: false };
}
