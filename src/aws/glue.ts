import {
  BatchStopJobRunCommand,
  GetJobCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  GetTableCommand,
  GetWorkflowRunCommand,
  type GetWorkflowRunCommandOutput,
  GetWorkflowRunsCommand,
  GlueClient,
  type JobRun as SdkJobRun,
  type WorkflowRun as SdkWorkflowRun,
  StartJobRunCommand,
  StartWorkflowRunCommand,
  StopWorkflowRunCommand,
  type Table,
} from '@aws-sdk/client-glue';
import { awsErrorName, type Connection, clientSettings } from './connection.ts';

/** One run of one job. `error` is Glue's ErrorMessage; `logGroup` the prefix of its /output and /error groups. */
export type JobRun = {
  readonly job: string;
  readonly id: string;
  readonly state: string;
  readonly error: string | null;
  /** Seconds that it has consumed resources, and data processing units times seconds. */
  readonly seconds: number;
  readonly dpuSeconds: number;
  readonly logGroup: string;
};

export type WorkflowStatus = 'RUNNING' | 'COMPLETED' | 'STOPPING' | 'STOPPED' | 'ERROR';

/** What the jobs of one workflow run read by GetWorkflowRunProperties. */
export type RunProperties = Record<string, string>;

/** One run of the workflow. COMPLETED does not mean success: look at the counts and at the jobs. */
export type WorkflowRun = {
  readonly id: string;
  readonly status: WorkflowStatus;
  readonly error: string | null;
  /** Milliseconds since 1970. */
  readonly startedOn: number;
  readonly unsuccessful: number;
  readonly properties: Readonly<RunProperties>;
  readonly jobs: readonly JobRun[];
};

/** A table or view of the Data Catalog as the verbs need it. */
export type CatalogTable = {
  readonly parameters: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  /** Of each column, by the Data Catalog's names. */
  readonly types: readonly string[];
  readonly dialects: readonly { readonly dialect: string; readonly stale: boolean }[];
};

const FINAL = new Set(['SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT', 'ERROR', 'EXPIRED']);

/** Whether a job run has ended, well or not (JobRunState of the Glue API). */
export function hasEnded(run: JobRun): boolean {
  return FINAL.has(run.state);
}

export type Glue = {
  startWorkflowRun(
    workflow: string,
    properties: RunProperties,
  ): Promise<{ readonly id: string } | 'too-many-runs'>;
  /** With the job runs of its graph. */
  workflowRun(workflow: string, id: string): Promise<WorkflowRun>;
  /** Newest first, without jobs. */
  workflowRuns(workflow: string): Promise<WorkflowRun[]>;
  stopWorkflowRun(workflow: string, id: string): Promise<void>;
  /** `undefined` when there is no such table. */
  table(database: string, name: string): Promise<CatalogTable | undefined>;
  jobArguments(job: string): Promise<Readonly<Record<string, string>>>;
  startJobRun(job: string, args: Record<string, string>): Promise<string>;
  stopJobRun(job: string, id: string): Promise<void>;
  jobRun(job: string, id: string): Promise<JobRun>;
  /** Newest first. */
  jobRuns(job: string): Promise<JobRun[]>;
};

/**
 * `logGroup` is the prefix of the log groups that the lake's jobs write to: GetJobRun does not tell a prefix of one's own.
 * Whoever reads no logs need not know it.
 */
export function openGlue(connection: Connection, logGroup = '/aws-glue/jobs'): Glue {
  const client = new GlueClient(clientSettings(connection));
  const jobRun = (run: SdkJobRun): JobRun => jobRunOf(run, logGroup);
  const workflowRun = (run: SdkRun): WorkflowRun => workflowRunOf(run, jobRun);
  return {
    async startWorkflowRun(Name, RunProperties) {
      try {
        const { RunId } = await client.send(new StartWorkflowRunCommand({ Name, RunProperties }));
        return { id: RunId ?? '' };
      } catch (error) {
        if (awsErrorName(error) === 'ConcurrentRunsExceededException') return 'too-many-runs';
        throw error;
      }
    },
    async workflowRun(Name, RunId) {
      const { Run } = await client.send(new GetWorkflowRunCommand({ Name, RunId, IncludeGraph: true }));
      return workflowRun(Run);
    },
    async workflowRuns(Name) {
      const runs: WorkflowRun[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client.send(new GetWorkflowRunsCommand({ Name, NextToken, MaxResults: 1000 }));
        runs.push(...(page.Runs ?? []).map(workflowRun));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return runs.sort((a, b) => b.startedOn - a.startedOn);
    },
    async stopWorkflowRun(Name, RunId) {
      await client.send(new StopWorkflowRunCommand({ Name, RunId }));
    },
    async table(DatabaseName, Name) {
      try {
        const { Table } = await client.send(new GetTableCommand({ DatabaseName, Name }));
        return Table === undefined ? undefined : catalogTable(Table);
      } catch (error) {
        if (awsErrorName(error) === 'EntityNotFoundException') return undefined;
        throw error;
      }
    },
    async jobArguments(JobName) {
      const { Job } = await client.send(new GetJobCommand({ JobName }));
      return Job?.DefaultArguments ?? {};
    },
    async startJobRun(JobName, Arguments) {
      const { JobRunId } = await client.send(new StartJobRunCommand({ JobName, Arguments }));
      return JobRunId ?? '';
    },
    async stopJobRun(JobName, id) {
      const { Errors } = await client.send(new BatchStopJobRunCommand({ JobName, JobRunIds: [id] }));
      const refused = Errors?.[0]?.ErrorDetail;
      if (refused !== undefined) throw new Error(`${refused.ErrorCode}: ${refused.ErrorMessage}`);
    },
    async jobRun(JobName, RunId) {
      const answer = await client.send(new GetJobRunCommand({ JobName, RunId }));
      return jobRun(answer.JobRun ?? {});
    },
    async jobRuns(JobName) {
      const { JobRuns } = await client.send(new GetJobRunsCommand({ JobName, MaxResults: 50 }));
      const sorted = [...(JobRuns ?? [])].sort((a, b) => Number(b.StartedOn ?? 0) - Number(a.StartedOn ?? 0));
      return sorted.map(jobRun);
    },
  };
}

function jobRunOf(run: SdkJobRun, logGroup: string): JobRun {
  return {
    job: run.JobName ?? '',
    id: run.Id ?? '',
    state: run.JobRunState ?? 'STARTING',
    error: run.ErrorMessage ?? null,
    seconds: run.ExecutionTime ?? 0,
    // Glue says them itself only of runs that scale, or of class FLEX (Glue API, JobRun).
    dpuSeconds: run.DPUSeconds ?? (run.ExecutionTime ?? 0) * (run.MaxCapacity ?? 0),
    logGroup,
  };
}

type SdkRun = SdkWorkflowRun | GetWorkflowRunCommandOutput['Run'];

function workflowRunOf(run: SdkRun, jobRun: (run: SdkJobRun) => JobRun): WorkflowRun {
  const counts = run?.Statistics;
  const nodes = run?.Graph?.Nodes ?? [];
  return {
    id: run?.WorkflowRunId ?? '',
    status: run?.Status ?? 'RUNNING',
    error: run?.ErrorMessage ?? null,
    startedOn: run?.StartedOn?.getTime() ?? 0,
    properties: run?.WorkflowRunProperties ?? {},
    unsuccessful:
      (counts?.FailedActions ?? 0) +
      (counts?.StoppedActions ?? 0) +
      (counts?.TimeoutActions ?? 0) +
      (counts?.ErroredActions ?? 0),
    jobs: nodes.flatMap((node) => (node.JobDetails?.JobRuns ?? []).map(jobRun)),
  };
}

export function catalogTable(table: Table): CatalogTable {
  return {
    parameters: table.Parameters ?? {},
    columns: (table.StorageDescriptor?.Columns ?? []).map((column) => column.Name ?? ''),
    types: (table.StorageDescriptor?.Columns ?? []).map((column) => column.Type ?? ''),
    dialects: (table.ViewDefinition?.Representations ?? []).map((representation) => ({
      dialect: representation.Dialect ?? '',
      stale: representation.IsStale ?? false,
    })),
  };
}
