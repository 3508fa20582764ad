import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FAILED, SUCCEEDED, startJobs } from './fake-engine.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 11, 59, 0) }));
afterEach(() => void vi.useRealTimers());

const after = (job: string, state = 'SUCCEEDED') => ({
  JobName: job,
  LogicalOperator: 'EQUALS',
  State: state,
});

async function chain(predicate: object, more: object = {}) {
  const parts = startJobs();
  for (const name of ['first', 'second', 'last']) await parts.createJob(name);
  await parts.call('CreateTrigger', {
    Name: 'start',
    Type: 'ON_DEMAND',
    Actions: [{ JobName: 'first' }, { JobName: 'second' }],
  });
  await parts.call('CreateTrigger', {
    Name: 'then',
    Type: 'CONDITIONAL',
    StartOnCreation: true,
    Actions: [{ JobName: 'last', Arguments: { '--x': '1' } }],
    Predicate: { ...predicate },
    ...more,
  });
  const started = () => parts.runs.map(({ request }) => request.scriptArguments[1]);
  return { ...parts, started };
}

test('An ON_DEMAND trigger fires on StartTrigger and stays CREATED', async () => {
  const { call, started } = await chain({ Conditions: [after('first')] });
  expect(await call('StartTrigger', { Name: 'start' })).toEqual({ Name: 'start' });
  expect(started()).toEqual(['first', 'second']);
  expect(await call('GetTrigger', { Name: 'start' })).toMatchObject({ Trigger: { State: 'CREATED' } });
});

test('A conditional trigger with AND fires once all its jobs have ended in the wanted state', async () => {
  const { call, lastRun, started, jobRun } = await chain({
    Logical: 'AND',
    Conditions: [after('first'), after('second', 'FAILED')],
  });
  await call('StartTrigger', { Name: 'start' });
  await lastRun('first').end(SUCCEEDED);
  expect(started()).toEqual(['first', 'second']);
  await lastRun('second').end(FAILED);
  expect(started()).toEqual(['first', 'second', 'last']);
  const { JobRuns } = await call('GetJobRuns', { JobName: 'last' });
  expect(JobRuns).toMatchObject([
    {
      TriggerName: 'then',
      Arguments: { '--x': '1' },
      PredecessorRuns: [{ JobName: 'first' }, { JobName: 'second' }],
    },
  ]);
  expect(await jobRun('first', lastRun('first').request.id)).toMatchObject({ TriggerName: 'start' });
});

test('A conditional trigger with ANY fires for each job that ends in the wanted state', async () => {
  const { call, lastRun, started } = await chain({
    Logical: 'ANY',
    Conditions: [after('first'), after('second')],
  });
  await call('StartTrigger', { Name: 'start' });
  await lastRun('first').end(SUCCEEDED);
  expect(started().filter((job) => job === 'last')).toHaveLength(1);
  await lastRun('last').end(SUCCEEDED);
  await lastRun('second').end(SUCCEEDED);
  expect(started().filter((job) => job === 'last')).toHaveLength(2);
});

test('A run that was started by hand fires nothing', async () => {
  const { call, lastRun, started } = await chain({ Conditions: [after('first')] });
  await call('StartJobRun', { JobName: 'first' });
  await lastRun('first').end(SUCCEEDED);
  expect(started()).toEqual(['first']);
});

test('A trigger that is not activated fires nothing until it is started', async () => {
  const { call, lastRun, started } = await chain(
    { Conditions: [after('first')] },
    { StartOnCreation: false },
  );
  const both = async () => {
    await call('StartTrigger', { Name: 'start' });
    await lastRun('first').end(SUCCEEDED);
    await lastRun('second').end(SUCCEEDED);
  };
  await both();
  expect(started()).not.toContain('last');
  await call('StartTrigger', { Name: 'then' });
  expect(await call('GetTrigger', { Name: 'then' })).toMatchObject({ Trigger: { State: 'ACTIVATED' } });
  await both();
  expect(started()).toContain('last');
  await call('StopTrigger', { Name: 'then' });
  expect(await call('GetTrigger', { Name: 'then' })).toMatchObject({ Trigger: { State: 'DEACTIVATED' } });
});

test('A failed attempt that is retried does not count as the end of the job', async () => {
  const { call, lastRun, started } = await chain({ Conditions: [after('first', 'FAILED')] });
  await call('UpdateJob', {
    JobName: 'first',
    JobUpdate: { Role: 'r', Command: { Name: 'glueetl', ScriptLocation: 's3://l/a.py' }, MaxRetries: 1 },
  });
  await call('StartTrigger', { Name: 'start' });
  await lastRun('first').end(FAILED);
  expect(started()).not.toContain('last');
  await lastRun('first').end(FAILED);
  expect(started()).toContain('last');
});

test('A SCHEDULED trigger fires at its time while it is activated', async () => {
  const { createJob, call, runs, lastRun } = startJobs();
  await createJob('a');
  await call('CreateTrigger', {
    Name: 'noon',
    Type: 'SCHEDULED',
    Schedule: 'cron(0 12 * * ? *)',
    StartOnCreation: true,
    Actions: [{ JobName: 'a' }],
  });
  await vi.advanceTimersByTimeAsync(61_000);
  expect(runs).toHaveLength(1);
  await lastRun().end(SUCCEEDED);
  await call('StopTrigger', { Name: 'noon' });
  await vi.advanceTimersByTimeAsync(86_400_000);
  expect(runs).toHaveLength(1);
});

test('Updating a trigger keeps what the update leaves out', async () => {
  const { call } = await chain({ Conditions: [after('first')] });
  await call('UpdateTrigger', { Name: 'then', TriggerUpdate: { Actions: [{ JobName: 'second' }] } });
  expect(await call('GetTrigger', { Name: 'then' })).toMatchObject({
    Trigger: {
      State: 'ACTIVATED',
      Actions: [{ JobName: 'second' }],
      Predicate: { Conditions: [{ JobName: 'first', State: 'SUCCEEDED' }] },
    },
  });
});

test('A deleted trigger is not found any more', async () => {
  const { call } = await chain({ Conditions: [after('first')] });
  await call('DeleteTrigger', { Name: 'then' });
  await expect(call('GetTrigger', { Name: 'then' })).rejects.toMatchObject({
    code: 'EntityNotFoundException',
  });
  expect(await call('DeleteTrigger', { Name: 'then' })).toEqual({ Name: 'then' });
});

test('Triggers are found by the job that they start', async () => {
  const { call } = await chain({ Conditions: [after('first')] });
  expect(await call('ListTriggers', { DependentJobName: 'last' })).toEqual({ TriggerNames: ['then'] });
  expect(await call('BatchGetTriggers', { TriggerNames: ['start', 'none'] })).toMatchObject({
    Triggers: [{ Name: 'start' }],
    TriggersNotFound: ['none'],
  });
});

test('A trigger that could never fire is refused', async () => {
  const { call } = startJobs();
  const create = (input: object) => call('CreateTrigger', { Name: 't', ...input });
  const Actions = [{ JobName: 'a' }];
  const refusals: [object, RegExp][] = [
    [{ Type: 'EVENT', Actions }, /EVENT is not modelled/],
    [{ Type: 'SCHEDULED', Actions }, /needs a Schedule/],
    [{ Type: 'CONDITIONAL', Actions }, /needs a Predicate/],
    [{ Type: 'ON_DEMAND', Actions: [] }, /needs Actions/],
    [{ Type: 'ON_DEMAND', Actions: [{ CrawlerName: 'c' }] }, /crawlers/i],
    [{ Type: 'ON_DEMAND', Actions, StartOnCreation: true }, /StartOnCreation/],
    [{ Type: 'ON_DEMAND', Actions, WorkflowName: 'none' }, /Workflow none not found/],
  ];
  for (const [input, message] of refusals) await expect(create(input)).rejects.toThrow(message);
});
