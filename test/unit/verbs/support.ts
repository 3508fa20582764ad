import { systemClock } from '../../../src/aws/poller.ts';
import { type Bucket, openBucket } from '../../../src/aws/s3.ts';
import { commandLine, type Lake } from '../../../src/lake/lake.ts';
import type { LakeConfig } from '../../../src/lake/lake-config.ts';
import { type Conversation, inLines } from '../../../src/verbs/verb.ts';
import { type Moto, startMoto } from '../aws/moto.ts';

export const CONFIG: LakeConfig = {
  version: 1,
  region: 'us-east-1',
  account_id: '123456789012',
  bucket: 'test-lake',
  prefixes: {
    raw: 'raw-data/',
    iceberg: 'iceberg-data/',
    jars: 'jars/',
    scripts: 'scripts/',
    config: 'config/',
    state: 'state/',
    results: 'athena-results/',
    quarantine: 'quarantine/',
  },
  database: 'iceberg_db',
  table: 'entity_data',
  workflow: 'data-lake',
  workgroup: 'mydatahub',
  jobs: {
    ingestion: 'csv-to-iceberg-ingestion',
    views: 'create-views-dual-engine',
    spark_dialect: 'create-views-spark-dialect',
    verify: 'verify-views',
  },
  roles: { ingestion: 'arn:i', definer: 'arn:d', reader: 'arn:r' },
  log_group: '/aws-glue/jobs/mydatahub',
  readers: [{ principal: 'arn:r', views: ['*'], base_table: false }],
  glue_version: '5.1',
  views: { form: 'auto', without_data: 'keep' },
  ingestion: { mode: 'sync', removed_files: 'keep', bad_files: 'refuse', additional_columns: 'refuse' },
};

/** What a lake was asked to write, in order. */
export type Writes = { readonly keys: string[] };

/** A lake on moto's S3 that counts its writes. */
export async function motoLake(): Promise<{ moto: Moto; lake: Lake; writes: Writes }> {
  const moto = await startMoto();
  const keys: string[] = [];
  const bucket = openBucket(moto.connection);
  const counted: Bucket = {
    ...bucket,
    put: (key, body, options) => {
      keys.push(key);
      return bucket.put(key, body, options);
    },
    putIf: (key, body, condition, options) => {
      keys.push(key);
      return bucket.putIf(key, body, condition, options);
    },
    multipart: {
      ...bucket.multipart,
      send: (upload, number, body, sha256) => {
        keys.push(`${upload.key} part ${number}`);
        return bucket.multipart.send(upload, number, body, sha256);
      },
    },
  };
  return {
    moto,
    lake: {
      name: 'test',
      call: commandLine('test'),
      connection: moto.connection,
      config: CONFIG,
      bucket: counted,
    },
    writes: { keys },
  };
}

/** A conversation that keeps what was said. */
export function recordedConversation(): Conversation & { readonly said: string[] } {
  const said: string[] = [];
  return {
    said,
    ...inLines((line) => {
      said.push(line);
    }),
    clock: systemClock,
    signal: new AbortController().signal,
  };
}
