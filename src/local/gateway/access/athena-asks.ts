import { glueInput } from '../input.ts';
import type { JsonObject } from '../protocol.ts';
import { type Ask, arnOf, NO_RESOURCE, type Place } from './ask.ts';

/** Which workgroup things of Athena belong to. */
export type AthenaOwners = {
  workGroupOfQuery(queryExecutionId: string): string | undefined;
  workGroupOfNamedQuery(namedQueryId: string): string | undefined;
};

const DEFAULT_WORKGROUP = 'primary';
const OF_CATALOG =
  /^(GetDatabase|ListDatabases|GetTableMetadata|ListTableMetadata|(Create|Get|Update|Delete)DataCatalog)$/;
const OF_NOTHING = /^(ListWorkGroups|ListDataCatalogs|ListEngineVersions|ListApplicationDPUSizes)$/;
const OF_WORKGROUP =
  /^(StartQueryExecution|ListQueryExecutions|(Create|List)NamedQuer(y|ies)|\w*PreparedStatements?|(Get|Update|Delete)WorkGroup)$/;

/** The permissions of an Athena call. Source: Service Authorization Reference, "Actions, resources … for Amazon Athena". */
export function athenaAsks(
  operation: string,
  input: JsonObject,
  place: Place,
  owners: AthenaOwners,
): readonly Ask[] {
  const text = (path: string) => glueInput.optionalString(input, path) ?? '';
  const workGroup = (name: string | undefined) =>
    arnOf(place, 'athena', `workgroup/${name === undefined || name === '' ? DEFAULT_WORKGROUP : name}`);
  const ask = (resources: readonly string[] | undefined): readonly Ask[] => [
    { action: `athena:${operation}`, resources },
  ];

  if (OF_NOTHING.test(operation)) return ask(NO_RESOURCE);
  if (OF_CATALOG.test(operation)) {
    return ask([arnOf(place, 'athena', `datacatalog/${text('CatalogName') || text('Name')}`)]);
  }
  if (operation === 'CreateWorkGroup') return ask([workGroup(text('Name'))]);
  if (OF_WORKGROUP.test(operation)) return ask([workGroup(text('WorkGroup'))]);
  if (/^(TagResource|UntagResource|ListTagsForResource)$/.test(operation)) return ask([text('ResourceARN')]);
  if (operation === 'BatchGetQueryExecution') {
    const ids = glueInput.stringList(input, 'QueryExecutionIds');
    return ask(unique(ids.map((id) => workGroup(owners.workGroupOfQuery(id)))));
  }
  if (operation === 'BatchGetNamedQuery') {
    const ids = glueInput.stringList(input, 'NamedQueryIds');
    return ask(unique(ids.map((id) => workGroup(owners.workGroupOfNamedQuery(id)))));
  }
  if (/^(Get|Delete|Update)NamedQuery$/.test(operation)) {
    return ask([workGroup(owners.workGroupOfNamedQuery(text('NamedQueryId')))]);
  }
  if (/^(GetQuery|StopQuery)\w+$/.test(operation)) {
    return ask([workGroup(owners.workGroupOfQuery(text('QueryExecutionId')))]);
  }
  return ask(undefined);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
