import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Connection } from '../aws/connection.ts';
import { ExplainedError } from './explained-error.ts';
import { tfvarsTexts } from './tfvars.ts';

/** What a running local lake says of itself, as far as the verbs need it. */
const localLake = z.object({
  endpoint: z.string(),
  region: z.string(),
  access_key_id: z.string(),
  secret_access_key: z.string(),
  bucket: z.string(),
});

const LOCAL = /^local(?::([a-z][a-z0-9-]{0,30}))?$/;

/**
 * The connection of the lake that `--lake` names: `local`, `local:NAME`, or an environment with a file
 * terraform/env/NAME.tfvars. Throws ExplainedError with the choices when it names none.
 *
 * @param repository the checkout, absolute
 */
export async function connectionOf(lake: string | undefined, repository: string): Promise<Connection> {
  if (lake === undefined || lake === '') {
    throw new ExplainedError({
      what: 'no lake is chosen',
      why: 'a verb never guesses its lake, so that nobody reaches production by accident',
      cure: `add --lake NAME or set MYDATAHUB_LAKE; ${await choices(repository)}`,
      exitStatus: 2,
    });
  }
  const local = LOCAL.exec(lake);
  return local === null ? environment(lake, repository) : running(lake, local[1] ?? 'local', repository);
}

async function running(lake: string, name: string, repository: string): Promise<Connection> {
  const file = join(lakesFolder(repository), name, 'lake.json');
  const text = await orMissing(() => readFile(file, 'utf8'));
  if (text === undefined) {
    throw new ExplainedError({
      what: `the local lake ${name} is not running`,
      cure: `npx mydatahub local up --lake ${lake}; ${await choices(repository)}`,
      exitStatus: 2,
    });
  }
  const parsed = localLake.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new ExplainedError({
      what: `the file of the local lake ${name} does not have the expected shape`,
      where: file,
      why: 'another version of this checkout started the lake',
      cure: `npx mydatahub local down --lake ${lake}, then npx mydatahub local up --lake ${lake}`,
    });
  }
  const { endpoint, region, access_key_id, secret_access_key, bucket } = parsed.data;
  return {
    region,
    endpoint,
    credentials: { accessKeyId: access_key_id, secretAccessKey: secret_access_key },
    bucket,
  };
}

async function environment(lake: string, repository: string): Promise<Connection> {
  const file = join(environmentsFolder(repository), `${lake}.tfvars`);
  const known = /^[A-Za-z0-9][\w.-]*$/.test(lake);
  const content = known ? await orMissing(() => readFile(file, 'utf8')) : undefined;
  if (content === undefined) {
    throw new ExplainedError({
      what: `there is no lake ${JSON.stringify(lake)}`,
      why: 'a lake is local, local:NAME, or an environment with a file terraform/env/NAME.tfvars',
      cure: await choices(repository),
      exitStatus: 2,
    });
  }
  const texts = tfvarsTexts(content);
  const bucket = texts.get('s3_bucket_name');
  const region = texts.get('aws_region');
  if (bucket !== undefined && region !== undefined) return { region, bucket };
  throw new ExplainedError({
    what: `the environment ${lake} does not say its ${bucket === undefined ? 's3_bucket_name' : 'aws_region'}`,
    where: `terraform/env/${lake}.tfvars`,
    cure: 'assign both as quoted texts: s3_bucket_name = "my-lake" and aws_region = "eu-central-1"',
  });
}

async function choices(repository: string): Promise<string> {
  const lakes = ((await orMissing(() => readdir(lakesFolder(repository)))) ?? []).sort();
  const files = ((await orMissing(() => readdir(environmentsFolder(repository)))) ?? []).sort();
  const environments = files
    .filter((file) => file.endsWith('.tfvars') && file !== 'local.tfvars')
    .map((file) => file.slice(0, -'.tfvars'.length));
  const local = lakes.map((name) => (name === 'local' ? 'local' : `local:${name}`));
  return (
    `running on this machine: ${local.join(', ') || 'none (npx mydatahub local up --lake local starts one)'}; ` +
    `environments: ${environments.join(', ') || 'none (terraform/env/NAME.tfvars makes one)'}`
  );
}

function lakesFolder(repository: string): string {
  return join(repository, '.mydatahub', 'lakes');
}

function environmentsFolder(repository: string): string {
  return join(repository, 'terraform', 'env');
}

async function orMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
