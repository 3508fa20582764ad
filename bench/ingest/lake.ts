import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateJobCommand,
  DeleteTableCommand,
  GetJobCommand,
  GetJobRunCommand,
  GlueClient,
  type JobRun,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { GrantPermissionsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openLake } from '../../src/lake/lake.ts';
import { ADMINISTRATOR } from '../../src/local/gateway/identity/administrator.ts';
import { localBucket } from '../../src/local/lake.ts';
import { lakeDirectory, runningLake } from '../../src/local/lakes.ts';
import { mydatahub } from '../../src/local/mydatahub.ts';
import { REPOSITORY } from '../../src/local/toolchain.ts';
import { type Watch, watchProcessorTime } from './processor-time.ts';

const INGESTION = 'csv-to-iceberg-ingestion';
const BASELINE = 'baseline';

/** One local lake that is up, as the bench uses it. */
export function benchLake(name: string) {
  const { accountId, endpoint, region, credentials } = runningLake(name);
  const settings = { endpoint, region, credentials };
  const glue = new GlueClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const Bucket = localBucket(name);

  const finished = async (JobName: string, RunId: string): Promise<JobRun> => {
    for (;;) {
      const { JobRun } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
      if (JobRun?.JobRunState === 'SUCCEEDED') return JobRun;
      if (JobRun?.JobRunState === 'FAILED') throw new Error(`${JobName}: ${JobRun.ErrorMessage}`);
      await sleep(500);
    }
  };

  const createJob = async (script: Buffer, args: Record<string, string>): Promise<void> => {
    const Key = 'scripts/baseline.py';
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: script }));
    const { Job } = await glue.send(new GetJobCommand({ JobName: INGESTION }));
    await glue.send(
      new CreateJobCommand({
        Name: BASELINE,
        Role: Job?.Role,
        Command: { ...Job?.Command, ScriptLocation: `s3://${Bucket}/${Key}` },
        DefaultArguments: { ...Job?.DefaultArguments, ...args },
        GlueVersion: Job?.GlueVersion,
        WorkerType: Job?.WorkerType,
        NumberOfWorkers: Job?.NumberOfWorkers,
      }),
    );
  };

  return {
    directory: lakeDirectory(name),
    finished,

    async verb(...args: string[]): Promise<void> {
      const { status } = await mydatahub([...args, '--lake', `local:${name}`, '--json']);
      if (status !== 0) throw new Error(`mydatahub ${args.join(' ')} failed`);
    },

    /** Runs one job by itself and gives the processor seconds of its processes. */
    async processorTime(job: 'ingestion' | 'baseline'): Promise<number> {
      const JobName = job === 'ingestion' ? INGESTION : BASELINE;
      const watch: Watch = watchProcessorTime(lakeDirectory(name));
      const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName }));
      await finished(JobName, JobRunId ?? '');
      return watch.end();
    },

    /** A job that runs `script` as the ingestion job would run its own: same role, arguments and settings. */
    createBaseline: (script: Buffer, folder: string) => createJob(script, { '--folder': folder }),

    /** Runs a script as the ingestion job would run its own, and gives its log. */
    async run(script: Buffer, args: Record<string, string>): Promise<string> {
      await createJob(script, args);
      const { JobRunId: logStreamName = '' } = await glue.send(new StartJobRunCommand({ JobName: BASELINE }));
      await finished(BASELINE, logStreamName);
      const { config } = await openLake(`local:${name}`, REPOSITORY);
      const logGroupName = `${config.log_group}/output`;
      const logs = new CloudWatchLogsClient(settings);
      const { events } = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName }));
      return (events ?? []).map(({ message }) => message).join('\n');
    },

    /** The administrator may drop it once they have granted themselves that. */
    async dropTable(): Promise<void> {
      const Principal = { DataLakePrincipalIdentifier: `arn:aws:iam::${accountId}:user/${ADMINISTRATOR}` };
      const Resource = { Table: { DatabaseName: 'iceberg_db', Name: 'entity_data' } };
      const lakeFormation = new LakeFormationClient(settings);
      await lakeFormation.send(new GrantPermissionsCommand({ Principal, Resource, Permissions: ['DROP'] }));
      await glue.send(new DeleteTableCommand({ DatabaseName: 'iceberg_db', Name: 'entity_data' }));
    },

    /** Size in bytes of each object below a prefix, by key. */
    async sizes(Prefix: string): Promise<Map<string, number>> {
      const sizes = new Map<string, number>();
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
        for (const { Key, Size } of page.Contents ?? []) sizes.set(Key ?? '', Size ?? 0);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return sizes;
    },

    /** Number of calls that the gateway answered, by `service.operation`. */
    async calls(): Promise<Map<string, number>> {
      const response = await fetch(`${endpoint}/_mydatahub/calls?since=0`);
      const { calls } = (await response.json()) as { calls: { service: string; operation: string }[] };
      const counts = new Map<string, number>();
      for (const { service, operation } of calls) {
        const call = `${service}.${operation}`;
        counts.set(call, (counts.get(call) ?? 0) + 1);
      }
      return counts;
    },
  };
}

export type BenchLake = ReturnType<typeof benchLake>;
