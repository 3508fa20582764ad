import type { Principal } from '../identity/principal.ts';
import { glueInput } from '../input.ts';
import { AwsError, epochSeconds, type JsonObject, type Operations } from '../protocol.ts';
import type { CatalogContext } from './context.ts';
import { page } from './page.ts';
import { invalid, notFound } from './store.ts';

export type Connections = {
  /** The Glue `Connection` structure. Throws AwsError EntityNotFoundException. */
  get(name: string): JsonObject;
  readonly operations: Operations;
};

/** Glue connections, kept as they came. Names are case sensitive, unlike those of tables. */
export function createConnections(context: CatalogContext): Connections {
  const { tags, arns } = context;
  const byName = new Map<string, JsonObject>();

  const get = (name: string): JsonObject => {
    const found = byName.get(name);
    if (found === undefined) throw notFound(`Connection ${name} not found.`);
    return found;
  };

  const structure = (connectionInput: JsonObject, creationTime: number, caller: Principal): JsonObject => {
    const { ValidateCredentials, ValidateForComputeEnvironments, ...stored } = connectionInput;
    const type = glueInput.string(connectionInput, 'ConnectionType');
    const properties = glueInput.stringMap(connectionInput, 'ConnectionProperties');
    if (type === 'VIEW_VALIDATION_ATHENA' && properties.WORKGROUP_NAME === undefined) {
      throw invalid(
        'A connection of type VIEW_VALIDATION_ATHENA needs the connection property WORKGROUP_NAME.',
      );
    }
    return {
      ...stored,
      Name: glueInput.string(connectionInput, 'Name'),
      ConnectionProperties: properties,
      CreationTime: creationTime,
      LastUpdatedTime: epochSeconds(context.now()),
      LastUpdatedBy: caller.sessionArn,
      Status: 'READY',
      ConnectionSchemaVersion: 1,
    };
  };

  const operations: Operations = {
    CreateConnection: (input, caller) => {
      const connectionInput = glueInput.object(input, 'ConnectionInput');
      const created = structure(connectionInput, epochSeconds(context.now()), caller.principal);
      const name = glueInput.string(created, 'Name');
      if (byName.has(name))
        throw new AwsError('AlreadyExistsException', `Connection ${name} already exists.`);
      byName.set(name, created);
      tags.set(arns.connection(name), glueInput.stringMap(input, 'Tags'));
      return { CreateConnectionStatus: 'READY' };
    },

    GetConnection: (input) => ({ Connection: get(glueInput.string(input, 'Name')) }),

    GetConnections: (input) => {
      const type = glueInput.optionalString(input, 'Filter.ConnectionType');
      const criteria = glueInput.stringList(input, 'Filter.MatchCriteria');
      const matching = [...byName.values()].filter(
        (connection) =>
          (type === undefined || connection.ConnectionType === type) &&
          criteria.every((word) => glueInput.stringList(connection, 'MatchCriteria').includes(word)),
      );
      const { items, next } = page(matching, input);
      return { ConnectionList: items, ...next };
    },

    UpdateConnection: (input, caller) => {
      const name = glueInput.string(input, 'Name');
      const creationTime = glueInput.number(get(name), 'CreationTime');
      const connectionInput = glueInput.object(input, 'ConnectionInput');
      byName.set(name, structure({ ...connectionInput, Name: name }, creationTime, caller.principal));
      return {};
    },

    DeleteConnection: (input) => {
      const name = glueInput.string(input, 'ConnectionName');
      get(name);
      byName.delete(name);
      tags.delete(arns.connection(name));
      return {};
    },
  };
  return { get, operations };
}
