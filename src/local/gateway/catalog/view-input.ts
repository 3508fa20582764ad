import { glueInput } from '../input.ts';
import type { JsonObject } from '../protocol.ts';
import { parseTableArn } from './arn.ts';
import type { Connections } from './connections.ts';
import type { CatalogContext } from './context.ts';
import type { StoredColumn } from './record.ts';
import { invalid, notFound } from './store.ts';
import type { Dialect } from './types.ts';
import { checkDefiner } from './view-governance.ts';
import { DIALECT_VERSIONS, viewColumns } from './view-rules.ts';

/** Glue's limits (API reference: ViewDefinitionInput, ViewRepresentationInput). */
const MAX_SUB_OBJECTS = 10;
const MAX_REPRESENTATIONS = 10;
const MAX_VIEW_TEXT = 409_600;

/** Members of ViewDefinition that make a materialized view. */
const MATERIALIZED_MEMBERS: readonly string[] = [
  'IsManaged',
  'ViewVersionId',
  'ViewVersionToken',
  'RefreshSeconds',
  'LastRefreshType',
  'SubObjectVersionIds',
  'SubObjectsStatistics',
  'SparkPipelineInfo',
];

export type RequestedDialect = {
  readonly dialect: Dialect;
  readonly dialectVersion: string;
  readonly sql: string;
  readonly expandedText?: string;
  /** Name of the connection that validates the text in its engine; the change is asynchronous then. */
  readonly connection?: string;
};

/** TableInput.ViewDefinition after all checks that need no engine. Either every dialect has a connection, or none. */
export type ViewRequest = {
  readonly definer?: string;
  readonly subObjects: readonly string[];
  /** Of the storage descriptor; empty when the dialects are validated. */
  readonly columns: readonly StoredColumn[];
  readonly dialects: readonly RequestedDialect[];
};

/**
 * Reads what CreateTable or UpdateTable (ADD, REPLACE, ADD_OR_REPLACE) asks of a view. Throws AwsError
 * InvalidInputException with AWS's texts where those are known (hashicorp/terraform-provider-aws #49156, #49118).
 */
export function readViewRequest(
  context: CatalogContext,
  connections: Connections,
  tableInput: JsonObject,
): ViewRequest {
  const definition = glueInput.object(tableInput, 'ViewDefinition');
  for (const member of MATERIALIZED_MEMBERS) {
    if (definition[member] !== undefined && definition[member] !== null && definition[member] !== false) {
      throw invalid(
        `ViewDefinition.${member} belongs to materialized views, which the local lake does not model.`,
      );
    }
  }
  if (glueInput.optionalBoolean(definition, 'IsProtected') === false) {
    throw invalid('Data Catalog views can only be created as a PROTECTED view: set IsProtected to true.');
  }
  const definer = glueInput.optionalString(definition, 'Definer');
  if (definer !== undefined) checkDefiner(definer);
  const subObjects = glueInput.stringList(definition, 'SubObjects');
  checkSubObjects(context, subObjects);

  const dialects = readDialects(definition);
  const columns = readColumns(tableInput, dialects);
  for (const dialect of dialects) checkValidation(connections, dialect);
  return { ...(definer === undefined ? {} : { definer }), subObjects, columns, dialects };
}

/** The dialects that UpdateTable with action DROP names. */
export function readDroppedDialects(tableInput: JsonObject): Dialect[] {
  const names = glueInput.objectList(tableInput, 'ViewDefinition.Representations').map(readDialectName);
  if (names.length === 0)
    throw invalid('ViewUpdateAction DROP needs at least one representation with its Dialect.');
  return names;
}

/**
 * Base tables: at most 10, in this account and Region, existing, and no views (Lake Formation guide, "Data Catalog
 * views: considerations"). Throws AwsError InvalidInputException or EntityNotFoundException.
 */
export function checkSubObjects(context: CatalogContext, subObjects: readonly string[]): void {
  if (subObjects.length > MAX_SUB_OBJECTS) {
    throw invalid(`A view can reference ${MAX_SUB_OBJECTS} tables at most, not ${subObjects.length}.`);
  }
  for (const arn of subObjects) {
    const parts = parseTableArn(arn);
    if (parts === undefined) throw invalid(`SubObjects must hold ARNs of tables; ${arn} is none.`);
    if (parts.accountId !== context.accountId || parts.region !== context.region) {
      throw invalid(`A view cannot reference a table of another account or Region: ${arn}`);
    }
    const base = context.store.find(parts.database, parts.name)?.current;
    if (base === undefined) {
      throw notFound(`Base table ${parts.database}.${parts.name} of the view not found.`);
    }
    if (base.view !== undefined || base.input.TableType === 'VIRTUAL_VIEW') {
      throw invalid(`A Data Catalog view cannot reference another view: ${parts.database}.${parts.name}`);
    }
  }
}

function readDialectName(representation: JsonObject): Dialect {
  const name = glueInput.string(representation, 'Dialect');
  if (name !== 'ATHENA' && name !== 'SPARK' && name !== 'REDSHIFT') {
    throw invalid(`Dialect must be one of REDSHIFT, ATHENA, SPARK, not ${name}.`);
  }
  return name;
}

function readDialects(definition: JsonObject): RequestedDialect[] {
  const representations = glueInput.objectList(definition, 'Representations');
  if (representations.length < 1 || representations.length > MAX_REPRESENTATIONS) {
    throw invalid(
      `A view needs 1 to ${MAX_REPRESENTATIONS} representations; this one has ${representations.length}.`,
    );
  }
  const dialects = representations.map((representation): RequestedDialect => {
    const dialect = readDialectName(representation);
    const sql = glueInput.string(representation, 'ViewOriginalText');
    const expandedText = glueInput.optionalString(representation, 'ViewExpandedText');
    const connection = glueInput.optionalString(representation, 'ValidationConnection');
    for (const text of [sql, expandedText ?? '']) {
      if (text.length > MAX_VIEW_TEXT) {
        throw invalid(`A view's text can have ${MAX_VIEW_TEXT} characters at most, not ${text.length}.`);
      }
    }
    if (dialect === 'ATHENA' && expandedText !== undefined)
      throw invalid('View Expanded Text is not supported');
    return {
      dialect,
      dialectVersion: glueInput.optionalString(representation, 'DialectVersion') ?? DIALECT_VERSIONS[dialect],
      sql,
      ...(expandedText === undefined ? {} : { expandedText }),
      ...(connection === undefined ? {} : { connection }),
    };
  });
  if (new Set(dialects.map(({ dialect }) => dialect)).size < dialects.length) {
    throw invalid('Each dialect can be given once.');
  }
  return dialects;
}

function readColumns(tableInput: JsonObject, dialects: readonly RequestedDialect[]): StoredColumn[] {
  const descriptor = glueInput.optionalObject(tableInput, 'StorageDescriptor');
  if (descriptor !== undefined && dialects.some(({ connection }) => connection !== undefined)) {
    throw invalid('Storage descriptor may not be defined when creating a validated Glue view');
  }
  const columns = glueInput.objectList(descriptor ?? {}, 'Columns').map((column) => ({
    ...column,
    Name: glueInput.string(column, 'Name'),
    Type: glueInput.string(column, 'Type'),
  }));
  if (columns.length === 0 && dialects.some(({ connection }) => connection === undefined)) {
    throw invalid('Storage Descriptor and columns must be provided with View Definition!');
  }
  return viewColumns(columns);
}

function checkValidation(connections: Connections, { dialect, connection }: RequestedDialect): void {
  if (connection === undefined) {
    if (dialect !== 'ATHENA') return;
    throw invalid(
      'An ATHENA representation needs a ValidationConnection: the name of a Glue connection of type VIEW_VALIDATION_ATHENA. What AWS does with an ATHENA text that is not validated is not documented, so the local lake refuses it.',
    );
  }
  if (dialect !== 'ATHENA') {
    throw invalid(
      dialect === 'SPARK'
        ? 'No connection validates the SPARK dialect: leave ValidationConnection out and give StorageDescriptor with columns.'
        : 'The local lake has no Redshift that could validate a REDSHIFT text.',
    );
  }
  const { ConnectionType } = connections.get(connection);
  if (ConnectionType !== 'VIEW_VALIDATION_ATHENA') {
    throw invalid(`Connection ${connection} is of type ${ConnectionType}, not VIEW_VALIDATION_ATHENA.`);
  }
}
