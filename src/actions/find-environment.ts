import { resolve } from 'node:path';
import type { Environment } from '../lake/environments.ts';
import { code, table } from '../report/markdown.ts';
import { defineLakelessAction } from './action.ts';
import { ENVIRONMENT_NAME, NO_ENVIRONMENT } from './environment-name.ts';
import { optional, path } from './inputs.ts';

type Found = { readonly chosen: Environment; readonly environments: readonly Environment[] };

export const action = defineLakelessAction({
  verb: 'find-environment',
  inputs: {
    environment: optional('dev', ENVIRONMENT_NAME, NO_ENVIRONMENT),
    'main-environment': optional('prod', ENVIRONMENT_NAME, NO_ENVIRONMENT),
    'terraform-directory': path('terraform'),
    base: optional('HEAD^1', /^[^-\s]\S*$/, 'not a commit'),
  },
  async run(values, { say }, { env, workspace }): Promise<Found> {
    const { chosenEnvironment, environmentsOf, touchedEnvironments } = await import(
      '../lake/environments.ts'
    );
    const folder = resolve(workspace, values['terraform-directory']);
    const all = await environmentsOf(folder);
    const branch = env.GITHUB_BASE_REF || env.GITHUB_REF_NAME || '';
    const chosen = chosenEnvironment(all, values.environment, branch, values['main-environment']);
    const asked = values.environment === undefined ? all : [chosen];
    const { base } = values;
    const touched =
      base === undefined
        ? asked
        : touchedEnvironments(
            asked,
            await (await import('../verbs/changed-files.ts')).changedFiles(folder, base),
          );
    for (const { environment, ready } of asked)
      if (!ready)
        say(
          `${environment} is not set up: put your account into allowed_account_ids of env/${environment}.tfvars (docs/github.md)`,
        );
    return { chosen, environments: touched.filter(({ ready }) => ready) };
  },
  isResult: (result): result is Found => 'chosen' in result,
  outputNames: ['environment', 'ready', 'aws-region', 'bucket', 'data-role', 'environments', 'any'],
  outputs: ({ chosen, environments }) => ({
    environment: chosen.environment,
    ready: chosen.ready,
    'aws-region': chosen['aws-region'],
    bucket: chosen.bucket,
    'data-role': chosen['data-role'],
    environments: JSON.stringify(environments.map(({ ready: _, ...told }) => told)),
    any: environments.length > 0,
  }),
  headline: ({ chosen }) =>
    chosen.ready
      ? `environment ${chosen.environment}: ${chosen.bucket} in ${chosen['aws-region']}`
      : `environment ${chosen.environment} is not set up yet: env/${chosen.environment}.tfvars names no account`,
  summary: ({ environments }) =>
    environments.length === 0
      ? ''
      : table(
          ['Environment', 'Region', 'Bucket'],
          environments.map(({ environment, 'aws-region': region, bucket }) => [
            code(environment),
            code(region),
            code(bucket),
          ]),
        ),
});
