import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FAILED, SUCCEEDED, settled, startJobs } from './fake-engine.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000_000 }));
afterEach(() => void vi.useRealTimers());

test('A run goes from STARTING through RUNNING to SUCCEEDED', async () => {
  const { createJob, call, jobRun, lastRun } = startJobs();
  await createJob('a', { WorkerType: 'G.2X', NumberOfWorkers: 3 });
  const { JobRunId } = await call('StartJobRun', { JobName: 'a' });
  expect(JobRunId).toMatch(/^jr_[0-9a-f]{64}$/);
  expect(await jobRun('a', JobRunId)).toMatchObject({ JobRunState: 'STARTING', Attempt: 0 });
  vi.advanceTimersByTime(5000);
  lastRun().running();
  expect(await jobRun('a', JobRunId)).toMatchObject({ JobRunState: 'RUNNING' });
  vi.advanceTimersByTime(10_000);
  await lastRun().end(SUCCEEDED);
  expect(await jobRun('a', JobRunId)).toMatchObject({
    JobRunState: 'SUCCEEDED',
    StartedOn: 1_000_000,
    CompletedOn: 1_000_015,
    ExecutionTime: 10,
    MaxCapacity: 6,
    DPUSeconds: undefined,
    LogGroupName: '/aws-glue/jobs',
    GlueVersion: '5.1',
  });
});

test.each([
  ['that scales', { DefaultArguments: { '--enable-auto-scaling': 'true' } }],
  ['of class FLEX', { ExecutionClass: 'FLEX' }],
])('A run %s counts its DPU seconds, as no other does', async (_, more) => {
  const { createJob, call, jobRun, lastRun } = startJobs();
  await createJob('a', { WorkerType: 'G.2X', NumberOfWorkers: 3, ...more });
  const { JobRunId } = await call('StartJobRun', { JobName: 'a' });
  lastRun().running();
  vi.advanceTimersByTime(10_000);
  expect(await jobRun('a', JobRunId)).toMatchObject({ DPUSeconds: undefined });
  await lastRun().end(SUCCEEDED);
  expect(await jobRun('a', JobRunId)).toMatchObject({ DPUSeconds: 60 });
});

test('A failed run carries the message of the exception', async () => {
  const { createJob, call, jobRun, lastRun } = startJobs();
  await createJob('a');
  const { JobRunId } = await call('StartJobRun', { JobName: 'a' });
  await lastRun().end(FAILED);
  expect(await jobRun('a', JobRunId)).toMatchObject({
    JobRunState: 'FAILED',
    ErrorMessage: 'ValueError: no',
  });
});

test('Arguments of the run win over defaults, and those that cannot be overridden over both', async () => {
  const { createJob, call, lastRun } = startJobs();
  await createJob('a', {
    DefaultArguments: { '--x': 'default', '--y': 'default', '--flag': '' },
    NonOverridableArguments: { '--z': 'fixed' },
  });
  const { JobRunId } = await call('StartJobRun', {
    JobName: 'a',
    Arguments: { '--x': 'run', '--z': 'run' },
    NumberOfWorkers: 7,
  });
  const { request } = lastRun();
  expect(request.workers).toBe(7);
  expect(request.arguments).toEqual({ '--x': 'run', '--y': 'default', '--flag': '', '--z': 'fixed' });
  const line = request.scriptArguments;
  expect(line.slice(0, 2)).toEqual(['--JOB_NAME', 'a']);
  expect(line[line.indexOf('--JOB_RUN_ID') + 1]).toBe(JobRunId);
  expect(line[line.indexOf('--x') + 1]).toBe('run');
  expect(line[line.indexOf('--z') + 1]).toBe('fixed');
  expect(line).toContain('--flag');
  expect(line).not.toContain('');
});

test('More runs than MaxConcurrentRuns are refused until one has ended', async () => {
  const { createJob, call, lastRun } = startJobs();
  await createJob('a', { JobRunQueuingEnabled: true });
  await call('StartJobRun', { JobName: 'a' });
  await expect(call('StartJobRun', { JobName: 'a' })).rejects.toMatchObject({
    code: 'ConcurrentRunsExceededException',
  });
  await lastRun().end(SUCCEEDED);
  await expect(call('StartJobRun', { JobName: 'a' })).resolves.toHaveProperty('JobRunId');
});

test('A run that is stopped is STOPPING until its processes have gone', async () => {
  const { createJob, call, jobRun, lastRun } = startJobs();
  await createJob('a');
  const { JobRunId = null } = await call('StartJobRun', { JobName: 'a' });
  lastRun().running();
  const stopping = call('BatchStopJobRun', { JobName: 'a', JobRunIds: [JobRunId, 'jr_none'] });
  const meanwhile = jobRun('a', JobRunId);
  expect(await stopping).toMatchObject({
    SuccessfulSubmissions: [{ JobName: 'a', JobRunId }],
    Errors: [{ JobRunId: 'jr_none', ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }],
  });
  expect(await meanwhile).toMatchObject({ JobRunState: 'STOPPING' });
  await settled();
  const stopped = await jobRun('a', JobRunId);
  expect(stopped).toMatchObject({ JobRunState: 'STOPPED' });
  expect(stopped.ErrorMessage).toBeUndefined();
  expect(await call('BatchStopJobRun', { JobName: 'a', JobRunIds: [JobRunId] })).toMatchObject({
    Errors: [{ ErrorDetail: { ErrorCode: 'JobRunInvalidStateTransitionException' } }],
  });
});

test('A run that takes longer than its timeout in minutes ends as TIMEOUT, and is not retried', async () => {
  const { createJob, call, jobRun, lastRun, runs } = startJobs();
  await createJob('a', { Timeout: 10, MaxRetries: 3 });
  const { JobRunId } = await call('StartJobRun', { JobName: 'a', Timeout: 2 });
  lastRun().running();
  vi.advanceTimersByTime(119_000);
  await settled();
  expect(await jobRun('a', JobRunId)).toMatchObject({ JobRunState: 'RUNNING' });
  vi.advanceTimersByTime(1000);
  await settled();
  expect(await jobRun('a', JobRunId)).toMatchObject({ JobRunState: 'TIMEOUT' });
  expect(runs).toHaveLength(1);
});

test('A failed run is retried under its id with the number of the attempt', async () => {
  const { createJob, call, jobRun, lastRun, runs } = startJobs();
  await createJob('a', { MaxRetries: 2 });
  const { JobRunId } = await call('StartJobRun', { JobName: 'a', Arguments: { '--x': '1' } });
  await lastRun().end(FAILED);
  expect(await jobRun('a', `${JobRunId}_attempt_1`)).toMatchObject({
    JobRunState: 'STARTING',
    Attempt: 1,
    PreviousRunId: JobRunId,
    Arguments: { '--x': '1' },
  });
  await lastRun().end(FAILED);
  expect(await jobRun('a', `${JobRunId}_attempt_2`)).toMatchObject({ Attempt: 2 });
  await lastRun().end(FAILED);
  expect(runs).toHaveLength(3);
  expect(await call('GetJobRuns', { JobName: 'a', MaxResults: 1 })).toMatchObject({
    JobRuns: [{ Id: `${JobRunId}_attempt_2`, JobRunState: 'FAILED' }],
  });
});

test('Nothing is retried when the lake goes down', async () => {
  const { createJob, call, jobs, runs } = startJobs();
  await createJob('a', { MaxRetries: 2 });
  await call('StartJobRun', { JobName: 'a' });
  await jobs.close();
  expect(runs).toHaveLength(1);
});

test('A run of a missing job, and a command that is not modelled, are refused by name', async () => {
  const { createJob, call } = startJobs();
  await expect(call('StartJobRun', { JobName: 'none' })).rejects.toMatchObject({
    code: 'EntityNotFoundException',
  });
  await createJob('shell', { Command: { Name: 'pythonshell', ScriptLocation: 's3://lake/a.py' } });
  await expect(call('StartJobRun', { JobName: 'shell' })).rejects.toThrow(/pythonshell are not modelled/);
});
