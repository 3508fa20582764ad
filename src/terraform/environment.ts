import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** An environment of a Terraform configuration. */
export type TerraformEnvironment = {
  readonly environment: string;
  /** The configuration, absolute. */
  readonly directory: string;
  readonly workspace: string;
  /** Relative to `directory`. */
  readonly varFiles: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** `key=value` or files, as `terraform init -backend-config` takes them. */
  readonly backendConfig: readonly string[];
  /** What Terraform's processes see, credentials included. */
  readonly env: NodeJS.ProcessEnv;
  /** The commit that is planned. */
  readonly commit: string;
  readonly runUrl?: string | undefined;
};

/**
 * Files of variables, relative to the configuration: those that are given, else the environment's own where the
 * configuration keeps such.
 */
export function varFilesOf(
  directory: string,
  environment: string | undefined,
  given: readonly string[] = [],
): readonly string[] {
  if (given.length > 0 || environment === undefined) return given;
  return existsSync(join(directory, 'env')) ? [`env/${environment}.tfvars`] : [];
}
