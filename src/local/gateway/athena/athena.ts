import { join } from 'node:path';
import type { LocalLake } from '../../lake.ts';
import { createTrinoClient } from '../../trino/client.ts';
import { trinoAccessFile } from '../../trino/configuration.ts';
import type { Access } from '../access/access.ts';
import type { AthenaOwners } from '../access/athena-asks.ts';
import type { AthenaAnalysis, Catalog } from '../catalog/types.ts';
import type { Faults } from '../faults.ts';
import type { Permissions } from '../lakeformation/permissions.ts';
import { seenCatalog } from '../lakeformation/seen-catalog.ts';
import type { Operations } from '../protocol.ts';
import { createCallerRights } from './caller-rights.ts';
import { createEngineAccess } from './engine-access.ts';
import { createExecutions } from './executions.ts';
import { metadataOperations } from './metadata.ts';
import { createNamedQueries } from './named-queries.ts';
import { createPreparedStatements } from './prepared-statements.ts';
import { queryOperations } from './query-operations.ts';
import { createResultBucket } from './result-bucket.ts';
import { createAthenaTags } from './tags.ts';
import { createViewAnalyser } from './view-analysis.ts';
import { createWorkGroups } from './workgroups.ts';

export type AthenaOptions = {
  readonly lake: Pick<LocalLake, 'directory' | 'motoEndpoint' | 'region' | 'accountId' | 'credentials'>;
  readonly catalog: Catalog;
  readonly trino: { readonly endpoint: string };
  readonly permissions: Permissions;
  readonly access: Pick<Access, 'decide'>;
  readonly faults: Pick<Faults, 'leastExecution'>;
};

export type Athena = {
  readonly operations: Operations;
  /** What the Data Catalog asks of Athena's engine when it validates a view's ATHENA dialect. */
  readonly analyse: AthenaAnalysis;
  readonly owners: AthenaOwners;
  /** Cancels what still runs. */
  close(): Promise<void>;
};

/** Amazon Athena over a real Trino: its API, its words, its result files. All state but results is in memory. */
export function createAthena(options: AthenaOptions): Athena {
  const { lake, catalog } = options;
  const client = createTrinoClient({ endpoint: options.trino.endpoint });
  const bucket = createResultBucket(lake);
  const executions = createExecutions({
    directory: join(lake.directory, 'athena'),
    bucket,
    least: options.faults.leastExecution,
  });
  const tags = createAthenaTags(lake.region, lake.accountId);
  const workGroups = createWorkGroups(
    tags,
    (name) => namedQueries.isUsed(name) || executions.inWorkGroup(name).length > 0,
  );
  const namedQueries = createNamedQueries(workGroups);
  const preparedStatements = createPreparedStatements(workGroups);
  const analyser = createViewAnalyser(client, lake);
  const engineAccess = createEngineAccess({
    file: trinoAccessFile(lake),
    catalog,
    permissions: options.permissions,
  });
  return {
    operations: {
      ...queryOperations({
        client,
        wholeCatalog: catalog,
        permissions: options.permissions,
        engineAccess,
        analyser,
        preparedStatements,
        metadataFiles: bucket,
        objects: bucket,
        executions,
        workGroups,
        bucket,
        rights: createCallerRights(options.access),
      }),
      ...workGroups.operations,
      ...namedQueries.operations,
      ...preparedStatements.operations,
      ...tags.operations,
      ...metadataOperations(
        (caller) => seenCatalog(catalog, options.permissions, caller.principal),
        lake.accountId,
      ),
    },
    analyse: analyser.analyse,
    owners: {
      workGroupOfQuery: (id) => executions.find(id)?.workGroup,
      workGroupOfNamedQuery: (id) => namedQueries.workGroupOf(id),
    },
    async close() {
      await executions.close();
      bucket.close();
    },
  };
}
