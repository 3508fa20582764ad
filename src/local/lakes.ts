import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LocalLake } from './lake.ts';
import { REPOSITORY } from './toolchain.ts';

/** What a running local lake says of itself, in lake.json of its folder. The verbs read it to find the lake. */
const LAKE_FILE = z.object({
  name: z.string(),
  pid: z.number(),
  reaper_pid: z.number(),
  endpoint: z.string(),
  moto_endpoint: z.string(),
  trino_endpoint: z.string(),
  region: z.string(),
  account_id: z.string(),
  access_key_id: z.string(),
  secret_access_key: z.string(),
  bucket: z.string(),
});
export type LakeFile = z.infer<typeof LAKE_FILE>;

const NAME = /^[a-z][a-z0-9-]{0,30}$/;

/** The name in `local` or `local:NAME`. Throws when it is neither, saying what a local lake may be called. */
export function localLakeName(lake: string): string {
  const name = lake === 'local' ? 'local' : lake.startsWith('local:') ? lake.slice('local:'.length) : '';
  if (NAME.test(name)) return name;
  throw new Error(
    `${JSON.stringify(lake)} is not a local lake\n` +
      '  why:  only lakes on this machine can be started and stopped here\n' +
      '  cure: --lake local, or --lake local:NAME with a NAME of lower-case letters, digits and hyphens',
  );
}

/** Folder of all local lakes of this checkout. */
export function lakesDirectory(): string {
  return join(REPOSITORY, '.mydatahub', 'lakes');
}

export function lakeDirectory(name: string): string {
  return join(lakesDirectory(), name);
}

/** The lake's file, or `undefined` when no such lake is up. */
export function readLakeFile(name: string): LakeFile | undefined {
  const file = join(lakeDirectory(name), 'lake.json');
  return existsSync(file) ? LAKE_FILE.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** The running lake of this name. Throws when it is not up. */
export function runningLake(name: string): LocalLake {
  const file = readLakeFile(name);
  if (file === undefined) {
    throw new Error(
      `the local lake ${name} is not up\n  cure: npx mydatahub local up --lake ${lakeOption(name)}`,
    );
  }
  return {
    name,
    directory: lakeDirectory(name),
    region: file.region,
    accountId: file.account_id,
    endpoint: file.endpoint,
    motoEndpoint: file.moto_endpoint,
    trinoEndpoint: file.trino_endpoint,
    credentials: { accessKeyId: file.access_key_id, secretAccessKey: file.secret_access_key },
  };
}

/** How a person names this lake: `local` or `local:NAME`. */
export function lakeOption(name: string): string {
  return name === 'local' ? 'local' : `local:${name}`;
}

export function writeLakeFile(lake: LakeFile): void {
  const file = join(lakeDirectory(lake.name), 'lake.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(lake, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** Names of the lakes of this checkout that are up or starting. */
export function lakeNames(): string[] {
  return existsSync(lakesDirectory()) ? readdirSync(lakesDirectory()).sort() : [];
}

/** Whether a process lives; a zombie of another parent counts as living. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
