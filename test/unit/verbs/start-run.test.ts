import { expect, it } from 'vitest';
import type { Glue, WorkflowRun } from '../../../src/aws/glue.ts';
import { commandLine, type Lake } from '../../../src/lake/lake.ts';
import { type FoundRun, type WantedRun, withRun } from '../../../src/verbs/start-run.ts';
import { object, objects, SUCCEEDED, startJobs } from '../jobs/fake-engine.ts';
import { CONFIG, recordedConversation } from './support.ts';

const LAKE = {
  name: 'test',
  config: CONFIG,
  connection: { region: 'us-east-1', endpoint: 'http://127.0.0.1:1', bucket: CONFIG.bucket },
  call: commandLine('test'),
} as unknown as Lake;

/** The local Glue with a workflow of one job, whose runs the test ends, and a way to ask for a run of it. */
async function workflow() {
  const { call, createJob, lastRun } = startJobs();
  await createJob('ingest', { ExecutionProperty: { MaxConcurrentRuns: 9 } });
  await call('CreateWorkflow', { Name: CONFIG.workflow, MaxConcurrentRuns: 1 });
  const trigger = { WorkflowName: CONFIG.workflow, Name: 'start', Type: 'ON_DEMAND' };
  await call('CreateTrigger', { ...trigger, Actions: [{ JobName: 'ingest' }] });
  const named = { Name: CONFIG.workflow };
  const runOf = (run: ReturnType<typeof object>) =>
    ({
      id: run.WorkflowRunId,
      status: run.Status,
      startedOn: 0,
      unsuccessful: 0,
      properties: run.WorkflowRunProperties,
    }) as WorkflowRun;
  const glue = {
    startWorkflowRun: async (_, RunProperties) => ({
      id: String((await call('StartWorkflowRun', { ...named, RunProperties })).RunId),
    }),
    workflowRun: async (_, RunId) => runOf(object((await call('GetWorkflowRun', { ...named, RunId })).Run)),
    workflowRuns: async () => objects((await call('GetWorkflowRuns', named)).Runs).map(runOf),
    stopWorkflowRun: async (_, RunId) => void (await call('StopWorkflowRun', { ...named, RunId })),
  } satisfies Partial<Glue>;
  const conversation = recordedConversation();
  const started: string[] = [];
  const ask = (
    wanted: () => WantedRun | null,
    follow: (run: FoundRun) => Promise<FoundRun> = async (run) => run,
    { waitForRunning = true, signal = conversation.signal } = {},
  ) =>
    withRun(
      LAKE,
      glue as unknown as Glue,
      { wanted: async () => wanted(), waitForRunning },
      { ...conversation, signal, started: ({ id }) => void started.push(id) },
      follow,
    );
  return {
    ask,
    started,
    said: conversation.said,
    end: () => lastRun().end(SUCCEEDED),
    runs: glue.workflowRuns,
  };
}

const work = (covers: string): WantedRun => ({ why: `it is ${covers}`, properties: { covers } });

it('A second attempt follows the run that goes on, and does not stop what it has not started', async () => {
  const { ask, started, runs, said } = await workflow();
  const first = await ask(() => work('a'));
  expect(first?.started).toBe(true);
  const cancelled = new AbortController();
  const follow = async () => {
    cancelled.abort(new Error('cancelled'));
    throw new Error('cancelled');
  };
  const options = { waitForRunning: false, signal: cancelled.signal };
  await expect(ask(() => work('a'), follow, options)).rejects.toThrow('cancelled');
  expect(await ask(() => work('a'))).toEqual({ id: first?.id, started: false });
  expect(started).toEqual([first?.id]);
  expect((await runs()).map(({ status }) => status)).toEqual(['RUNNING']);
  expect(said.join('\n')).toContain(
    `workflow run ${first?.id}, started 1970-01-01T00:00:00.000Z, does this already`,
  );
});

it('A run that began before the newest files is waited for, then the rest is started', async () => {
  const { ask, started, end, said } = await workflow();
  const first = await ask(() => work('a'));
  const second = ask(() => work('b'));
  await expect
    .poll(() => said)
    .toContain(`waiting for workflow run ${first?.id}, started 1970-01-01T00:00:00.000Z`);
  expect(started).toHaveLength(1);
  await end();
  expect(await second).toMatchObject({ started: true });
  expect(started).toHaveLength(2);
});

it('A run that has brought in the newest files after all is the one to go on with', async () => {
  const { ask, started, end } = await workflow();
  const first = await ask(() => work('a'));
  let left: WantedRun | null = work('b');
  const second = ask(() => left);
  left = null;
  await end();
  expect(await second).toEqual({ id: first?.id, started: false });
  expect(started).toHaveLength(1);
});

it('Who does not want to wait is told which run is in the way', async () => {
  const { ask } = await workflow();
  const first = await ask(() => work('a'));
  await expect(ask(() => work('b'), undefined, { waitForRunning: false })).rejects.toMatchObject({
    message: 'another run of the workflow data-lake is under way',
    where: expect.stringContaining(first?.id ?? '-'),
  });
});

it('Where nothing is wanted, nothing is started', async () => {
  const { ask, started } = await workflow();
  expect(await ask(() => null)).toBeNull();
  expect(started).toEqual([]);
});
