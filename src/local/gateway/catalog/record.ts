import { glueInput } from '../input.ts';
import { epochSeconds, type Json, type JsonObject } from '../protocol.ts';
import type { Dialect } from './types.ts';

/** A column of a stored schema; further members (Comment, Parameters) are kept as they came. */
export type StoredColumn = { readonly Name: string; readonly Type: string } & JsonObject;

/** One dialect of a stored multi-dialect view. */
export type Representation = {
  readonly dialect: Dialect;
  readonly dialectVersion: string;
  readonly sql: string;
  readonly expandedText?: string;
  readonly stale: boolean;
  /** The ATHENA text as Trino types it; present for that dialect only. */
  readonly trinoColumns?: readonly { readonly name: string; readonly type: string }[];
};

/** What makes a table entry a multi-dialect view. One schema holds for every dialect that is not stale. */
export type MultiDialectView = {
  readonly definer: string;
  readonly subObjects: readonly string[];
  readonly columns: readonly StoredColumn[];
  readonly representations: readonly Representation[];
};

/** One version of a table. Times are milliseconds since 1970. */
export type TableRecord = {
  readonly database: string;
  readonly name: string;
  /** TableInput as it came, without ViewDefinition and StorageDescriptor when `view` is there. */
  readonly input: JsonObject;
  readonly view?: MultiDialectView;
  /** Of an Iceberg table that only Trino sees as one: where its Parquet files are for all others. */
  readonly hiveLocation?: string;
  readonly version: number;
  readonly createTime: number;
  readonly updateTime: number;
  readonly createdBy: string;
};

const TABLE_INPUT_MEMBERS: readonly string[] = [
  'Description',
  'Owner',
  'LastAccessTime',
  'LastAnalyzedTime',
  'Retention',
  'StorageDescriptor',
  'PartitionKeys',
  'ViewOriginalText',
  'ViewExpandedText',
  'TableType',
  'Parameters',
  'TargetTable',
];

/** The members of a TableInput that are stored as they are. Unknown ones are dropped, as AWS does. */
export function storedMembers(tableInput: JsonObject): JsonObject {
  return Object.fromEntries(
    TABLE_INPUT_MEMBERS.map((member) => [member, tableInput[member]] as const).filter(
      (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null,
    ),
  );
}

/** StorageDescriptor of a multi-dialect view: its schema, and no data. */
export function viewStorageDescriptor(columns: readonly StoredColumn[]): JsonObject {
  return {
    Columns: columns,
    Compressed: false,
    NumberOfBuckets: 0,
    SerdeInfo: {},
    SortColumns: [],
    StoredAsSubDirectories: false,
  };
}

/** ViewDefinition as Glue answers it. GetTable never shows the text of an ATHENA dialect; `withTexts` does. */
function viewDefinition(view: MultiDialectView, withTexts: boolean): JsonObject {
  return {
    IsProtected: true,
    Definer: view.definer,
    SubObjects: view.subObjects,
    Representations: view.representations.map((representation) => ({
      Dialect: representation.dialect,
      DialectVersion: representation.dialectVersion,
      ...(withTexts || representation.dialect !== 'ATHENA' ? { ViewOriginalText: representation.sql } : {}),
      ...(representation.expandedText === undefined ? {} : { ViewExpandedText: representation.expandedText }),
      IsStale: representation.stale,
    })),
  };
}

/** The Glue `Table` structure of one version. `forTrino` shows the Iceberg table behind a Hive table. */
export function tableStructure(
  record: TableRecord,
  accountId: string,
  options: { withTexts: boolean; forTrino?: boolean },
): JsonObject {
  const { view, hiveLocation } = record;
  return {
    Name: record.name,
    DatabaseName: record.database,
    Retention: 0,
    PartitionKeys: [],
    ...(hiveLocation === undefined || options.forTrino ? record.input : hiveMembers(record, hiveLocation)),
    ...(view === undefined
      ? {}
      : {
          TableType: 'VIRTUAL_VIEW',
          StorageDescriptor: viewStorageDescriptor(view.columns),
          ViewDefinition: viewDefinition(view, options.withTexts),
        }),
    CreateTime: epochSeconds(record.createTime),
    UpdateTime: epochSeconds(record.updateTime),
    CreatedBy: record.createdBy,
    IsRegisteredWithLakeFormation: false,
    CatalogId: accountId,
    VersionId: String(record.version),
    IsMultiDialectView: view !== undefined,
  };
}

/** A Hive table of Parquet files, as Athena's CREATE TABLE AS registers it. */
function hiveMembers({ input }: TableRecord, location: string): JsonObject {
  return {
    Owner: 'hadoop',
    TableType: 'EXTERNAL_TABLE',
    Parameters: { EXTERNAL: 'TRUE', classification: 'parquet', has_encrypted_data: 'false' },
    StorageDescriptor: {
      Columns: glueInput
        .objectList(input, 'StorageDescriptor.Columns')
        .map(({ Name, Type }) => ({ Name, Type })),
      Location: location,
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      Compressed: false,
      NumberOfBuckets: 0,
      SerdeInfo: {
        SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        Parameters: { 'serialization.format': '1' },
      },
      SortColumns: [],
      StoredAsSubDirectories: false,
    },
  };
}
