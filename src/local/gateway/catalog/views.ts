import type { Principal } from '../identity/principal.ts';
import { glueInput } from '../input.ts';
import { AwsError, type JsonObject } from '../protocol.ts';
import type { Connections } from './connections.ts';
import type { CatalogContext } from './context.ts';
import { type MultiDialectView, storedMembers, type TableRecord, tableStructure } from './record.ts';
import { commit, invalid, newEntry, type TableEntry } from './store.ts';
import { requireBaseTables, requireViewDatabase } from './view-governance.ts';
import { checkSubObjects, readDroppedDialects, readViewRequest, type ViewRequest } from './view-input.ts';
import {
  type DialectChange,
  newView,
  type UpdateAction,
  withDialects,
  withoutDialects,
} from './view-rules.ts';
import { isPending, startChange } from './view-validation.ts';

export type ViewCall = {
  readonly database: string;
  readonly name: string;
  readonly tableInput: JsonObject;
  readonly caller: Principal;
};

/** Multi-dialect views as CreateTable and UpdateTable make and change them. */
export type Views = {
  create(call: ViewCall): void;
  update(call: ViewCall, options: { action: string; force: boolean; skipArchive: boolean }): void;
};

export function createViews(context: CatalogContext, connections: Connections): Views {
  const { store, accountId } = context;

  const create = (call: ViewCall): void => {
    const request = readViewRequest(context, connections, call.tableInput);
    const entry = newEntry();
    const createTime = context.now();
    const record = (view: MultiDialectView): TableRecord => ({
      database: call.database,
      name: call.name,
      input: viewMembers(call.tableInput),
      view,
      version: 0,
      createTime,
      updateTime: context.now(),
      createdBy: call.caller.sessionArn,
    });
    const definer = request.definer ?? call.caller.arn;
    requireViewDatabase(context, definer, call.database);
    requireBaseTables(context, definer, request.subObjects);
    if (isValidated(request)) {
      store.add(call.database, call.name, entry);
      startChange(context, entry, {
        action: 'CREATE',
        database: call.database,
        dialects: request.dialects,
        requestedBy: call.caller.sessionArn,
        requestedChange: requestedChange(record(requestedView(definer, request))),
        apply: (changes) =>
          commit(entry, record(newView(definer, withBaseTables(request, changes, definer))), true),
      });
      return;
    }
    entry.current = record(newView(definer, givenChanges(request)));
    store.add(call.database, call.name, entry);
  };

  const update: Views['update'] = (call, { action, force, skipArchive }) => {
    const entry = store.entry(call.database, call.name);
    const { current, view } = changeable(entry, call);
    const replace = (next: MultiDialectView): void => {
      commit(
        entry,
        {
          ...current,
          input: { ...current.input, ...viewMembers(call.tableInput) },
          view: next,
          version: current.version + 1,
          updateTime: context.now(),
        },
        skipArchive,
      );
    };
    if (action === 'DROP') {
      replace(withoutDialects(view, readDroppedDialects(call.tableInput)));
      delete entry.change;
      return;
    }
    if (!isUpdateAction(action)) {
      throw invalid(`ViewUpdateAction must be one of ADD, REPLACE, ADD_OR_REPLACE, DROP, not ${action}.`);
    }
    const request = readViewRequest(context, connections, call.tableInput);
    const owned = request.definer === undefined ? view : { ...view, definer: request.definer };
    requireBaseTables(context, owned.definer, request.subObjects);
    const apply = (changes: readonly DialectChange[]): void =>
      replace(withDialects(owned, action, withBaseTables(request, changes, owned.definer), force));
    if (isValidated(request)) {
      startChange(context, entry, {
        action: 'UPDATE',
        database: call.database,
        dialects: request.dialects,
        requestedBy: call.caller.sessionArn,
        requestedChange: requestedChange({ ...current, view: requestedView(owned.definer, request) }),
        apply,
      });
      return;
    }
    apply(givenChanges(request));
    delete entry.change;
  };

  /** The tables that an engine found in the text are checked as those that the caller names. */
  const withBaseTables = (
    request: ViewRequest,
    changes: readonly DialectChange[],
    definer: string,
  ): DialectChange[] =>
    changes.map((change) => {
      checkSubObjects(context, change.subObjects);
      requireBaseTables(context, definer, change.subObjects);
      return request.subObjects.length > 0 ? { ...change, subObjects: request.subObjects } : change;
    });

  const requestedChange = (record: TableRecord): JsonObject =>
    tableStructure(record, accountId, { withTexts: true });

  return { create, update };
}

/**
 * The current version of a view that may be changed now. Throws AwsError InvalidInputException for what is no
 * multi-dialect view or was never created successfully, ResourceNotReadyException while a change is pending.
 */
export function changeable(
  entry: TableEntry,
  { database, name }: { database: string; name: string },
): { current: TableRecord; view: MultiDialectView } {
  refuseWhilePending(entry, `${database}.${name}`);
  const { current } = entry;
  if (current?.view === undefined) throw invalid(`${database}.${name} is not a multi-dialect view.`);
  return { current, view: current.view };
}

/** Throws AwsError when the entry's asynchronous change forbids another one. */
export function refuseWhilePending(entry: TableEntry, name: string): void {
  const { change } = entry;
  if (change === undefined) return;
  if (isPending(change)) {
    throw new AwsError(
      'ResourceNotReadyException',
      `View ${name} cannot be updated while its ${change.action} is ${change.state}. Wait until GetTable shows another Status.State.`,
    );
  }
  if (change.action === 'CREATE' && change.state === 'FAILED') {
    throw invalid(
      `View ${name} cannot be updated because its creation FAILED. Delete it and create it again.`,
    );
  }
}

/** Members of a view's TableInput that are stored beside the definition. */
function viewMembers(tableInput: JsonObject): JsonObject {
  const { StorageDescriptor, ViewOriginalText, ViewExpandedText, TableType, ...members } =
    storedMembers(tableInput);
  const type = glueInput.optionalString(tableInput, 'TableType');
  if (type !== undefined && type !== '' && type !== 'VIRTUAL_VIEW') {
    throw invalid(`TableType of a view must be VIRTUAL_VIEW, not ${type}.`);
  }
  return members;
}

function isValidated(request: ViewRequest): boolean {
  return request.dialects.some(({ connection }) => connection !== undefined);
}

function isUpdateAction(action: string): action is UpdateAction {
  return action === 'ADD' || action === 'REPLACE' || action === 'ADD_OR_REPLACE';
}

function givenChanges(request: ViewRequest): DialectChange[] {
  return request.dialects.map(({ connection: _, ...representation }) => ({
    representation: { ...representation, stale: false },
    columns: request.columns,
    subObjects: request.subObjects,
  }));
}

function requestedView(definer: string, request: ViewRequest): MultiDialectView {
  return {
    definer,
    subObjects: request.subObjects,
    columns: request.columns,
    representations: givenChanges(request).map((change) => change.representation),
  };
}
