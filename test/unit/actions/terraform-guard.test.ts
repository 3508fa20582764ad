import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { terraform } from '../../../src/terraform/terraform.ts';
import { FakeGitHub } from '../../support/fake-github.ts';
import { endOf, spawnStep } from '../../support/step.ts';

const folder = mkdtempSync(join(tmpdir(), 'mydatahub-terraform-guard-'));
const directory = join(folder, 'infra');
const backend = `workspace_dir=${join(folder, 'state')}`;
let fake: FakeGitHub;

function configure(resource: string): void {
  writeFileSync(join(directory, 'main.tf'), `terraform {\n  backend "local" {}\n}\n${resource}`);
}

beforeAll(async () => {
  fake = await FakeGitHub.start();
  mkdirSync(directory);
  configure('resource "terraform_data" "guard" {\n  input = { allow_destroy = false }\n}\n');
  const commands = terraform({ directory, dataDirectory: join(folder, 'data'), env: process.env });
  await commands.init({ backendConfig: [backend] });
  await commands.selectWorkspace('dev');
  await commands.apply({});
}, 60_000);
afterAll(async () => {
  await fake[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

it('a plan that would destroy the lake is refused, and shown', { timeout: 60_000 }, async () => {
  configure('');
  const event = join(folder, 'event.json');
  writeFileSync(event, '{}');
  const inputs = {
    environment: 'dev',
    'terraform-directory': 'infra',
    'backend-config': backend,
    'github-token': fake.token,
  };
  const env = {
    GITHUB_API_URL: fake.url,
    GITHUB_REPOSITORY: 'acme/lake',
    GITHUB_RUN_ID: '42',
    GITHUB_SHA: 'b'.repeat(40),
    GITHUB_EVENT_PATH: event,
  };
  const refused = await endOf(
    'terraform-apply',
    spawnStep('terraform-apply', { workspace: folder, inputs, env }),
    1,
  );
  expect(refused.log).toContain('would destroy or replace the bucket, the database or the table');
  expect(refused.summary).toContain('apply with allow');
  expect(refused.summary).toContain('### Destroy (1)');
  expect(refused.outputs).toMatchObject({ applied: 'false' });
});
