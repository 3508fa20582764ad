import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateWorkflowCommand,
  GetWorkflowRunCommand,
  StartTriggerCommand,
  StartWorkflowRunCommand,
  StopWorkflowRunCommand,
} from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createJob,
  createTrigger,
  deleteTriggers,
  ended,
  glue,
  logOf,
  processesOf,
  runOf,
  runsOf,
  start,
  until,
} from './support/jobs.ts';

const success = (JobName: string) => ({
  Conditions: [{ JobName, State: 'SUCCEEDED' as const, LogicalOperator: 'EQUALS' as const }],
});

beforeAll(async () => {
  await createJob('e2e-done', 'print("done")\n');
  await createJob('e2e-next', 'print("next")\n');
});
afterAll(deleteTriggers);

describe('triggers and workflows', () => {
  it('fire after runs that a trigger started, and never after one started by hand', async () => {
    await createTrigger({ Name: 'e2e-by-hand', Type: 'ON_DEMAND', Actions: [{ JobName: 'e2e-done' }] });
    await createTrigger({
      Name: 'e2e-after',
      Type: 'CONDITIONAL',
      StartOnCreation: true,
      Predicate: success('e2e-done'),
      Actions: [{ JobName: 'e2e-next' }],
    });
    await ended('e2e-done', await start('e2e-done'));
    await sleep(500);
    expect(await runsOf('e2e-next')).toEqual([]);

    await glue.send(new StartTriggerCommand({ Name: 'e2e-by-hand' }));
    const [next] = await until(
      () => runsOf('e2e-next'),
      ([run]) => run?.JobRunState === 'SUCCEEDED',
    );
    const [first] = await runsOf('e2e-done');
    expect(first?.TriggerName).toBe('e2e-by-hand');
    expect(next).toMatchObject({
      TriggerName: 'e2e-after',
      PredecessorRuns: [{ JobName: 'e2e-done', RunId: first?.Id }],
    });
  });

  it('run one job after the other in a workflow, with its properties, and show them in its graph', async () => {
    const script = [
      'import sys, boto3',
      'from awsglue.utils import getResolvedOptions',
      'given = getResolvedOptions(sys.argv, ["WORKFLOW_NAME", "WORKFLOW_RUN_ID"])',
      'run = {"Name": given["WORKFLOW_NAME"], "RunId": given["WORKFLOW_RUN_ID"]}',
      'glue = boto3.client("glue")',
      'seen = glue.get_workflow_run_properties(**run)["RunProperties"]',
      'glue.put_workflow_run_properties(**run, RunProperties={"seen": seen["who"]})',
    ];
    await createJob('e2e-first', script.join('\n'));
    const WorkflowName = 'e2e-workflow';
    const DefaultRunProperties = { who: 'nobody', kept: 'yes' };
    await glue.send(
      new CreateWorkflowCommand({ Name: WorkflowName, DefaultRunProperties, MaxConcurrentRuns: 1 }),
    );
    await createTrigger({
      Name: 'e2e-start',
      Type: 'ON_DEMAND',
      WorkflowName,
      Actions: [{ JobName: 'e2e-first' }],
    });
    await createTrigger({
      Name: 'e2e-then',
      Type: 'CONDITIONAL',
      WorkflowName,
      StartOnCreation: true,
      Predicate: success('e2e-first'),
      Actions: [{ JobName: 'e2e-next' }],
    });
    const startRun = () =>
      glue.send(new StartWorkflowRunCommand({ Name: WorkflowName, RunProperties: { who: 'somebody' } }));
    const { RunId } = await startRun();
    await expect(startRun()).rejects.toMatchObject({ name: 'ConcurrentRunsExceededException' });
    const { Run } = await until(
      () => glue.send(new GetWorkflowRunCommand({ Name: WorkflowName, RunId, IncludeGraph: true })),
      (answer) => answer.Run?.Status !== 'RUNNING',
    );
    expect(Run).toMatchObject({
      Status: 'COMPLETED',
      WorkflowRunProperties: { who: 'somebody', kept: 'yes', seen: 'somebody' },
      Statistics: { TotalActions: 2, SucceededActions: 2, FailedActions: 0 },
    });
    const jobs = Run?.Graph?.Nodes?.filter(({ Type }) => Type === 'JOB') ?? [];
    const states = jobs.map(({ Name, JobDetails }) => [Name, JobDetails?.JobRuns?.[0]?.JobRunState]);
    expect(states).toEqual([
      ['e2e-first', 'SUCCEEDED'],
      ['e2e-next', 'SUCCEEDED'],
    ]);
    expect(Run?.Graph?.Edges).toHaveLength(3);
  });

  it('end the Spark of a workflow run that is stopped', async () => {
    const script = [
      'import time',
      'from pyspark.sql import SparkSession',
      'SparkSession.builder.getOrCreate()',
      'print("Spark is up")',
      'time.sleep(600)',
    ];
    await createJob('e2e-spark', script.join('\n'), {
      DefaultArguments: { '--datalake-formats': 'iceberg' },
    });
    const Name = 'e2e-stopped';
    await glue.send(new CreateWorkflowCommand({ Name }));
    await createTrigger({
      Name: 'e2e-long',
      Type: 'ON_DEMAND',
      WorkflowName: Name,
      Actions: [{ JobName: 'e2e-spark' }],
    });
    const { RunId } = await glue.send(new StartWorkflowRunCommand({ Name }));
    const job = (await runsOf('e2e-spark'))[0]?.Id ?? '';
    await until(
      () => logOf('output', job),
      (text) => text.includes('Spark is up'),
    );
    expect((await processesOf(job)).some((line) => line.includes('java'))).toBe(true);
    await glue.send(new StopWorkflowRunCommand({ Name, RunId }));
    const { Run } = await until(
      () => glue.send(new GetWorkflowRunCommand({ Name, RunId })),
      (answer) => answer.Run?.Status !== 'STOPPING',
    );
    expect(Run).toMatchObject({ Status: 'STOPPED', Statistics: { StoppedActions: 1 } });
    expect((await runOf('e2e-spark', job)).JobRunState).toBe('STOPPED');
    expect(await processesOf(job)).toEqual([]);
  });
});
