import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  chosenEnvironment,
  type Environment,
  environmentsOf,
  touchedEnvironments,
} from '../../../src/lake/environments.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';

async function environments(files: Record<string, string>): Promise<Environment[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mydatahub-environments-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'env'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'env', name), text);
  return environmentsOf(folder);
}
const tfvars = (account: string, region = 'eu-central-1', suffix = '') =>
  `s3_bucket_name = "my-lake"\naws_region = "${region}"\nallowed_account_ids = ["${account}"]\nenvironment_suffix = "${suffix}"\n`;
const failure = async (work: () => unknown): Promise<unknown> => {
  try {
    return await work();
  } catch (error) {
    return error;
  }
};

describe('the environments of a configuration', () => {
  it('know the roles of their jobs, and are ready when they name an account', async () => {
    const found = await environments({
      'dev.tfvars': tfvars('000000000000', 'eu-central-1', 'dev'),
      'prod.tfvars': tfvars('123456789012', 'us-gov-west-1'),
      'local.tfvars': '',
    });
    expect(found).toMatchObject([
      { environment: 'dev', ready: false, 'plan-role': expect.stringMatching(/mydatahub-github-plan-dev$/) },
      {
        environment: 'prod',
        ready: true,
        bucket: 'my-lake',
        'apply-role': 'arn:aws-us-gov:iam::123456789012:role/mydatahub/mydatahub-github-apply',
        'data-role': 'arn:aws-us-gov:iam::123456789012:role/mydatahub/mydatahub-github-data',
      },
    ]);
  });

  it('are those of this repository, whose examples are not ready', async () => {
    const found = await environmentsOf(join(REPOSITORY, 'terraform'));
    expect(found.map(({ environment, ready }) => [environment, ready])).toEqual([
      ['dev', false],
      ['prod', false],
    ]);
  });

  it('name every line that is lacking', async () => {
    const error = await failure(() => environments({ 'dev.tfvars': 'aws_region = "eu-central-1"\n' }));
    expect(error).toMatchObject({
      cure: expect.stringContaining('s3_bucket_name = "my-lake"\nallowed_account_ids = ["123456789012"]'),
    });
  });
});

describe('the environment of a run', () => {
  const choose = async (named: string | undefined, branch: string, main?: string) => {
    const found = await environments({
      'dev.tfvars': tfvars('1'.repeat(12)),
      'prod.tfvars': tfvars('1'.repeat(12)),
    });
    return chosenEnvironment(found, named, branch, main).environment;
  };

  it('is the one that is named, else that of the branch, else the main one', async () => {
    expect(await choose('dev', 'main')).toBe('dev');
    expect(await choose(undefined, 'data/dev')).toBe('dev');
    expect(await choose(undefined, 'main')).toBe('prod');
    expect(await choose(undefined, 'main', 'dev')).toBe('dev');
  });

  it('must be there', async () => {
    expect(await failure(() => choose(undefined, 'data/staging'))).toMatchObject({
      message: 'there is no environment staging',
      why: 'the environments are dev, prod',
    });
  });

  it('must be told when none is called prod', async () => {
    const found = await environments({
      'a.tfvars': tfvars('1'.repeat(12)),
      'b.tfvars': tfvars('1'.repeat(12)),
    });
    const error = await failure(() => chosenEnvironment(found, undefined, 'main', undefined));
    expect(error).toMatchObject({ cure: expect.stringContaining('MAIN_ENVIRONMENT') });
  });
});

describe('a change', () => {
  it.each([
    [['env/dev.tfvars'], ['dev']],
    [['main.tf'], ['dev', 'prod']],
    [['modules/github_trust/main.tf'], ['dev', 'prod']],
    [['../jars/pom.xml'], ['dev', 'prod']],
    [['README.md', 'tests/a.tftest.hcl', 'bootstrap/main.tf', 'env/local.tfvars', '../data/a.csv'], []],
  ])('of %j touches the plans of %j', async (files, expected) => {
    const found = await environments({
      'dev.tfvars': tfvars('1'.repeat(12)),
      'prod.tfvars': tfvars('1'.repeat(12)),
    });
    expect(touchedEnvironments(found, files).map(({ environment }) => environment)).toEqual(expected);
  });
});
