import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { GetWorkflowRunCommand } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStep, type StepResult, startStep } from './support/action-step.ts';
import { createJob, ended, glue, start, until } from './support/jobs.ts';
import { recordedCalls, sharedLake, verb } from './support/lake.ts';
import { putObject } from './support/s3.ts';

const workspace = mkdtempSync(join(tmpdir(), 'mydatahub-workspace-'));
const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
const lake = sharedLake();
const athena = new AthenaClient({
  endpoint: lake.endpoint,
  region: lake.region,
  credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
});
let ingestion: StepResult;

beforeAll(() => {
  mkdirSync(join(workspace, 'data', 'more'), { recursive: true });
  writeFileSync(join(workspace, 'data', 'more', 'actions.csv'), `${HEADER}actions,ü,b,c,k,v\n`);
});
afterAll(() => rmSync(workspace, { recursive: true }));

/** How a workflow run ended; waits for its end. */
async function endOf(RunId: string | undefined): Promise<string | undefined> {
  const look = async () =>
    (await glue.send(new GetWorkflowRunCommand({ Name: 'data-lake', RunId }))).Run?.Status;
  return until(look, (status) => status !== 'RUNNING' && status !== 'STOPPING');
}

function runIdIn(state: StepResult['state']): string {
  return /"id":"(wr_[0-9a-f]+)"/.exec(state.started ?? '')?.[1] ?? '';
}

describe('the action upload-assets', () => {
  it('sends what differs, from the scripts and the JAR list that come with the action', async () => {
    await verb('upload-assets');
    await putObject('scripts/glue_verify_views.py', 'changed by hand');
    await putObject('jars/iceberg-aws-bundle-1.10.1.jar', 'changed by hand');
    const first = await runStep('upload-assets', { workspace });
    expect(first.outputs.uploaded).toBe('2');
    expect(first.log).toContain('scripts-directory: glue-scripts that comes with the action');
    expect(first.summary).toContain('`scripts/glue_verify_views.py`');
    const second = await runStep('upload-assets', { workspace });
    expect(second.outputs).toMatchObject({ uploaded: '0' });
    expect(second.log).toMatch(/^::notice title=upload-assets::0 assets sent, \d+ unchanged \(\d+ s\)$/m);
  });
});

describe('the action upload-data', () => {
  it('annotates the exact place in a broken file, and sends nothing', async () => {
    const broken = join(workspace, 'data', 'broken.csv');
    writeFileSync(broken, `${HEADER}a,"x\ny",c,d,k,v\nü,b,c,d,,v\n`);
    const { last } = await recordedCalls(0);
    const step = await runStep('upload-data', { workspace }, 1);
    rmSync(broken);
    expect(step.log).toContain('::error file=data/broken.csv,line=4,col=9,title=');
    expect(step.outputs).toMatchObject({ uploaded: '0', broken: '1' });
    expect(step.summary).toContain('| `broken.csv` | 4 | key | key is empty |');
    const { calls } = await recordedCalls(last);
    expect(calls.filter(({ operation }) => /^(Put|CreateMultipart|UploadPart)/.test(operation))).toEqual([]);
  });

  it('sends the files of the folder that it is told, and knows them the next time', async () => {
    const inputs = { 'data-directory': 'data/more' };
    const first = await runStep('upload-data', { workspace, inputs });
    expect(first.outputs).toMatchObject({ uploaded: '1', broken: '0' });
    expect(first.summary).toContain('| `actions.csv` | 1 |');
    const second = await runStep('upload-data', { workspace, inputs });
    expect(second.outputs).toMatchObject({ uploaded: '0', unchanged: '1' });
  });

  it('names all inputs that are missing or wrong at once', async () => {
    const inputs = { bucket: '', 'aws-region': 'Frankfurt', 'confirm-removals': 'perhaps' };
    const step = await runStep('upload-data', { workspace, inputs }, 2);
    expect(step.log).toContain('3 inputs are missing or wrong');
    expect(step.log).toContain(`bucket: \${{ vars.S3_BUCKET_NAME }}%0A`);
  });
});

describe('a cancelled job', () => {
  it('stops the workflow run that the step run-ingestion has started', async () => {
    const step = startStep('run-ingestion', { workspace });
    await step.logged('[');
    step.process.kill('SIGINT');
    const cancelled = await step.ended;
    expect(cancelled.status).toBe(130);
    expect(cancelled.log).toContain('is being stopped');
    expect(await endOf(runIdIn(cancelled.state))).toBe('STOPPED');
    const post = await runStep('run-ingestion', { workspace, after: cancelled });
    expect(post.log).toBe('');
  });

  it('stops it by the post step, when the job was cancelled while it waited for views', async () => {
    ingestion = await runStep('run-ingestion', { workspace });
    expect(ingestion.outputs).toMatchObject({ started: 'true' });
    expect(ingestion.log).toMatch(/^::group::Log of csv-to-iceberg-ingestion\n[\s\S]+?^::endgroup::$/m);
    expect(ingestion.summary).toContain('| `actions.csv` | added | 1 |');
    // Another attempt of the same job follows that run, and is not the one to stop it.
    const again = await runStep('run-ingestion', { workspace });
    expect(again.outputs).toMatchObject({ ...ingestion.outputs, started: 'false' });
    expect(again.state).toEqual({});
    const inputs = { 'workflow-run-id': ingestion.outputs['workflow-run-id'] ?? '' };
    const wait = startStep('wait-for-views', { workspace, inputs });
    await wait.logged('[');
    wait.process.kill('SIGINT');
    expect((await wait.ended).status).toBe(130);
    const post = await runStep('run-ingestion', { workspace, after: ingestion });
    expect(post.log).toBe(`workflow run ${inputs['workflow-run-id']} is being stopped\n`);
    expect(await endOf(inputs['workflow-run-id'])).toBe('STOPPED');
  });
});

describe('the post step of a step that was killed', () => {
  it('stops the job run and the query that the step has started', async () => {
    await createJob('actions-sleeper', 'import time\ntime.sleep(300)\n');
    const jobRun = await start('actions-sleeper');
    const counting =
      'SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 10000)) b(y), UNNEST(sequence(1, 10000)) c(z)';
    const { QueryExecutionId: query } = await athena.send(
      new StartQueryExecutionCommand({ QueryString: counting, WorkGroup: 'mydatahub' }),
    );
    const work = [
      { kind: 'job-run', name: 'actions-sleeper', id: jobRun },
      { kind: 'query', id: query },
    ];
    const killed = {
      status: null,
      log: '',
      outputs: {},
      summary: '',
      state: { started: JSON.stringify(work) },
    };
    const post = await runStep('smoke-test', { workspace, after: killed });
    expect(post.log).toBe(`job run ${jobRun} is being stopped\nquery ${query} is being stopped\n`);
    expect((await ended('actions-sleeper', jobRun)).JobRunState).toBe('STOPPED');
    const look = () => athena.send(new GetQueryExecutionCommand({ QueryExecutionId: query }));
    const state = async () => (await look()).QueryExecution?.Status?.State;
    expect(await until(state, (now) => now !== 'RUNNING' && now !== 'QUEUED')).toBe('CANCELLED');
  });
});

describe('the chain of actions', () => {
  it('ends with views that both engines read alike', async () => {
    ingestion = await runStep('run-ingestion', { workspace });
    const inputs = { 'workflow-run-id': ingestion.outputs['workflow-run-id'] ?? '' };
    const wait = await runStep('wait-for-views', { workspace, inputs });
    expect(wait.outputs).toMatchObject({ ...inputs, status: 'COMPLETED' });
    expect(wait.summary).toContain('| `entity_view_actions` | ok |');
    expect(wait.log).toMatch(/^::group::Log of create-views-dual-engine\n[\s\S]+?^::endgroup::$/m);
    const smoke = await runStep('smoke-test', { workspace, inputs });
    expect(smoke.outputs).toMatchObject({ same: 'true', views: wait.outputs.views });
    expect(smoke.summary).toMatch(
      /^\| Glue: `verify-views` \| [\d,]+ DPU-seconds \| 0.44 a DPU-hour \| 0\.\d{4} \|$/m,
    );
    expect(smoke.summary).toMatch(/^\| Athena: \d+ queries \| [\d.]+ k?B scanned \| 5 a TB \| 0\.\d{4} \|$/m);
    expect(smoke.summary).toContain('| `entity_view_actions` | 5 | 1 | 1 | yes |');
    expect(JSON.parse(smoke.state.started ?? '')).toContainEqual({ kind: 'query', id: expect.any(String) });
    const post = await runStep('smoke-test', { workspace, after: smoke });
    expect(post.log).toBe('');
  });

  it('starts nothing when nothing has changed', async () => {
    const step = await runStep('run-ingestion', { workspace });
    expect(step.outputs).toEqual({ 'workflow-run-id': '', started: 'false', status: 'UNCHANGED' });
    expect(step.state).toEqual({});
  });
});
