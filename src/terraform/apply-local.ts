import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ownEndpoint } from '../aws/connection.ts';
import { localEnvironment } from '../local/environment.ts';
import { ADMINISTRATOR } from '../local/gateway/identity/administrator.ts';
import { type LocalLake, localBucket } from '../local/lake.ts';
import { toolchain } from '../local/toolchain.ts';
import { configurationHash, configurationIn, copyConfiguration } from './configuration.ts';
import { startGuard } from './guard.ts';
import { installProvider, providerCache, writeCliConfiguration } from './providers.ts';
import { type Terraform, terraform, type Variables } from './terraform.ts';

export type ApplyOptions = {
  /** Hears every line that Terraform says; all of it is in terraform.log of the lake's folder too. */
  readonly onLine?: (line: string) => void;
};

/**
 * Applies terraform/ to a running local lake with the real AWS provider: a copy of the configuration in the lake's
 * folder, its state in the lake's own S3. Changes nothing when nothing has changed. Throws a `TerraformError` when a
 * command fails.
 */
export async function applyLocal(lake: LocalLake, options: ApplyOptions = {}): Promise<void> {
  const room = join(lake.directory, 'terraform');
  mkdirSync(room, { recursive: true });
  const log = join(lake.directory, 'terraform.log');
  const onLine = (line: string) => {
    appendFileSync(log, `${line}\n`);
    options.onLine?.(line);
  };
  await installProvider(onLine);
  await using guard = startGuard();
  const commands = terraform({
    directory: configurationIn(room),
    dataDirectory: join(room, 'data'),
    // Reading the provider's schema is most of the time: rarer garbage collection takes a third of the CPU from it.
    env: localEnvironment(lake, { TF_WORKSPACE: undefined, GOGC: '400' }),
    cliConfigFile: writeCliConfiguration(join(room, 'cli.tfrc'), providerCache()),
    onLine,
    onProcess: (group) => guard.watch(group),
  });
  await prepare(lake, room, commands);
  await commands.apply({ varFiles: ['env/local.tfvars'], vars: localVariables(lake) });
}

function localVariables(lake: LocalLake): Variables {
  return {
    aws_region: lake.region,
    s3_bucket_name: localBucket(lake.name),
    aws_endpoint_url: lake.endpoint,
    allowed_account_ids: [lake.accountId],
    aws_cli: join(toolchain().pythonHome, 'bin', 'aws'),
    // Whoever uses a lake on this machine may look at everything in it.
    analysts: [{ principal: `arn:aws:iam::${lake.accountId}:user/${ADMINISTRATOR}`, base_table: true }],
  };
}

/** Copies and initialises, unless the copy is there, initialised, and still the same as the checkout's files. */
async function prepare(lake: LocalLake, room: string, commands: Terraform): Promise<void> {
  const marker = join(room, 'initialised');
  const wanted = configurationHash();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;

  rmSync(marker, { force: true });
  copyConfiguration(room);
  const bucket = `mydatahub-state-${lake.name}`;
  await createBucket(lake, bucket);
  await commands.init({
    backendConfig: {
      bucket,
      key: 'lake.tfstate',
      region: lake.region,
      endpoints: { s3: lake.endpoint },
      use_path_style: true,
      skip_credentials_validation: true,
      skip_requesting_account_id: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
    },
  });
  writeFileSync(marker, wanted);
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
