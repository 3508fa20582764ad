import { expect, test } from 'vitest';
import { FAILED, object, objects, SUCCEEDED, settled, startJobs } from './fake-engine.ts';

const succeeded = (job: string) => ({
  Conditions: [{ JobName: job, LogicalOperator: 'EQUALS', State: 'SUCCEEDED' }],
});

/** A workflow `lake`: on demand `first`, then `last`. */
async function lake(more: object = {}) {
  const parts = startJobs();
  for (const name of ['first', 'last']) {
    await parts.createJob(name, { ExecutionProperty: { MaxConcurrentRuns: 9 } });
  }
  await parts.call('CreateWorkflow', {
    Name: 'lake',
    DefaultRunProperties: { a: '1', b: '2' },
    Tags: { team: 'data' },
    ...more,
  });
  const trigger = { WorkflowName: 'lake' };
  await parts.call('CreateTrigger', {
    ...trigger,
    Name: 'start',
    Type: 'ON_DEMAND',
    Actions: [{ JobName: 'first' }],
  });
  await parts.call('CreateTrigger', {
    ...trigger,
    Name: 'then',
    Type: 'CONDITIONAL',
    StartOnCreation: true,
    Predicate: succeeded('first'),
    Actions: [{ JobName: 'last' }],
  });
  const start = async (properties: Record<string, string> = {}) => {
    const { RunId } = await parts.call('StartWorkflowRun', { Name: 'lake', RunProperties: properties });
    return String(RunId);
  };
  const run = async (id: string, graph = false) =>
    object((await parts.call('GetWorkflowRun', { Name: 'lake', RunId: id, IncludeGraph: graph })).Run);
  return { ...parts, start, run };
}

test('A workflow run carries its jobs through, and says who started them', async () => {
  const { start, run, lastRun, call } = await lake();
  const id = await start({ b: '3' });
  expect(id).toMatch(/^wr_[0-9a-f]{64}$/);
  expect(await run(id)).toMatchObject({ Status: 'RUNNING', WorkflowRunProperties: { a: '1', b: '3' } });
  const line = lastRun('first').request.scriptArguments;
  expect(line[line.indexOf('--WORKFLOW_NAME') + 1]).toBe('lake');
  expect(line[line.indexOf('--WORKFLOW_RUN_ID') + 1]).toBe(id);
  await lastRun('first').end(SUCCEEDED);
  expect(await run(id)).toMatchObject({ Status: 'RUNNING' });
  await lastRun('last').end(SUCCEEDED);
  expect(await run(id)).toMatchObject({
    Status: 'COMPLETED',
    Statistics: { TotalActions: 2, SucceededActions: 2, FailedActions: 0, RunningActions: 0 },
  });
  expect((await call('GetJobRuns', { JobName: 'last' })).JobRuns).toMatchObject([
    { TriggerName: 'then', PredecessorRuns: [{ JobName: 'first', RunId: lastRun('first').request.id }] },
  ]);
});

test('A workflow run with a failed job is COMPLETED, and its statistics tell the failure', async () => {
  const { start, run, lastRun, runs } = await lake();
  const id = await start();
  await lastRun('first').end(FAILED);
  expect(await run(id)).toMatchObject({
    Status: 'COMPLETED',
    Statistics: { TotalActions: 2, FailedActions: 1, SucceededActions: 0 },
  });
  expect(runs).toHaveLength(1);
});

test('The graph of a run shows its own job runs, and the edges between triggers and jobs', async () => {
  const { start, run, lastRun } = await lake();
  const id = await start();
  const mine = lastRun('first').request.id;
  await start();
  const graph = object((await run(id, true)).Graph);
  const nodes = objects(graph.Nodes);
  const node = (name: string) => object(nodes.find(({ Name }) => Name === name));
  expect(nodes.map(({ Type, Name }) => `${Type} ${Name}`).sort()).toEqual([
    'JOB first',
    'JOB last',
    'TRIGGER start',
    'TRIGGER then',
  ]);
  expect(node('first')).toMatchObject({ JobDetails: { JobRuns: [{ Id: mine, JobRunState: 'STARTING' }] } });
  expect(node('last')).toMatchObject({ JobDetails: { JobRuns: [] } });
  expect(node('then')).toMatchObject({ TriggerDetails: { Trigger: { Type: 'CONDITIONAL' } } });
  const edge = (from: string, to: string) => ({
    SourceId: node(from).UniqueId,
    DestinationId: node(to).UniqueId,
  });
  expect(graph.Edges).toEqual([edge('start', 'first'), edge('first', 'then'), edge('then', 'last')]);
});

test('A job that is started by hand, or ends in another run, moves no workflow run on', async () => {
  const { start, run, lastRun, call, runs } = await lake();
  const id = await start();
  await call('StartJobRun', { JobName: 'first' });
  await lastRun('first').end(SUCCEEDED);
  expect(runs.map(({ request }) => request.scriptArguments[1])).toEqual(['first', 'first']);
  expect(await run(id)).toMatchObject({ Status: 'RUNNING' });
});

test('Stopping a workflow run stops its jobs and starts no more', async () => {
  const { start, run, call, runs } = await lake();
  const id = await start();
  const stopping = call('StopWorkflowRun', { Name: 'lake', RunId: id });
  const meanwhile = run(id);
  await stopping;
  expect(await meanwhile).toMatchObject({ Status: 'STOPPING' });
  await settled();
  expect(await run(id)).toMatchObject({ Status: 'STOPPED', Statistics: { StoppedActions: 1 } });
  expect(runs).toHaveLength(1);
  await expect(call('StopWorkflowRun', { Name: 'lake', RunId: id })).rejects.toMatchObject({
    code: 'IllegalWorkflowStateException',
  });
});

test('More runs than MaxConcurrentRuns of a workflow are refused', async () => {
  const { start, lastRun } = await lake({ MaxConcurrentRuns: 1 });
  await start();
  await expect(start()).rejects.toMatchObject({ code: 'ConcurrentRunsExceededException' });
  await lastRun('first').end(FAILED);
  await expect(start()).resolves.toMatch(/^wr_/);
});

test('An action that cannot start is counted as errored, and the run ends', async () => {
  const { start, run, call } = await lake();
  await call('DeleteJob', { JobName: 'first' });
  const id = await start();
  expect(await run(id)).toMatchObject({ Status: 'COMPLETED', Statistics: { ErroredActions: 1 } });
  expect((await run(id)).ErrorMessage).toMatch(/start: EntityNotFoundException: Job first not found/);
});

test('StartTrigger on the start trigger of a workflow starts a run of the workflow', async () => {
  const { call } = await lake();
  await call('StartTrigger', { Name: 'start' });
  const { Runs } = await call('GetWorkflowRuns', { Name: 'lake' });
  expect(Runs).toMatchObject([{ Status: 'RUNNING', WorkflowRunProperties: { a: '1', b: '2' } }]);
});

test('Run properties can be read and added to while a run goes on', async () => {
  const { start, call } = await lake();
  const RunId = await start();
  await call('PutWorkflowRunProperties', { Name: 'lake', RunId, RunProperties: { c: '4' } });
  expect(await call('GetWorkflowRunProperties', { Name: 'lake', RunId })).toEqual({
    RunProperties: { a: '1', b: '2', c: '4' },
  });
});

test('A workflow comes back with its last run, keeps its tags, and is updated and deleted', async () => {
  const { start, call, tags } = await lake();
  const id = await start();
  await call('UpdateWorkflow', { Name: 'lake', MaxConcurrentRuns: 2, DefaultRunProperties: {} });
  expect(await call('GetWorkflow', { Name: 'lake', IncludeGraph: true })).toMatchObject({
    Workflow: {
      Name: 'lake',
      MaxConcurrentRuns: 2,
      DefaultRunProperties: {},
      LastRun: { WorkflowRunId: id },
      Graph: { Edges: [{}, {}, {}] },
    },
  });
  expect(tags.get('arn:aws:glue:us-east-1:123456789012:workflow/lake')).toEqual({ team: 'data' });
  expect(await call('BatchGetWorkflows', { Names: ['lake', 'none'] })).toMatchObject({
    MissingWorkflows: ['none'],
  });
  await call('DeleteWorkflow', { Name: 'lake' });
  expect(await call('ListWorkflows')).toEqual({ Workflows: [] });
});

test('A workflow without a start trigger does not run', async () => {
  const { call } = startJobs();
  await call('CreateWorkflow', { Name: 'empty' });
  await expect(call('CreateWorkflow', { Name: 'empty' })).rejects.toMatchObject({
    code: 'AlreadyExistsException',
  });
  await expect(call('StartWorkflowRun', { Name: 'empty' })).rejects.toThrow(/no start trigger/);
});
