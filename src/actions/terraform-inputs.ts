import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { runContext } from '../github/event.ts';
import { type TerraformEnvironment, varFilesOf } from '../terraform/environment.ts';
import type { Conversation } from '../verbs/verb.ts';
import type { Surroundings } from './action.ts';
import { ENVIRONMENT_NAME, NO_ENVIRONMENT } from './environment-name.ts';
import { type InputProblem, lines, optional, pairs, path, required, type Values } from './inputs.ts';

const FOLDER = 'terraform';

/** The environment that terraform-plan and terraform-apply work on. */
export const TERRAFORM_INPUTS = {
  environment: required('dev', ENVIRONMENT_NAME, NO_ENVIRONMENT),
  'terraform-directory': path(FOLDER),
  workspace: optional('dev', ENVIRONMENT_NAME, 'not the name of a workspace'),
  'var-files': lines('env/dev.tfvars'),
  variables: pairs('|\n  name=value'),
  'backend-config': lines('|\n  bucket=my-state\n  key=lake.tfstate\n  region=eu-central-1'),
} as const;

type TerraformValues = Values<typeof TERRAFORM_INPUTS>;

/** What is wrong with inputs that name files. */
export function checkTerraform(
  values: Partial<TerraformValues>,
  { workspace }: Surroundings,
): InputProblem[] {
  const name = values['terraform-directory'] ?? FOLDER;
  const directory = resolve(workspace, name);
  const found = existsSync(directory) ? readdirSync(directory) : [];
  if (!found.some((file) => /\.tf(\.json)?$/.test(file)))
    return [
      {
        problem: `terraform-directory is ${JSON.stringify(name)}: no Terraform configuration is there (is it checked out before this step?)`,
        line: 'terraform-directory: <folder with *.tf>',
      },
    ];
  const files = varFilesOf(directory, values.environment, values['var-files']);
  return files
    .filter((file) => !existsSync(resolve(directory, file)))
    .map((file) => ({
      problem: `var-files: ${file} is not in ${name}${known(directory)}`,
      line: 'var-files: <file of variables, relative to terraform-directory>',
    }));
}

function known(directory: string): string {
  const folder = join(directory, 'env');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.tfvars')) : [];
  return files.length === 0 ? '' : `; there are ${files.map((file) => `env/${file}`).join(', ')}`;
}

export function terraformEnvironment(
  values: TerraformValues,
  conversation: Conversation,
  { env, workspace, repository }: Surroundings,
): TerraformEnvironment {
  const directory = resolve(workspace, values['terraform-directory']);
  bringJarList(directory, workspace, repository, conversation);
  const context = runContext(env);
  return {
    environment: values.environment,
    directory,
    workspace: values.workspace ?? values.environment,
    varFiles: varFilesOf(directory, values.environment, values['var-files']),
    variables: values.variables,
    backendConfig: values['backend-config'],
    env: withoutInputs(env),
    commit: context.pullRequest?.headSha ?? context.sha ?? '',
    runUrl: context.runUrl,
  };
}

/** The configuration reads the list of JARs beside it; a repository without one gets the action's. */
export function bringJarList(
  directory: string,
  workspace: string,
  repository: string,
  { say }: Conversation,
): void {
  const list = join(directory, '..', 'jars', 'pom.xml');
  if (existsSync(list) || relative(workspace, list).startsWith('..')) return;
  mkdirSync(join(list, '..'), { recursive: true });
  copyFileSync(join(repository, 'jars', 'pom.xml'), list);
  say('jar list: jars/pom.xml that comes with the action');
}

/** Terraform and its providers have no business with the tokens of the job. */
export function withoutInputs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(INPUT_|STATE_|ACTIONS_|GITHUB_TOKEN$)/.test(name)),
  );
}
