import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { LOCAL_ACCOUNT_ID, LOCAL_REGION, type LocalLake } from '../lake.ts';
import { startMoto } from '../moto.ts';
import { freePorts } from '../ports.ts';
import { startReaper } from '../reaper.ts';
import { classArchive } from './class-archive.ts';
import { createSparkEngine } from './spark-engine.ts';

const WARM_UP = fileURLToPath(new URL('warm-up.py', import.meta.url));
const BUCKET = 'warm-up';

/** Makes the class archive, by a small job on a moto of its own. Its folder must be there. */
export async function fillClassArchive(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'mydatahub-classes-'));
  const reaper = startReaper(directory);
  const [port = 0] = await freePorts(1);
  const moto = startMoto(directory, port);
  reaper.watch(moto.process.pid ?? 0);
  try {
    await moto.ready();
    await warmUp(directory, `http://127.0.0.1:${port}`, (group) => reaper.watch(group));
  } finally {
    moto.process.kill();
    await rm(directory, { recursive: true, force: true });
  }
}

async function warmUp(
  directory: string,
  endpoint: string,
  onProcess: (group: number) => void,
): Promise<void> {
  const lake: LocalLake = {
    name: 'warm-up',
    directory,
    region: LOCAL_REGION,
    accountId: LOCAL_ACCOUNT_ID,
    endpoint,
    motoEndpoint: endpoint,
    trinoEndpoint: endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const s3 = new S3Client({
    endpoint,
    region: lake.region,
    credentials: lake.credentials,
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'warm-up.py', Body: await readFile(WARM_UP) }));
  const keys = { role: lake.credentials, data: lake.credentials, revoke: () => undefined };
  const outcome = await createSparkEngine({ lake, onProcess, keysOf: async () => keys }).startJob(
    {
      id: 'warm-up',
      arguments: { '--datalake-formats': 'iceberg', '--conf': catalogSettings() },
      role: '',
      glueVersion: '5.1',
      workers: undefined,
      scriptLocation: `s3://${BUCKET}/warm-up.py`,
      scriptArguments: [],
      javaOptions: [`"-XX:ArchiveClassesAtExit=${classArchive()}"`],
    },
    () => undefined,
  ).ended;
  if (outcome.succeeded && existsSync(classArchive())) return;
  const why = outcome.succeeded ? 'Java wrote no archive' : outcome.message;
  throw new Error(`cannot prepare Spark: ${why}\n  cure: check that java on PATH is a full Java 17`);
}

function catalogSettings(): string {
  const catalogs = {
    glue_catalog: 'org.apache.iceberg.spark.SparkCatalog',
    spark_catalog: 'org.apache.iceberg.spark.SparkSessionCatalog',
  };
  return Object.entries(catalogs)
    .flatMap(([name, implementation]) => [
      `spark.sql.catalog.${name}=${implementation}`,
      `spark.sql.catalog.${name}.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog`,
      `spark.sql.catalog.${name}.io-impl=org.apache.iceberg.aws.s3.S3FileIO`,
      `spark.sql.catalog.${name}.warehouse=s3://${BUCKET}/warehouse/`,
    ])
    .concat('spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions')
    .join(' --conf ');
}
