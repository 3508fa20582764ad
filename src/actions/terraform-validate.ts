import { resolve } from 'node:path';
import type { TerraformValidateResult } from '../verbs/terraform-validate.ts';
import { defineLakelessAction } from './action.ts';
import { path } from './inputs.ts';
import { bringJarList, checkTerraform, withoutInputs } from './terraform-inputs.ts';

export const action = defineLakelessAction({
  verb: 'terraform-validate',
  inputs: { 'terraform-directory': path('terraform') },
  check: (values, surroundings) => checkTerraform(values, surroundings),
  async run(values, conversation, { env, workspace, repository }) {
    const { terraformValidate } = await import('../verbs/terraform-validate.ts');
    const directory = resolve(workspace, values['terraform-directory']);
    bringJarList(directory, workspace, repository, conversation);
    return terraformValidate(directory, withoutInputs(env), conversation);
  },
  isResult: (result): result is TerraformValidateResult => 'terraform_version' in result,
  outputNames: ['terraform-version'],
  outputs: ({ terraform_version }) => ({ 'terraform-version': terraform_version }),
  headline: ({ terraform_version }) => `the configuration is valid (Terraform ${terraform_version})`,
  summary: () => '',
});
