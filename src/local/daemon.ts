import { S3Client } from '@aws-sdk/client-s3';
import { keyTagsOf } from './gateway/access/key-tags.ts';
import { createS3Front } from './gateway/access/s3-front.ts';
import { createAdmin } from './gateway/admin.ts';
import { createAthena } from './gateway/athena/athena.ts';
import { createBudgets } from './gateway/budgets.ts';
import { createCalls } from './gateway/calls.ts';
import { createCatalog } from './gateway/catalog/catalog.ts';
import { createFaults } from './gateway/faults.ts';
import { administratorArn, createAdministrator } from './gateway/identity/administrator.ts';
import { principalExists } from './gateway/identity/principal-exists.ts';
import { createJobs } from './gateway/jobs/jobs.ts';
import { keysOfRuns } from './gateway/jobs/role-keys.ts';
import { catalogFacts } from './gateway/lakeformation/catalog-facts.ts';
import { createLakeFormation } from './gateway/lakeformation/lakeformation.ts';
import { motoClient } from './gateway/moto-client.ts';
import { createProxy } from './gateway/proxy.ts';
import { createSecurity, partsKeys } from './gateway/security.ts';
import { createGateway } from './gateway/server.ts';
import { createTags } from './gateway/tags.ts';
import { LOCAL_ACCOUNT_ID, LOCAL_REGION, type LocalLake, localBucket } from './lake.ts';
import { lakeDirectory, writeLakeFile } from './lakes.ts';
import { startMoto } from './moto.ts';
import { freePorts } from './ports.ts';
import { type Reaper, startReaper } from './reaper.ts';
import { createSparkEngine } from './spark/spark-engine.ts';
import { startTrino, type Trino } from './trino/server.ts';

const MOST_RESTARTS = 10;

/**
 * The process of one local lake: gateway, with moto, Trino and Spark below it. Usage: daemon.ts NAME
 *
 * Standard input is a pipe from whoever starts it. Until a line `release` arrives, the end of that pipe means that the
 * starter has gone, and the lake goes with it. Standard output says `ready`, or `failed` and why.
 */
async function main(name: string): Promise<void> {
  const directory = lakeDirectory(name);
  const reaper = startReaper(directory);
  const stop = () => process.exit(0);
  followOwner(stop);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

  const parts = partsKeys();
  const [port = 0, motoPort = 0, trinoPort = 0] = await freePorts(3);
  const lake: LocalLake = {
    name,
    directory,
    region: LOCAL_REGION,
    accountId: LOCAL_ACCOUNT_ID,
    endpoint: `http://127.0.0.1:${port}`,
    motoEndpoint: `http://127.0.0.1:${motoPort}`,
    trinoEndpoint: `http://127.0.0.1:${trinoPort}`,
    credentials: parts.gateway,
  };
  const moto = startMoto(directory, motoPort);
  const trinoLake = { ...lake, credentials: parts.trino };
  const trino = startTrino(trinoLake, trinoPort);
  for (const child of [moto.process, trino.process]) reaper.watch(child.pid ?? 0);

  const security = createSecurity(lake, parts.keys);
  const { iam } = security;
  const calls = createCalls();
  const faults = createFaults();
  const tags = createTags();
  const lakeFormation = createLakeFormation({
    accountId: lake.accountId,
    administrators: [administratorArn(lake.accountId)],
    principalExists: (arn) => principalExists(iam, arn),
    ...catalogFacts(() => catalog),
  });
  const { catalog, operations: catalogOperations } = createCatalog({
    region: lake.region,
    accountId: lake.accountId,
    tags,
    analyse: (sql, database) => athena.analyse(sql, database),
    permissions: lakeFormation.permissions,
  });
  const athena = createAthena({
    lake,
    catalog,
    trino,
    permissions: lakeFormation.permissions,
    access: security.access,
    faults,
  });
  const engine = createSparkEngine({
    lake,
    keysOf: keysOfRuns(security, lakeFormation.permissions.locations),
    onProcess: (pid) => reaper.watch(pid),
  });
  const jobs = createJobs({ lake, tags, engine });
  const proxy = createProxy(lake.motoEndpoint, { onIam: security.onIam });
  const gateway = createGateway({
    services: {
      AWSGlue: { ...tags.operations, ...catalogOperations, ...jobs.operations },
      AmazonAthena: athena.operations,
      lakeformation: lakeFormation.operations,
      AWSBudgetServiceGateway: createBudgets(lake.accountId),
    },
    ...security,
    asks: { ...security, athena: athena.owners, keyTags: keyTagsOf(lake) },
    proxy,
    s3: createS3Front({
      ...security,
      proxy,
      s3: new S3Client({ ...motoClient(lake), forcePathStyle: true }),
    }),
    calls,
    faults,
    admin: createAdmin(calls, faults, stop),
  });
  await new Promise<void>((resolve, reject) => {
    gateway.on('error', reject);
    gateway.listen(port, '127.0.0.1', resolve);
  });
  const [administrator] = await Promise.all([
    moto.ready().then(() => createAdministrator(iam, security.keys)),
    trino.ready(),
  ]);
  keepTrino(trino, () => startTrino(trinoLake, trinoPort), reaper);
  writeLakeFile({
    name,
    pid: process.pid,
    reaper_pid: reaper.pid,
    endpoint: lake.endpoint,
    moto_endpoint: lake.motoEndpoint,
    trino_endpoint: lake.trinoEndpoint,
    region: lake.region,
    account_id: lake.accountId,
    access_key_id: administrator.accessKeyId,
    secret_access_key: administrator.secretAccessKey,
    bucket: localBucket(name),
  });
  process.stdout.write('ready\n');
}

/**
 * Starts Trino again when it ends, for instance when a query took all of its memory: it keeps no state. After
 * {@link MOST_RESTARTS} times it is left alone, so that a broken one is not started for ever.
 */
function keepTrino(trino: Trino, startAgain: () => Trino, reaper: Reaper, restarts = 0): void {
  trino.process.once('exit', (code, signal) => {
    const again = restarts < MOST_RESTARTS;
    process.stderr.write(`gateway: Trino ended (${signal ?? code})${again ? '; starting it again' : ''}\n`);
    if (!again) return;
    const next = startAgain();
    reaper.watch(next.process.pid ?? 0);
    keepTrino(next, startAgain, reaper, restarts + 1);
  });
}

/** Ends the lake with its starter, unless it was released. */
function followOwner(stop: () => void): void {
  let released = false;
  process.stdin.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('release')) released = true;
  });
  process.stdin.on('end', () => {
    if (!released) stop();
  });
  process.stdin.on('error', () => undefined);
  process.stdout.on('error', () => undefined);
}

process.on('uncaughtException', (error) =>
  process.stderr.write(`gateway: ${error.stack ?? error.message}\n`),
);
main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stdout.write(`failed ${error instanceof Error ? error.message : String(error)}\n`, () =>
    process.exit(1),
  );
});
