import { randomUUID } from 'node:crypto';
import type { JsonObject, Operations } from '../protocol.ts';
import { optionalText, text, texts } from './members.ts';
import { page } from './page.ts';
import { refusal } from './refusal.ts';
import type { WorkGroups } from './workgroups.ts';

type NamedQuery = {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly database: string;
  readonly query: string;
  readonly workGroup: string;
};

/** Saved queries. */
export type NamedQueries = ReturnType<typeof createNamedQueries>;

export function createNamedQueries(workGroups: Pick<WorkGroups, 'get'>) {
  const all = new Map<string, NamedQuery>();
  const idsByToken = new Map<string, string>();

  function get(id: string): NamedQuery {
    const found = all.get(id);
    if (!found) throw refusal('NAMED_QUERY_NOT_FOUND', `NamedQuery ${id} was not found`);
    return found;
  }

  const operations: Operations = {
    CreateNamedQuery(input) {
      const token = optionalText(input, 'ClientRequestToken');
      const known = token === undefined ? undefined : idsByToken.get(token);
      if (known !== undefined) return { NamedQueryId: known };
      const query: NamedQuery = {
        id: randomUUID(),
        name: text(input, 'Name'),
        description: optionalText(input, 'Description'),
        database: text(input, 'Database'),
        query: text(input, 'QueryString'),
        workGroup: workGroups.get(optionalText(input, 'WorkGroup')).name,
      };
      all.set(query.id, query);
      if (token !== undefined) idsByToken.set(token, query.id);
      return { NamedQueryId: query.id };
    },
    GetNamedQuery: (input) => ({ NamedQuery: namedQueryJson(get(text(input, 'NamedQueryId'))) }),
    BatchGetNamedQuery(input) {
      const ids = texts(input, 'NamedQueryIds');
      return {
        NamedQueries: ids.flatMap((id) => all.get(id) ?? []).map(namedQueryJson),
        UnprocessedNamedQueryIds: ids
          .filter((id) => !all.has(id))
          .map((id) => ({
            NamedQueryId: id,
            ErrorCode: 'NAMED_QUERY_NOT_FOUND',
            ErrorMessage: `NamedQuery ${id} was not found`,
          })),
      };
    },
    ListNamedQueries(input) {
      const { name } = workGroups.get(optionalText(input, 'WorkGroup'));
      const listed = [...all.values()].filter((query) => query.workGroup === name);
      const { items, next } = page(listed, input, 50);
      return { NamedQueryIds: items.map((query) => query.id), ...next };
    },
    UpdateNamedQuery(input) {
      const query = get(text(input, 'NamedQueryId'));
      all.set(query.id, {
        ...query,
        name: text(input, 'Name'),
        query: text(input, 'QueryString'),
        description: optionalText(input, 'Description') ?? query.description,
      });
      return {};
    },
    DeleteNamedQuery(input) {
      all.delete(get(text(input, 'NamedQueryId')).id);
      return {};
    },
  };

  return {
    operations,
    workGroupOf: (id: string): string | undefined => all.get(id)?.workGroup,
    isUsed: (workGroup: string): boolean => [...all.values()].some((query) => query.workGroup === workGroup),
  };
}

function namedQueryJson(query: NamedQuery): JsonObject {
  return {
    NamedQueryId: query.id,
    Name: query.name,
    ...(query.description !== undefined && { Description: query.description }),
    Database: query.database,
    QueryString: query.query,
    WorkGroup: query.workGroup,
  };
}
