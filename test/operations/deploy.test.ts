import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runningLake } from '../../src/local/lakes.ts';
import { localBackend, localInputs } from '../../src/terraform/apply-local.ts';
import { copyConfiguration } from '../../src/terraform/configuration.ts';
import { providerCache, writeCliConfiguration } from '../../src/terraform/providers.ts';
import { runStep } from '../e2e/support/action-step.ts';
import { sharedLake } from '../e2e/support/lake.ts';
import { FakeGitHub } from '../support/fake-github.ts';

const HEAD = 'a'.repeat(40);
const MERGED = 'b'.repeat(40);
const PULL = 7;
const LIMIT = 53_687_091_200;
const folder = mkdtempSync(join(tmpdir(), 'mydatahub-deploy-'));
const workspace = join(folder, 'checkout');
const lake = runningLake(sharedLake().name);
let fake: FakeGitHub;

beforeAll(async () => {
  copyConfiguration(workspace);
  fake = await FakeGitHub.start();
  fake.pulls.set(PULL, { number: PULL, headSha: HEAD });
});
afterAll(async () => {
  await fake[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Inputs of both Terraform actions: the lake as it was applied, with one change. */
function inputs(): Record<string, string> {
  const { varFiles = [], vars = {} } = localInputs(lake, { athena_bytes_scanned_limit: LIMIT });
  const backend = localBackend(lake, `mydatahub-state-${lake.name}`, 'lake.tfstate');
  return {
    environment: 'local',
    workspace: 'default',
    'var-files': varFiles.join('\n'),
    variables: pairs(vars),
    'backend-config': pairs(backend),
  };
}

function pairs(values: object): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

function environment(temp: string, sha: string): NodeJS.ProcessEnv {
  mkdirSync(temp, { recursive: true });
  return {
    RUNNER_TEMP: temp,
    GITHUB_API_URL: fake.url,
    GITHUB_REPOSITORY: 'acme/lake',
    GITHUB_SHA: sha,
    TF_CLI_CONFIG_FILE: writeCliConfiguration(join(folder, 'cli.tfrc'), providerCache()),
    GOGC: '400',
  };
}

it('a change of a lake is shown on its pull request, and after the merge exactly that is applied', async () => {
  const temp = join(folder, 'temp');
  const env = environment(temp, HEAD);
  const plan = await runStep('terraform-plan', { workspace, inputs: inputs(), env });
  expect(plan.outputs).toMatchObject({
    // The policies that name the workgroup are only known once it is changed.
    sentence: '1 Athena workgroup, 1 policy and 1 policy of a role are changed in place; nothing is deleted.',
    create: '0',
    update: '3',
    destroy: '0',
    drift: '0',
    'data-at-risk': 'false',
  });
  cpSync(join(temp, 'mydatahub-plans'), join(workspace, 'plans'), { recursive: true });
  const token = { 'github-token': fake.token };
  const comment = { plans: 'plans', 'pull-request': String(PULL), ...token };
  await runStep('plan-comment', { workspace, inputs: comment, env });
  expect(fake.bodies(PULL).join()).toContain(
    'configuration[0].bytes_scanned_cutoff_per_query: 107374182400 → 53687091200',
  );

  fake.pulls.set(PULL, { number: PULL, headSha: HEAD, merged: { sha: MERGED } });
  const apply = {
    workspace,
    inputs: { ...inputs(), ...token },
    env: environment(join(folder, 'temp2'), MERGED),
  };
  const applied = await runStep('terraform-apply', apply);
  expect(applied.outputs).toMatchObject({
    applied: 'true',
    'pull-request': '7',
    digest: plan.outputs.digest,
  });
  const athena = new AthenaClient({
    endpoint: lake.endpoint,
    region: lake.region,
    credentials: lake.credentials,
  });
  const { WorkGroup } = await athena.send(new GetWorkGroupCommand({ WorkGroup: 'mydatahub' }));
  expect(WorkGroup?.Configuration?.BytesScannedCutoffPerQuery).toBe(LIMIT);
});
