import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terraform } from '../terraform/terraform.ts';
import type { Conversation } from './verb.ts';

export type TerraformValidateResult = { readonly terraform_version: string };

/**
 * Checks a configuration without credentials and without a state: that its files are in Terraform's canonical form, and
 * that it is valid. Throws a `TerraformError`.
 *
 * @param directory the configuration, absolute
 */
export async function terraformValidate(
  directory: string,
  env: NodeJS.ProcessEnv,
  { log, signal }: Conversation,
): Promise<TerraformValidateResult> {
  const room = mkdtempSync(join(env.RUNNER_TEMP ?? tmpdir(), 'mydatahub-terraform-'));
  try {
    const commands = terraform({
      directory,
      dataDirectory: room,
      env,
      onLine: (line) => log('Terraform', line),
      signal,
    });
    await commands.formatCheck();
    await commands.init({ backendConfig: false });
    await commands.validate();
    return { terraform_version: await commands.version() };
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}
