import { AwsError, type JsonObject } from '../protocol.ts';
import type { TableRecord } from './record.ts';
import type { Dialect } from './types.ts';

export type ChangeState = 'QUEUED' | 'IN_PROGRESS' | 'SUCCESS' | 'FAILED';
export type ChangeError = { readonly ErrorCode: string; readonly ErrorMessage: string };

/** The validation of one dialect's text in its engine. `updateTime`: milliseconds since 1970. */
export type DialectValidation = {
  readonly dialect: Dialect;
  readonly dialectVersion: string;
  readonly sql: string;
  state: ChangeState;
  updateTime: number;
  error?: ChangeError;
};

/** An asynchronous change of a view: `Table.Status`. Times are milliseconds since 1970. */
export type ViewChange = {
  readonly action: 'CREATE' | 'UPDATE';
  readonly requestedBy: string;
  readonly requestTime: number;
  readonly requestedChange: JsonObject;
  readonly validations: readonly DialectValidation[];
  state: ChangeState;
  updateTime: number;
  error?: ChangeError;
};

/** A name in a database. `current` is absent while a view has not been created successfully for the first time. */
export type TableEntry = {
  current?: TableRecord;
  change?: ViewChange;
  /** Earlier versions by number, oldest first. */
  readonly archived: Map<number, TableRecord>;
  /** Partition structures by their values as JSON text. */
  readonly partitions: Map<string, JsonObject>;
  /** Configurations of the table's optimizers by type. */
  readonly optimizers: Map<string, JsonObject>;
};

export type DatabaseEntry = { structure: JsonObject; readonly tables: Map<string, TableEntry> };

/** Databases and tables, in memory. Names are looked up in lower case. */
export type CatalogStore = {
  readonly databases: Map<string, DatabaseEntry>;
  /** Throws AwsError EntityNotFoundException. */
  database(name: string): DatabaseEntry;
  find(database: string, name: string): TableEntry | undefined;
  /** Throws AwsError EntityNotFoundException for the database or the table. */
  entry(database: string, name: string): TableEntry;
  /** The entry's current version. Throws AwsError EntityNotFoundException, also before a view's first success. */
  table(database: string, name: string): TableRecord;
  /** Throws AwsError EntityNotFoundException, or AlreadyExistsException. */
  add(database: string, name: string, entry: TableEntry): void;
  /** Throws AwsError EntityNotFoundException. */
  remove(database: string, name: string): void;
};

export function newEntry(): TableEntry {
  return { archived: new Map(), partitions: new Map(), optimizers: new Map() };
}

/** Makes `next` the current version; the one before is kept unless `skipArchive`. */
export function commit(entry: TableEntry, next: TableRecord, skipArchive: boolean): void {
  const { current } = entry;
  if (current !== undefined && !skipArchive) entry.archived.set(current.version, current);
  entry.current = next;
}

export function createStore(): CatalogStore {
  const databases = new Map<string, DatabaseEntry>();

  const database = (name: string): DatabaseEntry => {
    const found = databases.get(name.toLowerCase());
    if (found === undefined) throw notFound(`Database ${name} not found.`);
    return found;
  };
  const find = (databaseName: string, name: string): TableEntry | undefined =>
    databases.get(databaseName.toLowerCase())?.tables.get(name.toLowerCase());
  const entry = (databaseName: string, name: string): TableEntry => {
    const found = database(databaseName).tables.get(name.toLowerCase());
    if (found === undefined) throw notFound(`Table ${databaseName}.${name} not found.`);
    return found;
  };

  return {
    databases,
    database,
    find,
    entry,
    table: (databaseName, name) => {
      const { current } = entry(databaseName, name);
      if (current === undefined)
        throw notFound(`View ${databaseName}.${name} was not created successfully yet.`);
      return current;
    },
    add: (databaseName, name, added) => {
      const { tables } = database(databaseName);
      if (tables.has(name.toLowerCase())) {
        throw new AwsError('AlreadyExistsException', `Table ${databaseName}.${name} already exists.`);
      }
      tables.set(name.toLowerCase(), added);
    },
    remove: (databaseName, name) => {
      entry(databaseName, name);
      database(databaseName).tables.delete(name.toLowerCase());
    },
  };
}

export function notFound(message: string): AwsError {
  return new AwsError('EntityNotFoundException', message);
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}

/** A Glue name: 1 to 255 bytes, stored in lower case. Throws AwsError InvalidInputException. */
export function catalogName(name: string): string {
  const length = Buffer.byteLength(name);
  if (length < 1 || length > 255) {
    throw invalid(`A name must have 1 to 255 bytes; this one has ${length}: ${name.slice(0, 80)}`);
  }
  return name.toLowerCase();
}
