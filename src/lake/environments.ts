import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExplainedError } from './explained-error.ts';
import { tfvarsTexts } from './tfvars.ts';

/** An environment as its env/NAME.tfvars says, and the roles that bootstrap/ and the lake make for GitHub's jobs. */
export type Environment = {
  readonly environment: string;
  readonly 'aws-region': string;
  readonly bucket: string;
  readonly 'plan-role': string;
  readonly 'apply-role': string;
  readonly 'data-role': string;
  /** It names a real account. */
  readonly ready: boolean;
};

/** Stands in the examples until somebody puts in an account. */
const NO_ACCOUNT = '000000000000';
/** The lake of a developer's machine is nobody's environment. */
const LOCAL = 'local.tfvars';
const DATA_BRANCH = /^data\/(.+)$/;

/** All environments of a Terraform configuration, by name. Throws ExplainedError when one lacks what its jobs need. */
export async function environmentsOf(terraformDirectory: string): Promise<Environment[]> {
  const folder = join(terraformDirectory, 'env');
  const names = (await readdir(folder).catch(() => []))
    .filter((file) => file.endsWith('.tfvars') && file !== LOCAL)
    .sort();
  if (names.length === 0) {
    throw new ExplainedError({
      what: 'there is no environment',
      where: folder,
      why: 'every environment has a file NAME.tfvars there',
      cure: 'copy terraform/env/dev.tfvars of mydatahub, and put in your names (docs/github.md)',
    });
  }
  return Promise.all(
    names.map(async (file) => {
      const path = join(folder, file);
      return environmentOf(file.slice(0, -'.tfvars'.length), await readFile(path, 'utf8'), path);
    }),
  );
}

function environmentOf(environment: string, tfvars: string, where: string): Environment {
  const texts = tfvarsTexts(tfvars);
  const region = texts.get('aws_region');
  const bucket = texts.get('s3_bucket_name');
  const account = /^\s*allowed_account_ids\s*=\s*\[\s*"(\d{12})"/m.exec(tfvars)?.[1];
  if (region === undefined || bucket === undefined || account === undefined) {
    const lines = [
      region === undefined ? 'aws_region = "eu-central-1"' : '',
      bucket === undefined ? 's3_bucket_name = "my-lake"' : '',
      account === undefined ? 'allowed_account_ids = ["123456789012"]' : '',
    ].filter((line) => line !== '');
    throw new ExplainedError({
      what: `the environment ${environment} does not say where its lake is`,
      where,
      cure: `add, with your own values:\n${lines.join('\n')}`,
    });
  }
  const given = texts.get('environment_suffix') ?? '';
  const suffix = given === '' ? '' : `-${given}`;
  const role = (kind: string) =>
    `arn:${partitionOf(region)}:iam::${account}:role/mydatahub/mydatahub-github-${kind}${suffix}`;
  return {
    environment,
    'aws-region': region,
    bucket,
    'plan-role': role('plan'),
    'apply-role': role('apply'),
    'data-role': role('data'),
    ready: account !== NO_ACCOUNT,
  };
}

/** AWS IAM User Guide, "Amazon Resource Names": a partition is a group of regions. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/**
 * The environment that is named, else that of the branch: `data/NAME` is NAME's, every other the main environment's.
 * Throws ExplainedError when there is none of that name, or nothing says which is the main one.
 */
export function chosenEnvironment(
  environments: readonly Environment[],
  named: string | undefined,
  branch: string,
  main: string | undefined,
): Environment {
  const wanted = named ?? DATA_BRANCH.exec(branch)?.[1] ?? main;
  const names = environments.map(({ environment }) => environment);
  if (wanted === undefined) {
    const only = environments.length === 1 ? environments[0] : undefined;
    const found = only ?? environments.find(({ environment }) => environment === 'prod');
    if (found !== undefined) return found;
  }
  const found = environments.find(({ environment }) => environment === wanted);
  if (found !== undefined) return found;
  throw new ExplainedError({
    what:
      wanted === undefined
        ? 'nothing says which environment this is about'
        : `there is no environment ${wanted}`,
    where: `branch ${branch}`,
    why: `the environments are ${names.join(', ')}`,
    cure:
      wanted === undefined
        ? 'name the main environment: the repository variable MAIN_ENVIRONMENT (Settings, Secrets and variables, Actions)'
        : `push to a branch data/NAME of one of them, or add terraform/env/${wanted}.tfvars`,
    exitStatus: 2,
  });
}

/** What the configuration reads beside its own folder (terraform/main.tf). */
const READ_BESIDE = new Set(['../jars/pom.xml']);
const NOT_PLANNED = /^(\.\.|env|tests|bootstrap)\/|\.md$/;

/**
 * The environments whose plan may differ after a change of these files (paths from the Terraform folder): that of
 * env/NAME.tfvars, and all for every other file of the configuration itself, and for the list of JARs beside it.
 */
export function touchedEnvironments(
  environments: readonly Environment[],
  files: readonly string[],
): Environment[] {
  const own = (environment: string) => files.includes(`env/${environment}.tfvars`);
  const shared = files.some((file) => READ_BESIDE.has(file) || !NOT_PLANNED.test(file));
  return environments.filter(({ environment }) => shared || own(environment));
}
