import { glueInput } from '../input.ts';
import { AwsError, epochSeconds, type JsonObject, type Operations } from '../protocol.ts';
import type { CatalogContext } from './context.ts';
import { page } from './page.ts';
import { invalid, notFound } from './store.ts';

/** Partitions of plain external tables, by their values. Iceberg tables keep none in the catalog. */
export function partitionOperations(context: CatalogContext): Operations {
  const { store } = context;

  const at = (input: JsonObject) => {
    const database = glueInput.string(input, 'DatabaseName').toLowerCase();
    const name = glueInput.string(input, 'TableName').toLowerCase();
    const table = store.table(database, name);
    return {
      database,
      name,
      keys: glueInput.objectList(table.input, 'PartitionKeys').map((key) => glueInput.string(key, 'Name')),
      partitions: store.entry(database, name).partitions,
    };
  };
  type Place = ReturnType<typeof at>;

  const create = ({ database, name, keys, partitions }: Place, partitionInput: JsonObject): void => {
    const values = glueInput.stringList(partitionInput, 'Values');
    if (values.length !== keys.length) {
      throw invalid(
        `Table ${database}.${name} has ${keys.length} partition keys, but ${values.length} values were given.`,
      );
    }
    const key = JSON.stringify(values);
    if (partitions.has(key)) {
      throw new AwsError('AlreadyExistsException', `Partition ${key} of ${database}.${name} already exists.`);
    }
    partitions.set(key, {
      ...partitionInput,
      DatabaseName: database,
      TableName: name,
      CreationTime: epochSeconds(context.now()),
      CatalogId: context.accountId,
    });
  };

  const remove = ({ database, name, partitions }: Place, values: readonly string[]): void => {
    if (!partitions.delete(JSON.stringify(values))) {
      throw notFound(`Partition ${JSON.stringify(values)} of ${database}.${name} not found.`);
    }
  };

  const failures = (
    items: readonly (readonly [readonly string[], () => void])[],
  ): { PartitionValues: readonly string[]; ErrorDetail: JsonObject }[] =>
    items.flatMap(([values, act]) => {
      try {
        act();
        return [];
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return [
          { PartitionValues: values, ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message } },
        ];
      }
    });

  return {
    CreatePartition: (input) => {
      create(at(input), glueInput.object(input, 'PartitionInput'));
      return {};
    },

    BatchCreatePartition: (input) => {
      const place = at(input);
      const partitionInputs = glueInput.objectList(input, 'PartitionInputList');
      return {
        Errors: failures(
          partitionInputs.map(
            (one) => [glueInput.stringList(one, 'Values'), () => create(place, one)] as const,
          ),
        ),
      };
    },

    GetPartition: (input) => {
      const { database, name, partitions } = at(input);
      const key = JSON.stringify(glueInput.stringList(input, 'PartitionValues'));
      const found = partitions.get(key);
      if (found === undefined) throw notFound(`Partition ${key} of ${database}.${name} not found.`);
      return { Partition: found };
    },

    GetPartitions: (input) => {
      const { keys, partitions } = at(input);
      const wanted = equalities(glueInput.optionalString(input, 'Expression') ?? '', keys);
      const matching = [...partitions.values()].filter((partition) => {
        const values = glueInput.stringList(partition, 'Values');
        return wanted.every(([index, value]) => values[index] === value);
      });
      const { items, next } = page(matching, input);
      return { Partitions: items, ...next };
    },

    BatchGetPartition: (input) => {
      const { partitions } = at(input);
      const asked = glueInput
        .objectList(input, 'PartitionsToGet')
        .map((one) => JSON.stringify(glueInput.stringList(one, 'Values')));
      const Partitions = asked.map((key) => partitions.get(key)).filter((found) => found !== undefined);
      return { Partitions, UnprocessedKeys: [] };
    },

    DeletePartition: (input) => {
      remove(at(input), glueInput.stringList(input, 'PartitionValues'));
      return {};
    },

    BatchDeletePartition: (input) => {
      const place = at(input);
      const values = glueInput
        .objectList(input, 'PartitionsToDelete')
        .map((one) => glueInput.stringList(one, 'Values'));
      return { Errors: failures(values.map((one) => [one, () => remove(place, one)] as const)) };
    },

    GetPartitionIndexes: (input) => {
      at(input);
      return { PartitionIndexDescriptorList: [] };
    },
  };
}

/** `key = 'value' AND …` as positions and values. Throws AwsError InvalidInputException for any other expression. */
function equalities(expression: string, keys: readonly string[]): [number, string][] {
  if (expression.trim() === '') return [];
  return expression.split(/\s+and\s+/i).map((term) => {
    const match = /^\s*"?(\w+)"?\s*=\s*(?:'([^']*)'|(-?\d+))\s*$/.exec(term);
    const index = keys.indexOf(match?.[1]?.toLowerCase() ?? '');
    if (match === null || index < 0) {
      throw invalid(
        `The local lake's GetPartitions understands "key = 'value' AND …" over partition keys (${keys.join(', ')}) only, not: ${expression}`,
      );
    }
    return [index, match[2] ?? match[3] ?? ''];
  });
}
