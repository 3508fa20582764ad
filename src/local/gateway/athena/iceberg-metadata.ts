import { ExecutionFailure, userFailure } from './failure.ts';

/** A column of an Iceberg table in Athena's spelling of types. */
export type IcebergColumn = { readonly name: string; readonly type: string; readonly comment: string };
export type IcebergPartitionField = {
  readonly name: string;
  readonly transform: string;
  readonly column: string;
};
export type IcebergSchema = {
  readonly columns: readonly IcebergColumn[];
  readonly partitionFields: readonly IcebergPartitionField[];
  readonly location: string;
  readonly properties: Readonly<Record<string, string>>;
};

const NAMES: Readonly<Record<string, string>> = {
  long: 'bigint',
  timestamptz: 'timestamp',
  timestamp_ns: 'timestamp',
  timestamptz_ns: 'timestamp',
};
const UNSUPPORTED = new Set(['time', 'uuid']);

/** The current schema and partitioning from an Iceberg metadata file. Source: Iceberg table spec, Table Metadata. */
export function icebergSchema(text: string): IcebergSchema {
  const metadata = record(JSON.parse(text));
  const schema = current(metadata, 'schemas', 'schema-id', metadata['current-schema-id']);
  const spec = current(metadata, 'partition-specs', 'spec-id', metadata['default-spec-id']);
  const fields = list(schema.fields);
  return {
    columns: fields.map((field) => ({
      name: String(field.name),
      type: athenaType(field.type),
      comment: field.doc === undefined ? '' : String(field.doc),
    })),
    partitionFields: list(spec.fields).map((field) => ({
      name: String(field.name),
      transform: String(field.transform),
      column: String(fields.find((column) => column.id === field['source-id'])?.name ?? ''),
    })),
    location: String(metadata.location),
    properties: Object.fromEntries(
      Object.entries(record(metadata.properties)).map(([key, value]) => [key, String(value)]),
    ),
  };
}

function athenaType(type: unknown): string {
  if (typeof type === 'string') {
    if (UNSUPPORTED.has(type)) {
      throw new ExecutionFailure(userFailure('Table has unsupported column types', 1100));
    }
    const [, precision, scale] = /^decimal\((\d+),\s*(\d+)\)$/.exec(type) ?? [];
    if (precision !== undefined) return `decimal(${precision}, ${scale})`;
    return type.startsWith('fixed[') ? 'binary' : (NAMES[type] ?? type);
  }
  const nested = record(type);
  switch (nested.type) {
    case 'list':
      return `array<${athenaType(nested.element)}>`;
    case 'map':
      return `map<${athenaType(nested.key)}, ${athenaType(nested.value)}>`;
    default: {
      const fields = list(nested.fields).map((field) => `${field.name}: ${athenaType(field.type)}`);
      return `struct<${fields.join(', ')}>`;
    }
  }
}

type JsonRecord = { readonly [key: string]: unknown };

function current(metadata: JsonRecord, member: string, key: string, id: unknown): JsonRecord {
  return list(metadata[member]).find((item) => item[key] === id) ?? {};
}

function list(value: unknown): JsonRecord[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function record(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
