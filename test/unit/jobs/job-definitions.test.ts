import { expect, test } from 'vitest';
import { startJobs } from './fake-engine.ts';

const ARN = 'arn:aws:glue:us-east-1:123456789012:job/a';

test('A job that is created again is refused by AlreadyExistsException', async () => {
  const { createJob } = startJobs();
  await createJob('a');
  await expect(createJob('a')).rejects.toMatchObject({ code: 'AlreadyExistsException' });
});

test('A job comes back with what was given and what AWS fills in', async () => {
  const { createJob, call } = startJobs();
  await createJob('a', { DefaultArguments: { '--x': '1' }, Tags: { team: 'data' } });
  expect(await call('GetJob', { JobName: 'a' })).toMatchObject({
    Job: {
      Name: 'a',
      Role: 'arn:aws:iam::123456789012:role/job',
      Command: { Name: 'glueetl', ScriptLocation: 's3://lake/scripts/a.py', PythonVersion: '3' },
      ExecutionProperty: { MaxConcurrentRuns: 1 },
      DefaultArguments: { '--x': '1' },
      MaxCapacity: 2,
      MaxRetries: 0,
      Timeout: 480,
      GlueVersion: '5.1',
      ExecutionClass: 'STANDARD',
    },
  });
  expect((await call('GetJob', { JobName: 'a' })).Job).not.toHaveProperty('Tags');
});

test('UpdateJob replaces the whole definition and keeps the tags', async () => {
  const { createJob, call, tags } = startJobs();
  await createJob('a', { DefaultArguments: { '--x': '1' }, Description: 'old', Tags: { team: 'data' } });
  await call('UpdateJob', {
    JobName: 'a',
    JobUpdate: { Role: 'r', Command: { Name: 'glueetl', ScriptLocation: 's3://lake/b.py' } },
  });
  const { Job } = await call('GetJob', { JobName: 'a' });
  expect(Job).toMatchObject({ Role: 'r', DefaultArguments: {} });
  expect(Job).not.toHaveProperty('Description');
  expect(tags.get(ARN)).toEqual({ team: 'data' });
});

test('Deleting a job that is not there answers its name', async () => {
  const { call } = startJobs();
  expect(await call('DeleteJob', { JobName: 'none' })).toEqual({ JobName: 'none' });
  await expect(call('GetJob', { JobName: 'none' })).rejects.toMatchObject({
    code: 'EntityNotFoundException',
  });
});

test('Jobs are listed by pages, by name and by tag', async () => {
  const { createJob, call } = startJobs();
  await createJob('a', { Tags: { team: 'data' } });
  await createJob('b');
  const first = await call('GetJobs', { MaxResults: 1 });
  expect(first).toMatchObject({ Jobs: [{ Name: 'a' }] });
  expect(await call('GetJobs', { NextToken: first.NextToken ?? null })).toMatchObject({
    Jobs: [{ Name: 'b' }],
  });
  expect(await call('ListJobs')).toEqual({ JobNames: ['a', 'b'] });
  expect(await call('ListJobs', { Tags: { team: 'data' } })).toEqual({ JobNames: ['a'] });
  expect(await call('BatchGetJobs', { JobNames: ['b', 'none'] })).toMatchObject({
    Jobs: [{ Name: 'b' }],
    JobsNotFound: ['none'],
  });
});
