import { AwsError } from '../protocol.ts';
import { grantToCreator } from './actor.ts';
import type { CatalogContext } from './context.ts';
import type { TableRecord } from './record.ts';
import { catalogName, commit, invalid, newEntry } from './store.ts';
import type { DialectText, ViewStatement } from './types.ts';
import { requireBaseTables, requireViewDatabase } from './view-governance.ts';
import { checkSubObjects } from './view-input.ts';
import {
  DIALECT_VERSIONS,
  type DialectChange,
  newView,
  viewColumns,
  withDialects,
  withoutDialects,
} from './view-rules.ts';
import { changeable, refuseWhilePending } from './views.ts';

const REPLACED_BESIDE_OTHERS =
  'A Data Catalog view cannot be replaced if SQL dialects from other engines are present in the view.';

/**
 * What a view statement of an engine makes of the catalog: the version that would be stored. Stores nothing.
 * Sources: Athena User Guide, CREATE PROTECTED MULTI DIALECT VIEW and ALTER VIEW DIALECT. Throws AwsError.
 */
export function plannedVersion(context: CatalogContext, statement: ViewStatement): TableRecord {
  return statement.action === 'CREATE' ? created(context, statement) : altered(context, statement);
}

/** Carries the statement out and returns the version that it stored. Throws AwsError. */
export function carryOut(context: CatalogContext, statement: ViewStatement): TableRecord {
  const next = plannedVersion(context, statement);
  const existing = context.store.find(next.database, next.name);
  const entry = existing ?? newEntry();
  if (existing === undefined) {
    context.store.add(next.database, next.name, entry);
    context.tags.set(context.arns.table(next.database, next.name), {});
    grantToCreator(context, { arn: next.createdBy }, next.database, next.name);
  }
  commit(entry, next, false);
  delete entry.change;
  return next;
}

function created(
  context: CatalogContext,
  statement: Extract<ViewStatement, { action: 'CREATE' }>,
): TableRecord {
  const { store } = context;
  const database = catalogName(statement.database);
  const name = catalogName(statement.name);
  store.database(database);
  const existing = store.find(database, name);
  if (existing !== undefined) {
    if (!statement.orReplace) {
      throw new AwsError('AlreadyExistsException', `View ${database}.${name} already exists.`);
    }
    refuseWhilePending(existing, `${database}.${name}`);
    const { dialect } = statement.text;
    if (existing.current?.view === undefined) {
      throw invalid(
        `${database}.${name} exists and is not a Data Catalog view; it cannot be replaced by one.`,
      );
    }
    if (existing.current.view.representations.some((representation) => representation.dialect !== dialect)) {
      throw invalid(REPLACED_BESIDE_OTHERS);
    }
  }
  requireViewDatabase(context, statement.definer, database);
  const now = context.now();
  return {
    database,
    name,
    input: existing?.current?.input ?? {},
    view: newView(statement.definer, [dialectChange(context, statement.text, statement.definer)]),
    version: existing?.current === undefined ? 0 : existing.current.version + 1,
    createTime: existing?.current?.createTime ?? now,
    updateTime: now,
    createdBy: statement.definer,
  };
}

function altered(
  context: CatalogContext,
  statement: Exclude<ViewStatement, { action: 'CREATE' }>,
): TableRecord {
  const entry = context.store.entry(statement.database, statement.name);
  const { current, view } = changeable(entry, statement);
  const next =
    statement.action === 'DROP'
      ? withoutDialects(view, [statement.dialect])
      : withDialects(
          view,
          statement.action === 'ADD' ? 'ADD' : 'REPLACE',
          [dialectChange(context, statement.text, view.definer)],
          statement.force,
        );
  return { ...current, view: next, version: current.version + 1, updateTime: context.now() };
}

function dialectChange(context: CatalogContext, text: DialectText, definer: string): DialectChange {
  checkSubObjects(context, text.subObjects);
  requireBaseTables(context, definer, text.subObjects);
  return {
    representation: {
      dialect: text.dialect,
      dialectVersion: DIALECT_VERSIONS[text.dialect],
      sql: text.sql,
      ...(text.dialect === 'ATHENA' ? {} : { expandedText: text.sql }),
      stale: false,
      ...(text.trinoColumns === undefined ? {} : { trinoColumns: text.trinoColumns }),
    },
    columns: viewColumns(text.glueColumns),
    subObjects: text.subObjects,
  };
}
