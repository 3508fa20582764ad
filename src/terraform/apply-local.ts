import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ownEndpoint } from '../aws/connection.ts';
import { localEnvironment } from '../local/environment.ts';
import { ADMINISTRATOR } from '../local/gateway/identity/administrator.ts';
import { type LocalLake, localBucket } from '../local/lake.ts';
import { toolchain } from '../local/toolchain.ts';
import { configurationHash, configurationIn, copyConfiguration } from './configuration.ts';
import { type Guard, startGuard } from './guard.ts';
import { installProvider, providerCache, writeCliConfiguration } from './providers.ts';
import { type InputOptions, type Terraform, terraform, type Variables } from './terraform.ts';

export type ApplyOptions = {
  /** Hears every line that Terraform says; all of it is in terraform.log of the lake's folder too. */
  readonly onLine?: (line: string) => void;
};

/** A copy of terraform/ with its state in the lake's own S3, ready for Terraform's commands. */
export type LocalRoom = {
  /** Holds the copy, Terraform's data and its command line configuration. */
  readonly folder: string;
  /** Key of the state in the lake's state bucket. */
  readonly stateKey: string;
  readonly onLine: (line: string) => void;
  /** Ends Terraform's providers with this process. */
  readonly guard: Guard;
};

/**
 * Applies terraform/ to a running local lake with the real AWS provider: a copy of the configuration in the lake's
 * folder, its state in the lake's own S3. Changes nothing when nothing has changed. Throws a `TerraformError` when a
 * command fails.
 */
export async function applyLocal(lake: LocalLake, options: ApplyOptions = {}): Promise<void> {
  const log = join(lake.directory, 'terraform.log');
  const onLine = (line: string) => {
    appendFileSync(log, `${line}\n`);
    options.onLine?.(line);
  };
  await using guard = startGuard();
  const folder = join(lake.directory, 'terraform');
  const commands = await localTerraform(lake, { folder, stateKey: 'lake.tfstate', onLine, guard });
  await commands.apply(localInputs(lake));
}

/** Terraform on a running local lake, initialised. Throws a `TerraformError` when it cannot be. */
export async function localTerraform(lake: LocalLake, room: LocalRoom): Promise<Terraform> {
  const { folder, onLine, guard } = room;
  mkdirSync(folder, { recursive: true });
  await installProvider(onLine);
  const commands = terraform({
    directory: configurationIn(folder),
    dataDirectory: join(folder, 'data'),
    // Reading the provider's schema is most of the time: rarer garbage collection takes a third of the CPU from it.
    env: localEnvironment(lake, { TF_WORKSPACE: undefined, GOGC: '400' }),
    cliConfigFile: writeCliConfiguration(join(folder, 'cli.tfrc'), providerCache()),
    onLine,
    onProcess: (group) => guard.watch(group),
  });
  await prepare(lake, room, commands);
  return commands;
}

/** The variables of a local lake; those given win. */
export function localInputs(lake: LocalLake, vars: Variables = {}): InputOptions {
  return {
    varFiles: ['env/local.tfvars'],
    vars: {
      aws_region: lake.region,
      s3_bucket_name: localBucket(lake.name),
      aws_endpoint_url: lake.endpoint,
      allowed_account_ids: [lake.accountId],
      aws_cli: join(toolchain().pythonHome, 'bin', 'aws'),
      // Whoever uses a lake on this machine may look at everything in it.
      analysts: [{ principal: `arn:aws:iam::${lake.accountId}:user/${ADMINISTRATOR}`, base_table: true }],
      ...vars,
    },
  };
}

/** Copies and initialises, unless the copy is there, initialised, and still the same as the checkout's files. */
async function prepare(lake: LocalLake, room: LocalRoom, commands: Terraform): Promise<void> {
  const marker = join(room.folder, 'initialised');
  const wanted = configurationHash();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;

  rmSync(marker, { force: true });
  copyConfiguration(room.folder);
  const bucket = `mydatahub-state-${lake.name}`;
  await createBucket(lake, bucket);
  await commands.init({
    backendConfig: localBackend(lake, bucket, room.stateKey),
  });
  writeFileSync(marker, wanted);
}

/** Terraform's S3 backend in a local lake: https://developer.hashicorp.com/terraform/language/backend/s3 */
export function localBackend(lake: Pick<LocalLake, 'region' | 'endpoint'>, bucket: string, key: string) {
  return {
    bucket,
    key,
    region: lake.region,
    endpoints: { s3: lake.endpoint },
    use_path_style: true,
    skip_credentials_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
  };
}

async function createBucket(lake: LocalLake, bucket: string): Promise<void> {
  const s3 = new S3Client({
    ...ownEndpoint(lake.endpoint),
    region: lake.region,
    credentials: lake.credentials,
    forcePathStyle: true,
  });
  try {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  } finally {
    s3.destroy();
  }
}
