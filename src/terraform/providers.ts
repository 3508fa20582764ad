import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { scrubbed } from '../local/environment.ts';
import { once } from '../local/install/once.ts';
import { cacheDirectory, REPOSITORY } from '../local/toolchain.ts';
import { terraform } from './terraform.ts';

const CONFIGURATION = join(REPOSITORY, 'terraform');
const AWS_PROVIDER = 'hashicorp/aws';

/**
 * The folder that stands in for the registry: MYDATAHUB_TERRAFORM_MIRROR, else shared/terraform-mirror beside the
 * checkout when it is there, else none. Throws when the variable names a folder that does not exist.
 */
export function providerMirror(): string | undefined {
  const named = process.env.MYDATAHUB_TERRAFORM_MIRROR;
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(
      `MYDATAHUB_TERRAFORM_MIRROR names ${named}, which does not exist\n` +
        '  cure: make it with `terraform providers mirror`, or unset the variable to use the registry',
    );
  }
  const beside = join(REPOSITORY, '..', 'shared', 'terraform-mirror');
  return existsSync(beside) ? beside : undefined;
}

/**
 * Writes a Terraform CLI configuration that takes the AWS provider from a folder laid out like a provider mirror
 * (packed or unpacked) and every other provider from where it comes from. Returns the file's path.
 */
export function writeCliConfiguration(file: string, mirror: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    [
      'provider_installation {',
      '  filesystem_mirror {',
      `    path    = ${JSON.stringify(mirror)}`,
      `    include = ["${AWS_PROVIDER}"]`,
      '  }',
      '  direct {',
      `    exclude = ["${AWS_PROVIDER}"]`,
      '  }',
      '}',
      '',
    ].join('\n'),
  );
  return file;
}

/** Where the unpacked AWS provider lies, for all local lakes of this user: 700 MB that Terraform then only links. */
export function providerCache(): string {
  const versions = readFileSync(join(CONFIGURATION, 'versions.tf'));
  const hash = createHash('sha256').update(versions).digest('hex').slice(0, 16);
  return join(cacheDirectory(), `terraform-providers-${hash}`);
}

/** Makes sure that the AWS provider is in the cache. */
export async function installProvider(onLine?: (line: string) => void): Promise<void> {
  await once(providerCache(), () => fetchProvider(onLine));
}

/** Fetches the AWS provider into the cache: from the mirror, or from where the user's Terraform takes it. */
export async function fetchProvider(onLine?: (line: string) => void): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'mydatahub-terraform-'));
  try {
    copyFileSync(join(CONFIGURATION, 'versions.tf'), join(scratch, 'versions.tf'));
    const mirror = providerMirror();
    await terraform({
      directory: scratch,
      dataDirectory: join(scratch, 'data'),
      env: { ...scrubbed(process.env), TF_PLUGIN_CACHE_DIR: providerCache() },
      cliConfigFile:
        mirror === undefined ? undefined : writeCliConfiguration(join(scratch, 'cli.tfrc'), mirror),
      ...(onLine === undefined ? {} : { onLine }),
    }).init({ backendConfig: false });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
