import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LakeFile } from '../../src/local/lakes.ts';
import type { HistoryResult } from '../../src/verbs/history.ts';
import { injectFault, withoutFaults } from '../e2e/support/faults.ts';
import { recordedCalls, sharedLake, verb } from '../e2e/support/lake.ts';
import { FakeGitHub } from '../support/fake-github.ts';
import { Runner, type WorkflowRun } from './support/act.ts';
import { HEADER, pullRequestEvent, RULES, RULES_FILE } from './support/changes.ts';
import { callingRepository, type TestRepository, testRepository } from './support/repository.ts';
import { adoptState } from './support/state.ts';

const PULL = 7;

let lake: LakeFile;
let repository: TestRepository;
let caller: TestRepository;
let github: FakeGitHub;
let runner: Runner;

beforeAll(async () => {
  lake = sharedLake();
  github = await FakeGitHub.start();
  repository = testRepository(lake);
  runner = new Runner(repository, github, lake);
  await adoptState(lake);
});
afterAll(async () => {
  await github[Symbol.asyncDispose]();
  repository.end();
});

/** Pushes what was written to main. */
async function push(): Promise<WorkflowRun> {
  const after = repository.commit('data');
  return runner.run('data', 'push', { ref: 'refs/heads/main', after });
}

/** Pushes to the main branch of a repository of somebody's own, which calls the workflows. */
async function pushOfCaller(workflow: string): Promise<WorkflowRun> {
  const after = caller.git('rev-parse', 'HEAD');
  return new Runner(caller, github, lake).run(workflow, 'push', { ref: 'refs/heads/main', after });
}

/** Opens or updates the pull request with what was written since `base`. */
async function pullRequest(base: string, from = 'acme/lake'): Promise<WorkflowRun> {
  repository.git('reset', '--quiet', '--soft', base);
  const sha = repository.commit('change');
  github.pulls.set(PULL, { number: PULL, headSha: sha });
  return runner.run('plan', 'pull_request', pullRequestEvent(PULL, sha, from));
}

const operations = async (since: number) => {
  const { calls } = await recordedCalls(since);
  return calls.map(({ service, operation }) => `${service}:${operation}`);
};

describe('a push of source files', () => {
  it('that are broken fails with an annotation on the place, and sends nothing', async () => {
    const { last } = await recordedCalls(0);
    repository.write('data/otters.csv', `${HEADER}otters,a,b,1,,v\n`);
    const run = await push();
    expect(run.status, run.log).toBe(1);
    expect(run.log).toContain('::error file=data/otters.csv,line=2,col=14,');
    expect(run.skipped).toEqual(
      expect.arrayContaining(['Ingest', 'Wait for the views', 'Compare both engines']),
    );
    expect(await operations(last)).not.toContain('s3:PutObject');
  });

  it('ends with views that both engines read alike', async () => {
    repository.write('data/otters.csv', `${HEADER}otters,a,b,1,fur,thick\n`);
    const run = await push();
    expect(run.status, run.log).toBe(0);
    expect(run.log).toContain('| `entity_view_otters` | 5 | 1 | 1 | yes |');
  });

  it('that changes nothing ends green, without a PUT, a job run or a query', async () => {
    const { last } = await recordedCalls(0);
    const run = await push();
    expect(run.status, run.log).toBe(0);
    expect(run.skipped).toEqual(expect.arrayContaining(['Wait for the views', 'Compare both engines']));
    const asked = await operations(last);
    expect(asked).toContain('s3:GetObject');
    expect(asked.filter((call) => /:(Put|Start|Create|UploadPart|Delete)/.test(call))).toEqual([]);
  });

  it('that fails in the middle says where and why, and goes no further', async () => {
    repository.write('data/otters.csv', `${HEADER}otters,a,b,1,fur,thick\notters,a,b,2,fur,thin\n`);
    await injectFault({ service: 'AWSGlue', operation: 'StartWorkflowRun', action: 'error', times: 20 });
    const run = await push();
    await withoutFaults();
    expect(run.status, run.log).toBe(1);
    expect(run.log).toContain('1 file sent');
    expect(run.log).toContain('::error title=InternalServiceException');
    expect(run.skipped).toEqual(expect.arrayContaining(['Wait for the views', 'Compare both engines']));
  });
});

describe('the button', () => {
  it('refresh brings in what a failed push has left, with its views', async () => {
    const inputs = { environment: 'dev', what: 'new data' };
    const run = await runner.run('refresh', 'workflow_dispatch', { ref: 'refs/heads/main' }, inputs);
    expect(run.status, run.log).toBe(0);
    expect(run.log).toContain('| `entity_view_otters` | 5 | 2 | 2 | yes |');
  });
});

describe('a pull request', () => {
  const comments = () => [...github.comments.values()].filter(({ issue }) => issue === PULL);
  let base: string;
  beforeAll(() => {
    base = repository.git('rev-parse', 'HEAD');
  });

  it('from a fork is validated and previewed in the job summary, without credentials and comments', async () => {
    repository.write('data/seals.csv', `${HEADER}seals,a,b,1,k,v\n`);
    repository.append('terraform/env/dev.tfvars', 'log_retention_days  = 14\n');
    const { last } = await recordedCalls(0);
    const run = await pullRequest(base, 'somebody/lake');
    expect(run.status, run.log).toBe(0);
    expect(run.log).toContain('the configuration is valid (Terraform ');
    expect(run.log).toContain('| `entity_view_seals` | **appears** |');
    expect(run.log).not.toContain('assumed arn:aws:iam');
    expect(comments()).toEqual([]);
    expect(await operations(last)).toEqual([]);
  });

  it('gets a comment with the plan and one with the preview of its data', async () => {
    const run = await pullRequest(base);
    expect(run.status, run.log).toBe(0);
    const bodies = github.bodies(PULL);
    expect(bodies).toHaveLength(2);
    expect(bodies.find((body) => body.includes('## Data preview for dev'))).toContain('`entity_view_seals`');
    expect(bodies.find((body) => !body.includes('## Data preview'))).toContain('retention_in_days');
  });

  it('whose plan fails has its older plan marked as outdated, and whose rules are broken, an annotation', async () => {
    repository.append('terraform/env/dev.tfvars', 'log_retention_days  = "many"\n');
    repository.write(RULES_FILE, RULES.replace('expression', 'expresion'));
    const run = await pullRequest(base);
    expect(run.status, run.log).toBe(1);
    expect(github.bodies(PULL).join('\n')).toContain('**This plan is outdated**: it is of commit');
    expect(run.log).toContain(`::error file=${RULES_FILE},line=5,col=9,`);
    expect(github.bodies(PULL).join('\n')).toContain(`| \`${RULES_FILE}\` | 5 | 9 |`);
  });

  it('gets the same comments brought up to date by the next commit', async () => {
    const before = comments().map(({ id }) => id);
    repository.git('checkout', base, '--', 'terraform/env/dev.tfvars');
    repository.write('data/seals.csv', `${HEADER}seals,a,b,1,k,v\nseals,a,b,2,k,v\n`);
    repository.append('terraform/env/dev.tfvars', 'log_retention_days  = 30\n');
    repository.write(RULES_FILE, RULES);
    const run = await pullRequest(base);
    expect(run.status, run.log).toBe(0);
    expect(comments().map(({ id }) => id)).toEqual(before);
    const bodies = github.bodies(PULL).join('\n');
    expect(bodies).toContain('rows: 2 added');
    expect(bodies).toContain('| `entity_view_otters` | the extra column loud appears (text) |');
    expect(bodies).toMatch(/retention_in_days: \d+ → 30/);
    expect(bodies).not.toContain('outdated');
  });
});

describe('a merge queue', () => {
  it('gets its checks, without credentials and comments', async () => {
    const { last } = await recordedCalls(0);
    const requests = github.requests.length;
    const head_sha = repository.git('rev-parse', 'HEAD');
    const run = await runner.run('plan', 'merge_group', { merge_group: { head_sha } });
    expect(run.status, run.log).toBe(0);
    expect(run.log).toContain('the configuration is valid (Terraform ');
    expect(run.log).toContain('| `entity_view_seals` | **appears** |');
    expect(github.requests).toHaveLength(requests);
    expect(await operations(last)).toEqual([]);
  });
});

describe('the look for drift', () => {
  it('tells of it in one issue', async () => {
    const run = await runner.run('drift', 'schedule', { schedule: '27 5 * * *' });
    expect(run.status, run.log).toBe(0);
    expect(issues()).toEqual([['The infrastructure differs from the configuration', 'open']]);
    expect([...github.issues.values()][0]?.body).toContain('| `dev` | 3 log groups are changed in place');
  });
});

describe('the look for drift on the next day', () => {
  it('brings the same issue and its comments up to date', async () => {
    const [opened] = github.issues.values();
    const before = { ...opened };
    repository.append('terraform/env/dev.tfvars', 'athena_bytes_scanned_limit = 20000000000\n');
    repository.commit('another change that nobody applies');
    const run = await runner.run('drift', 'schedule', { schedule: '27 5 * * *' });
    repository.git('reset', '--quiet', '--hard', 'HEAD^');
    expect(run.status, run.log).toBe(0);
    const [after, ...others] = github.issues.values();
    expect(others).toEqual([]);
    expect(after).toMatchObject({ number: before.number, state: 'open' });
    expect(before.body).not.toContain('workgroup');
    expect(after?.body).toMatch(/\| `dev` \| .*1 Athena workgroup.* changed in place/);
    const comments = [...github.comments.values()].filter(({ issue }) => issue === after?.number);
    expect(comments.map(({ body }) => body)).toEqual([
      expect.stringContaining('bytes_scanned_cutoff_per_query'),
    ]);
  });
});

const issues = () => [...github.issues.values()].map(({ title, state }) => [title, state]);

describe('the merge of a pull request', () => {
  it('applies the plan that it showed, and fails where something fails after that', async () => {
    const merged = repository.git('rev-parse', 'HEAD');
    github.pulls.set(PULL, { number: PULL, headSha: merged, merged: { sha: merged } });
    // Its scripts come with the action.
    appendFileSync(join(repository.toolkit, 'glue-scripts', 'glue_verify_views.py'), '# changed\n');
    await injectFault({ service: 'AWSGlue', operation: 'StartWorkflowRun', action: 'error', times: 20 });
    const run = await runner.run('deploy', 'push', { ref: 'refs/heads/main', after: merged });
    await withoutFaults();
    expect(run.status, run.log).toBe(1);
    expect(run.log).toContain(`dev applied as reviewed on #${PULL}: 3 log groups are changed in place`);
    expect(run.log).toContain('2 assets sent');
    expect(run.log).toContain('::error title=InternalServiceException');
    expect(run.skipped).toEqual(expect.arrayContaining(['Wait for the views', 'Compare both engines']));
  });

  it('at the next attempt does only what is left: the views follow the scripts and the rules', async () => {
    const after = repository.git('rev-parse', 'HEAD');
    const run = await runner.run('deploy', 'push', { ref: 'refs/heads/main', after }, {}, 2);
    expect(run.status, run.log).toBe(0);
    expect(run.log).toContain('dev: Nothing changes.');
    expect(run.log).toContain('0 assets sent');
    expect(run.log).toContain('| `entity_view_otters` | 6 | 2 | 2 | yes |');
    expect(run.log).toMatch(/\| Glue: `verify-views` \| [\d,]+ DPU-seconds \| 0.44 a DPU-hour \|/);
  });

  it('ends the drift, so its issue is closed', async () => {
    const run = await runner.run('drift', 'schedule', { schedule: '27 5 * * *' });
    expect(run.status, run.log).toBe(0);
    expect(issues()).toEqual([['The infrastructure differs from the configuration', 'closed']]);
  });
});

describe('a repository of its own that calls the workflows', () => {
  beforeAll(() => {
    caller = callingRepository(repository);
  });

  it('applies its own configuration, with the scripts and the list of JARs that come along', async () => {
    const run = await pushOfCaller('deploy');
    expect(run.status, run.log).toBe(0);
    expect(run.log).toContain('jar list: jars/pom.xml that comes with the action');
    expect(run.log).toContain('scripts-directory: glue-scripts that comes with the action');
    expect(run.log).toContain('dev: Nothing changes.');
  });
});

describe('the button rollback', () => {
  const press = (inputs: Record<string, string>) =>
    runner.run(
      'rollback',
      'workflow_dispatch',
      { ref: 'refs/heads/main' },
      { environment: 'dev', ...inputs },
    );

  it('shows the history first', async () => {
    const run = await press({ what: 'history' });
    expect(run.status, run.log).toBe(0);
    expect(run.log).toContain('iceberg_db.entity_data has 2 snapshots');
    expect(run.skipped).toEqual(expect.arrayContaining(['Take the table and its views back']));
  });

  it('takes the table and its views back, and holds what it has undone', async () => {
    const { snapshots } = await verb<HistoryResult>('history');
    const run = await press({ what: 'rollback', to: snapshots[1]?.snapshot_id ?? '' });
    expect(run.status, run.log).toBe(0);
    expect(run.log).toContain(`at snapshot ${snapshots[1]?.snapshot_id}; 1 content held`);
    expect(run.log).toContain('| `otters.csv` | 2 rows |');
    expect(run.skipped).toEqual(['Show the history', 'Release what a rollback has undone']);
  });

  it('releases it again', async () => {
    const run = await press({ what: 'release', files: 'all' });
    expect(run.status, run.log).toBe(0);
    expect(run.log).toContain('1 content released, 0 still held');
  });
});

describe('a repository of its own that calls the workflows, when it has new data', () => {
  it('brings in the source files of its own folder, and what was released', async () => {
    const run = await pushOfCaller('data');
    expect(run.status, run.log).toBe(0);
    expect(run.log).toContain('| `entity_view_otters` | 6 | 2 | 2 | yes |');
    expect(run.log).toContain('| `entity_view_seals` | 5 | 2 | 2 | yes |');
  });
});
