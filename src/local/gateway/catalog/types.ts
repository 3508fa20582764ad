import type { Permission } from '../lakeformation/permission.ts';
import type { JsonObject } from '../protocol.ts';

export type Dialect = 'ATHENA' | 'SPARK' | 'REDSHIFT';

/** A column as the Glue Data Catalog spells it: lower-case name, Hive type (`string`, `bigint`, `decimal(10,2)`). */
export type GlueColumn = { readonly Name: string; readonly Type: string; readonly Comment?: string };

/** One dialect of a view. `columns` are the engine's own (Trino spelling for ATHENA), in view order. */
export type DialectText = {
  readonly dialect: Dialect;
  readonly sql: string;
  readonly glueColumns: readonly GlueColumn[];
  /** ATHENA only: name and type as Trino spells them, for the form that Trino reads. */
  readonly trinoColumns?: readonly { readonly name: string; readonly type: string }[];
  /** ARNs of the base tables. */
  readonly subObjects: readonly string[];
};

/** What an Athena or Spark view statement asks of the catalog. Names are lower-cased by the catalog. */
export type ViewStatement =
  | {
      action: 'CREATE';
      database: string;
      name: string;
      text: DialectText;
      orReplace: boolean;
      definer: string;
    }
  | { action: 'ADD' | 'UPDATE'; database: string; name: string; text: DialectText; force: boolean }
  | { action: 'DROP'; database: string; name: string; dialect: Dialect };

/** What validating a view text in Athena's engine finds out. Throws AwsError InvalidInputException when refused. */
export type AthenaAnalysis = (sql: string, database: string) => Promise<DialectText>;

/** The Data Catalog as the other services of the gateway use it. Tables are Glue `Table` structures. */
export type Catalog = {
  databaseNames(): string[];
  /** Glue's `Database` structure; `undefined` when absent. */
  database(name: string): JsonObject | undefined;
  /** `undefined` when absent. Views keep their ViewDefinition; nothing is rewritten for Trino here. */
  table(database: string, name: string): JsonObject | undefined;
  /** Name order. Throws AwsError EntityNotFoundException when the database is absent. */
  tables(database: string): JsonObject[];
  /** Carries out a view statement by AWS's rules (OR REPLACE, stale, equal schemas); throws AwsError when refused. */
  view(statement: ViewStatement): JsonObject;
  /** The table JSON that a CREATE would store: `SHOW VIEW JSON`. Stores nothing. */
  viewDryRun(statement: ViewStatement): JsonObject;
  /** Refuses what Lake Formation does not let the one for whom this catalog is; lets everything be for the lake itself. */
  require(permission: Permission, database: string, table?: string): void;
  dropTable(database: string, name: string): void;
  /** Makes an Iceberg table a Hive table of the Parquet files at `location`, for everybody but Trino. */
  showAsHive(database: string, name: string, location: string): void;
};
