import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { object, settled, startJobs } from './fake-engine.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000_000 }));
afterEach(() => void vi.useRealTimers());

async function session(more: object = {}) {
  const parts = startJobs();
  await parts.call('CreateSession', {
    Id: 's',
    Role: 'arn:aws:iam::123456789012:role/reader',
    Command: { Name: 'glueetl', PythonVersion: '3' },
    NumberOfWorkers: 4,
    WorkerType: 'G.1X',
    IdleTimeout: 10,
    ...more,
  });
  const spark = parts.sessions[0];
  if (spark === undefined) throw new Error('no session was started');
  const show = async () => object((await parts.call('GetSession', { Id: 's' })).Session);
  const run = async (Code: string) => (await parts.call('RunStatement', { SessionId: 's', Code })).Id ?? null;
  const statement = async (Id: unknown) =>
    object((await parts.call('GetStatement', { SessionId: 's', Id: Number(Id) })).Statement);
  return { ...parts, spark, show, run, statement };
}

test('A session is PROVISIONING until Spark is up, and takes statements only then', async () => {
  const { spark, show, run } = await session();
  expect(await show()).toMatchObject({ Status: 'PROVISIONING', MaxCapacity: 4, IdleTimeout: 10 });
  await expect(run('1')).rejects.toMatchObject({ code: 'IllegalSessionStateException' });
  spark.event({ event: 'running' });
  expect(await show()).toMatchObject({ Status: 'READY' });
});

test('Statements run one after another and give back what they printed', async () => {
  const { spark, run, statement, call } = await session();
  spark.event({ event: 'running' });
  expect(await run('print(1)')).toBe(1);
  expect(await run('1/0')).toBe(2);
  expect(spark.sent).toEqual([
    { action: 'run', id: 1, code: 'print(1)' },
    { action: 'run', id: 2, code: '1/0' },
  ]);
  spark.event({ event: 'statement-running', id: 1 });
  expect(await statement(1)).toMatchObject({ State: 'RUNNING' });
  expect(await statement(2)).toMatchObject({ State: 'WAITING' });
  spark.event({ event: 'statement-done', id: 1, text: '1\n' });
  expect(await statement(1)).toMatchObject({
    State: 'AVAILABLE',
    Output: { Data: { TextPlain: '1\n' }, ExecutionCount: 1, Status: 'ok' },
  });
  spark.event({ event: 'statement-running', id: 2 });
  spark.event({
    event: 'statement-failed',
    id: 2,
    text: '',
    name: 'ZeroDivisionError',
    value: 'division by zero',
    traceback: ['Traceback'],
  });
  expect(await statement(2)).toMatchObject({
    State: 'ERROR',
    Output: {
      Status: 'error',
      ErrorName: 'ZeroDivisionError',
      ErrorValue: 'division by zero',
      Traceback: ['Traceback'],
    },
  });
  expect(await call('ListStatements', { SessionId: 's' })).toMatchObject({
    Statements: [{ Id: 1 }, { Id: 2 }],
  });
});

test('A cancelled statement is CANCELLING until Spark has let go of it', async () => {
  const { spark, run, statement, call } = await session();
  spark.event({ event: 'running' });
  await run('forever()');
  spark.event({ event: 'statement-running', id: 1 });
  await call('CancelStatement', { SessionId: 's', Id: 1 });
  expect(spark.sent.at(-1)).toEqual({ action: 'cancel', id: 1 });
  expect(await statement(1)).toMatchObject({ State: 'CANCELLING' });
  spark.event({ event: 'statement-cancelled', id: 1 });
  expect(await statement(1)).toMatchObject({ State: 'CANCELLED' });
});

test('A session that idles longer than its IdleTimeout ends; one at work does not', async () => {
  const { spark, show, run } = await session();
  spark.event({ event: 'running' });
  vi.advanceTimersByTime(9 * 60_000);
  await run('work()');
  vi.advanceTimersByTime(30 * 60_000);
  await settled();
  expect(await show()).toMatchObject({ Status: 'READY' });
  spark.event({ event: 'statement-done', id: 1, text: '' });
  vi.advanceTimersByTime(10 * 60_000);
  await settled();
  expect(await show()).toMatchObject({ Status: 'TIMEOUT' });
});

test('A session whose Spark does not come up is FAILED with the reason', async () => {
  const { spark, show, run } = await session();
  await spark.end({ succeeded: false, message: 'no such JAR' });
  expect(await show()).toMatchObject({ Status: 'FAILED', ErrorMessage: 'no such JAR' });
  await expect(run('1')).rejects.toThrow(/no such JAR/);
});

test('A stopped session cancels what waits, and can be deleted', async () => {
  const { spark, show, run, statement, call } = await session();
  spark.event({ event: 'running' });
  await run('1');
  await call('StopSession', { Id: 's' });
  await settled();
  expect(await show()).toMatchObject({ Status: 'STOPPED' });
  expect(await statement(1)).toMatchObject({ State: 'CANCELLED' });
  await call('DeleteSession', { Id: 's' });
  await expect(show()).rejects.toMatchObject({ code: 'EntityNotFoundException' });
});

test('Code of more than 68,000 characters and a second session of the same id are refused', async () => {
  const { spark, run, call } = await session();
  spark.event({ event: 'running' });
  await expect(run('x'.repeat(68_001))).rejects.toThrow(/68001 characters/);
  const again = call('CreateSession', { Id: 's', Role: 'r', Command: { Name: 'glueetl' } });
  await expect(again).rejects.toMatchObject({ code: 'AlreadyExistsException' });
});
