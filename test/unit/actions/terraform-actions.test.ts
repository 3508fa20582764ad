import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terraform } from '../../../src/terraform/terraform.ts';
import { FakeGitHub } from '../../support/fake-github.ts';
import { endOf, type StepResult, spawnStep } from '../../support/step.ts';

const SECRET = 'correct horse battery staple';
const HEAD = 'a'.repeat(40);
const MERGED = 'b'.repeat(40);
const PULL = 7;
const folder = mkdtempSync(join(tmpdir(), 'mydatahub-terraform-actions-'));
const workspace = join(folder, 'checkout');
const directory = join(workspace, 'infra');
const state = join(folder, 'state');
const kept = join(folder, 'plans');
let fake: FakeGitHub;
let planned: StepResult;

const CONFIGURATION = `
variable "password" {
  type      = string
  sensitive = true
}
variable "timeout" { type = number }
terraform {
  backend "local" {}
}
resource "terraform_data" "job" {
  input = { timeout = var.timeout, connection = { url = "db", password = var.password } }
}
resource "terraform_data" "list" {
  input = [terraform_data.job.id, "plain", var.password]
}
`;

/** A step with what the runner says about an event: of the pull request, or of the push that merged it. */
function step(verb: string, inputs: Readonly<Record<string, string>>, push?: string, status = 0) {
  const event = join(folder, 'event.json');
  const pull_request = { number: PULL, head: { sha: HEAD, repo: { full_name: 'acme/lake' } } };
  writeFileSync(event, JSON.stringify(push === undefined ? { pull_request } : {}));
  const given = verb === 'plan-comment' ? {} : terraformInputs;
  const token = verb === 'terraform-plan' ? {} : { 'github-token': fake.token };
  const env = {
    GITHUB_API_URL: fake.url,
    GITHUB_REPOSITORY: 'acme/lake',
    GITHUB_RUN_ID: '42',
    GITHUB_SHA: push ?? 'c'.repeat(40),
    GITHUB_EVENT_PATH: event,
  };
  return endOf(verb, spawnStep(verb, { workspace, inputs: { ...given, ...token, ...inputs }, env }), status);
}
const terraformInputs = {
  environment: 'dev',
  'terraform-directory': 'infra',
  'backend-config': `workspace_dir=${state}`,
  variables: `password=${SECRET}`,
};

/** terraform-plan, whose document is kept as an artifact would be. */
async function plan(inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> {
  const temp = join(folder, 'temp');
  for (const old of [kept, temp]) rmSync(old, { recursive: true, force: true });
  mkdirSync(temp, { recursive: true });
  const given = { ...terraformInputs, ...inputs };
  const env = { GITHUB_REPOSITORY: 'acme/lake', GITHUB_RUN_ID: '42', GITHUB_SHA: HEAD };
  const spawned = spawnStep('terraform-plan', {
    workspace,
    inputs: given,
    env: { ...env, RUNNER_TEMP: temp },
  });
  const result = await endOf('terraform-plan', spawned, 0);
  cpSync(join(temp, 'mydatahub-plans'), kept, { recursive: true });
  return result;
}

beforeAll(async () => {
  fake = await FakeGitHub.start();
  fake.pulls.set(PULL, { number: PULL, headSha: HEAD });
  mkdirSync(join(directory, 'env'), { recursive: true });
  mkdirSync(state);
  writeFileSync(
    join(directory, 'main.tf'),
    'terraform {\n  backend "local" {}\n}\noutput "first" { value = 1 }\n',
  );
  const commands = terraform({ directory, dataDirectory: join(folder, 'data'), env: process.env });
  await commands.init({ backendConfig: [`workspace_dir=${state}`] });
  await commands.selectWorkspace('dev');
  await commands.apply({});
  writeFileSync(join(directory, 'main.tf'), CONFIGURATION);
  writeFileSync(join(directory, 'env', 'dev.tfvars'), 'timeout = 60\n');
}, 60_000);
afterAll(async () => {
  await fake[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('a pull request', { timeout: 60_000 }, () => {
  it('is planned, and nothing that leaves the step holds a secret', async () => {
    planned = await plan();
    expect(planned.outputs).toMatchObject({
      changes: 'true',
      create: '2',
      destroy: '0',
      'data-at-risk': 'false',
      sentence: '2 internal steps of Terraform are added; nothing is deleted.',
    });
    const document = readFileSync(join(kept, 'dev.plan.json'), 'utf8');
    for (const text of [planned.log, planned.summary, document, JSON.stringify(planned.outputs)])
      expect(text).not.toContain(SECRET);
    expect(planned.summary).toContain('+ input.connection.password: (sensitive)');
  });

  it('gets one comment, which a second run leaves as it is', async () => {
    const first = await step('plan-comment', { plans: kept });
    expect(first.outputs).toMatchObject({ comments: '1', written: '1', removed: '0', outdated: '0' });
    const [body = ''] = fake.bodies(PULL);
    expect(body).toContain('## Terraform plan: `dev`');
    expect(body).toContain('<code>terraform_data.job</code>');
    expect(body).not.toContain(SECRET);
    const second = await step('plan-comment', { plans: kept });
    expect(second.outputs).toMatchObject({ comments: '1', written: '0' });
  });
});

describe('the merged commit', { timeout: 60_000 }, () => {
  it('is refused while nobody has reviewed its plan', async () => {
    const refused = await step('terraform-apply', {}, MERGED, 1);
    expect(refused.log).toContain('nobody has reviewed this plan: nothing was applied');
    expect(refused.summary).toContain('came from no pull request that was merged');
    expect(refused.summary).toMatch(/approved-digest: [0-9a-f]{64}/);
    expect(refused.outputs).toMatchObject({ applied: 'false' });
  });

  it('is refused when its plan differs from the reviewed one, with the difference', async () => {
    fake.pulls.set(PULL, { number: PULL, headSha: HEAD, merged: { sha: MERGED } });
    const variables = `password=${SECRET}\ntimeout=90`;
    const refused = await step('terraform-apply', { variables }, MERGED, 1);
    expect(refused.log).toContain('the plan is not the reviewed one: nothing was applied');
    expect(refused.summary).toContain('### Different from the reviewed plan');
    expect(refused.summary).toContain('! after.input.timeout: 60 → 90');
    const other = await step('terraform-apply', { variables: 'password=another one' }, MERGED, 1);
    expect(other.summary).toContain('(sensitive) → (sensitive, another value)');
  });

  it('is refused when somebody has changed the comment', async () => {
    const [comment] = fake.comments.values();
    if (comment === undefined) throw new Error('there is no comment');
    const body = comment.body;
    comment.body = body.replace(/"digest":"[0-9a-f]{8}/, '"digest":"00000000');
    const refused = await step('terraform-apply', {}, MERGED, 1);
    comment.body = body;
    expect(refused.log).toContain('was changed after it was written');
  });

  it('is applied when its plan is the reviewed one', async () => {
    const applied = await step('terraform-apply', {}, MERGED);
    expect(applied.outputs).toMatchObject({
      applied: 'true',
      'pull-request': '7',
      digest: planned.outputs.digest,
    });
    expect(applied.log).not.toContain(SECRET);
    expect(applied.summary).toContain('dev applied as reviewed on #7');
    expect(readFileSync(join(state, 'dev', 'terraform.tfstate'), 'utf8')).toContain(SECRET);
  });

  it('is left alone by a second run, since nothing changes', async () => {
    const again = await step('terraform-apply', {}, 'd'.repeat(40));
    expect(again.outputs).toMatchObject({ applied: 'false', sentence: 'Nothing changes.' });
  });

  it('is applied by a digest that stands for the plan of now, and by no other', async () => {
    const variables = `password=${SECRET}\ntimeout=75`;
    const wrong = { variables, 'approved-digest': '0'.repeat(64) };
    const refused = await step('terraform-apply', wrong, MERGED, 1);
    const digest = /approved-digest: ([0-9a-f]{64})/.exec(refused.summary)?.[1] ?? '';
    const applied = await step('terraform-apply', { variables, 'approved-digest': digest }, MERGED);
    expect(applied.outputs).toMatchObject({ applied: 'true', 'pull-request': '', digest });
  });
});

describe('an environment that was never applied', { timeout: 60_000 }, () => {
  const first = { environment: 'new', 'var-files': 'env/dev.tfvars' };

  it('is planned without writing anything, and its first apply cannot vouch for secrets', async () => {
    const before = readdirSync(directory);
    const result = await plan(first);
    expect(result.outputs).toMatchObject({ create: '2' });
    expect(result.log).toContain('this is the plan of a first apply');
    expect(existsSync(join(state, 'new'))).toBe(false);
    expect(readdirSync(directory)).toEqual(before);
    fake.comments.clear();
    fake.pulls.set(PULL, { number: PULL, headSha: HEAD });
    await step('plan-comment', { plans: kept });
    fake.pulls.set(PULL, { number: PULL, headSha: HEAD, merged: { sha: MERGED } });
    const refused = await step('terraform-apply', first, MERGED, 1);
    expect(refused.log).toContain('the plan cannot be compared with the reviewed one');
  });

  it('is applied as it was reviewed, when no secret is in it', async () => {
    writeFileSync(join(directory, 'main.tf'), CONFIGURATION.replaceAll('var.password', '"none"'));
    const result = await plan(first);
    await step('plan-comment', { plans: kept });
    const applied = await step('terraform-apply', first, MERGED);
    writeFileSync(join(directory, 'main.tf'), CONFIGURATION);
    expect(applied.outputs).toMatchObject({
      applied: 'true',
      'pull-request': '7',
      digest: result.outputs.digest,
    });
  });
});

describe('drift', { timeout: 60_000 }, () => {
  it('opens one issue, and closes it when there is none any more', async () => {
    const changed = await plan({ variables: 'password=a new secret\ntimeout=120' });
    // The provider has copied the password into an attribute that carries no mark.
    for (const text of [changed.log, changed.summary, readFileSync(join(kept, 'dev.plan.json'), 'utf8')])
      expect(text).not.toContain(SECRET);
    const opened = await step('plan-comment', { plans: kept, to: 'drift-issue' }, MERGED);
    const [issue] = [...fake.issues.values()];
    expect(issue?.body).toContain('2 internal steps of Terraform are changed in place; nothing is deleted.');
    expect(fake.bodies(issue?.number ?? 0).join()).toContain('! input.timeout: 75 → 120');
    expect(opened.outputs.url).toBe(issue?.html_url);
    await step('plan-comment', { plans: kept, to: 'drift-issue' }, MERGED);
    expect(fake.issues.size).toBe(1);
    await plan({ variables: `password=${SECRET}\ntimeout=75` });
    await step('plan-comment', { plans: kept, to: 'drift-issue' }, MERGED);
    expect([...fake.issues.values()].map(({ state: now }) => now)).toEqual(['closed']);
  });
});

describe('a cancelled job', { timeout: 60_000 }, () => {
  it('lets Terraform end in good order: its state is written and not locked', async () => {
    const slow =
      'resource "terraform_data" "slow" {\n  provisioner "local-exec" { command = "sleep 60" }\n}\n';
    writeFileSync(join(directory, 'slow.tf'), slow);
    const variables = `password=${SECRET}\ntimeout=75`;
    const digest = (await plan({ variables })).outputs.digest ?? '';
    const inputs = { ...terraformInputs, variables, 'approved-digest': digest, 'github-token': fake.token };
    const env = { GITHUB_REPOSITORY: 'acme/lake', GITHUB_SHA: MERGED };
    const cancelled = spawnStep('terraform-apply', { workspace, inputs, env });
    await cancelled.logged('sleep 60');
    cancelled.process.kill('SIGINT');
    const { status, log } = await cancelled.ended;
    expect(log).toContain('Gracefully shutting down');
    expect(status).toBe(130);
    rmSync(join(directory, 'slow.tf'));
    expect(readFileSync(join(state, 'dev', 'terraform.tfstate'), 'utf8')).toContain('"name": "slow"');
    await step('terraform-apply', { variables }, MERGED, 1);
  });
});

describe('wrong inputs', { timeout: 60_000 }, () => {
  it('are named all at once, with the lines to write', async () => {
    const inputs = {
      environment: '',
      'terraform-directory': 'nowhere',
      variables: 'x',
      'approved-digest': 'abc',
    };
    const wrong = await step('terraform-apply', inputs, MERGED, 2);
    expect(wrong.log).toContain('4 inputs are missing or wrong');
    expect(wrong.log).toContain('terraform-directory: <folder with *.tf>');
    const misspelt = await step('terraform-apply', { environment: 'dve' }, MERGED, 2);
    expect(misspelt.log).toContain('env/dve.tfvars is not in infra; there are env/dev.tfvars');
    const comment = await step('plan-comment', { to: 'drift-issue', 'pull-request': '7' }, MERGED, 2);
    expect(comment.log).toContain('2 inputs are missing or wrong');
    const push = await step('plan-comment', { plans: kept }, MERGED, 2);
    expect(push.log).toContain('pull-request is missing, and the event is not of a pull request');
  });

  it('of a token that may not write name the permission', async () => {
    fake.permissions['pull-requests'] = 'read';
    fake.permissions.issues = 'read';
    fake.comments.clear();
    const wrong = await step('plan-comment', { plans: kept }, undefined, 1);
    expect(wrong.log).toContain('permissions:%0A');
    expect(wrong.log).toContain('pull-requests: write');
  });
});
