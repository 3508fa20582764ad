import { TRINO_ACCESS_KEY } from '../../lake.ts';
import { type Caller, epochSeconds, type JsonObject } from '../protocol.ts';
import type { CatalogContext } from './context.ts';
import { type TableRecord, tableStructure } from './record.ts';
import { notFound, type TableEntry } from './store.ts';
import { trinoViewMembers } from './trino-view.ts';
import { statusStructure } from './view-validation.ts';

/**
 * One version of a table as its caller sees it: multi-dialect views in Trino's own form for Trino, in AWS's form for
 * everybody else. Throws AwsError InvalidInputException for Trino when the ATHENA dialect is missing or stale.
 */
export function versionAnswer(context: CatalogContext, record: TableRecord, caller: Caller): JsonObject {
  const forTrino = caller.accessKeyId === TRINO_ACCESS_KEY;
  const structure = tableStructure(record, context.accountId, { withTexts: false, forTrino });
  if (record.view === undefined || !forTrino) return structure;
  const { ViewDefinition, ...members } = structure;
  return { ...members, ...trinoViewMembers(record) };
}

/**
 * The `Table` that GetTable answers. A view that was never created successfully is an empty table to everybody but
 * Trino, which does not find it.
 */
export function tableAnswer(
  context: CatalogContext,
  at: { database: string; name: string },
  entry: TableEntry,
  caller: Caller,
  withDetails: boolean,
): JsonObject {
  const { change, current } = entry;
  if (current === undefined && caller.accessKeyId === TRINO_ACCESS_KEY) {
    throw notFound(`View ${at.database}.${at.name} was not created successfully yet.`);
  }
  const table =
    current === undefined
      ? emptyTable(context, at, change?.requestTime ?? context.now(), change?.requestedBy ?? '')
      : versionAnswer(context, current, caller);
  return change === undefined ? table : { ...table, Status: statusStructure(change, withDetails) };
}

/** The `TableList` of a database. One view without ATHENA dialect fails the whole list for Trino, as on AWS. */
export function tableList(
  context: CatalogContext,
  database: string,
  entries: readonly (readonly [string, TableEntry])[],
  caller: Caller,
  withDetails: boolean,
): JsonObject[] {
  const isTrino = caller.accessKeyId === TRINO_ACCESS_KEY;
  return entries
    .filter(([, { current }]) => current !== undefined || !isTrino)
    .map(([name, entry]) => {
      const at = { database, name };
      return isTrino && isStaleForTrino(entry)
        ? tableAnswer(context, at, freshened(entry), caller, withDetails)
        : tableAnswer(context, at, entry, caller, withDetails);
    });
}

/** A stale view stays listed; only reading it fails. */
function isStaleForTrino({ current }: TableEntry): boolean {
  return current?.view?.representations.some(({ dialect, stale }) => dialect === 'ATHENA' && stale) ?? false;
}

function freshened(entry: TableEntry): TableEntry {
  const { current } = entry;
  if (current?.view === undefined) return entry;
  const representations = current.view.representations.map((representation) => ({
    ...representation,
    stale: false,
  }));
  return { ...entry, current: { ...current, view: { ...current.view, representations } } };
}

function emptyTable(
  context: CatalogContext,
  { database, name }: { database: string; name: string },
  requestTime: number,
  createdBy: string,
): JsonObject {
  return {
    Name: name,
    DatabaseName: database,
    Description: '',
    CreateTime: epochSeconds(requestTime),
    UpdateTime: epochSeconds(requestTime),
    Retention: 0,
    ViewOriginalText: '',
    ViewExpandedText: '',
    TableType: '',
    CreatedBy: createdBy,
    IsRegisteredWithLakeFormation: false,
    CatalogId: context.accountId,
    VersionId: '-1',
    IsMultiDialectView: false,
  };
}
