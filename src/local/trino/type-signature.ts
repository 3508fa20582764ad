/** A Trino type as the statement protocol describes it. */
export type TypeSignature = {
  readonly rawType: string;
  readonly arguments: readonly TypeArgument[];
};

export type TypeArgument =
  | { readonly kind: 'TYPE'; readonly value: TypeSignature }
  | { readonly kind: 'LONG'; readonly value: number | bigint }
  | {
      readonly kind: 'NAMED_TYPE';
      readonly value: {
        readonly fieldName?: { readonly name: string };
        readonly typeSignature: TypeSignature;
      };
    };

/** A field of a row; `name` is absent in an unnamed row. */
export type RowField = { readonly name?: string; readonly type: TypeSignature };

/** Whole-number arguments: length of a varchar, precision and scale of a decimal. */
export function numberArguments(type: TypeSignature): number[] {
  return type.arguments.flatMap((argument) => (argument.kind === 'LONG' ? [Number(argument.value)] : []));
}

/** Type arguments: element of an array, key and value of a map. */
export function typeArguments(type: TypeSignature): TypeSignature[] {
  return type.arguments.flatMap((argument) => (argument.kind === 'TYPE' ? [argument.value] : []));
}

export function rowFields(type: TypeSignature): RowField[] {
  return type.arguments.flatMap((argument): RowField[] => {
    if (argument.kind === 'TYPE') return [{ type: argument.value }];
    if (argument.kind !== 'NAMED_TYPE') return [];
    const name = argument.value.fieldName?.name;
    const field = { type: argument.value.typeSignature };
    return [name === undefined ? field : { name, ...field }];
  });
}

/** Longest varchar: one without a declared length. */
export const UNBOUNDED_LENGTH = 2147483647;

/** The Glue (Hive) spelling of a Trino type; `undefined` where Hive has none (time, uuid, json, intervals). */
export function glueType(type: TypeSignature): string | undefined {
  const nested = (types: readonly TypeSignature[], wrap: (names: string[]) => string): string | undefined => {
    const names = types.map(glueType);
    return names.every((name) => name !== undefined) ? wrap(names) : undefined;
  };
  const numbers = numberArguments(type);
  switch (type.rawType) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'bigint':
    case 'double':
    case 'date':
      return type.rawType;
    case 'integer':
      return 'int';
    case 'real':
      return 'float';
    case 'varbinary':
      return 'binary';
    case 'decimal':
      return `decimal(${numbers.join(',')})`;
    case 'varchar':
      return (numbers[0] ?? UNBOUNDED_LENGTH) >= UNBOUNDED_LENGTH ? 'string' : `varchar(${numbers[0]})`;
    case 'char':
      return `char(${numbers[0]})`;
    case 'timestamp':
    case 'timestamp with time zone':
      return 'timestamp';
    case 'array':
      return nested(typeArguments(type), (names) => `array<${names.join(',')}>`);
    case 'map':
      return nested(typeArguments(type), (names) => `map<${names.join(',')}>`);
    case 'row': {
      const fields = rowFields(type);
      return nested(
        fields.map((field) => field.type),
        (names) =>
          `struct<${names.map((name, at) => `${fields[at]?.name ?? `field${at}`}:${name}`).join(',')}>`,
      );
    }
    default:
      return undefined;
  }
}
