import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Credentials, LocalLake } from '../lake.ts';
import { toolchain } from '../toolchain.ts';
import { gatewayClient } from './gateway-client.ts';

const CONTENT_DIGITS = 16;

/** Scripts, Python files and JARs of jobs, fetched from the lake's S3 as the job's role. */
export type Objects = {
  /** Writes an object to a file. Throws with URL and cure when it cannot be read. */
  download(url: string, file: string): Promise<void>;
  /** The path of a JAR, downloaded once for each content (ETag). */
  jar(url: string): Promise<string>;
};

/** Objects for whoever holds `credentials`. JARs that others have fetched are not fetched again. */
export function createObjects(lake: LocalLake): (credentials: Credentials) => Objects {
  const jars = new Map<string, Promise<string>>();
  return (credentials) => objectsOf(lake, credentials, jars);
}

function objectsOf(lake: LocalLake, credentials: Credentials, jars: Map<string, Promise<string>>): Objects {
  const client = new S3Client({ ...gatewayClient(lake, credentials), forcePathStyle: true });

  const download = (url: string, file: string) =>
    explained(url, async () => {
      const { Body } = await client.send(new GetObjectCommand(location(url)));
      if (!(Body instanceof Readable)) throw new Error('no content in the answer');
      await pipeline(Body, createWriteStream(file));
    });

  return {
    download,
    async jar(url) {
      const tag = await explained(
        url,
        async () => (await client.send(new HeadObjectCommand(location(url)))).ETag,
      );
      const content = createHash('sha256').update(`${url}\n${tag}`).digest('hex').slice(0, CONTENT_DIGITS);
      const file = join(lake.directory, 'jars-cache', `${content}-${nameOf(url)}`);
      const known = jars.get(file) ?? once(file, (partial) => download(url, partial)).then(pinned);
      jars.set(file, known);
      known.catch(() => jars.delete(file));
      return known;
    },
  };
}

/** The last part of an object's key. */
export function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

async function once(file: string, fill: (partial: string) => Promise<void>): Promise<string> {
  if (!(await exists(file))) {
    await mkdir(join(file, '..'), { recursive: true });
    await fill(`${file}.part`);
    await rename(`${file}.part`, file);
  }
  return file;
}

/** The same JAR among the toolchain's, if there is one: Java knows its classes by that path (class-archive.ts). */
async function pinned(file: string): Promise<string> {
  const ours = join(toolchain().jars, basename(file).slice(CONTENT_DIGITS + 1));
  const same = (await exists(ours)) && (await sha256(file)) === (await sha256(ours));
  return same ? ours : file;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function location(url: string): { Bucket: string; Key: string } {
  const match = /^s3[an]?:\/\/([^/]+)\/(.+)$/.exec(url);
  const [, Bucket, Key] = match ?? [];
  if (Bucket === undefined || Key === undefined) throw new Error('not a URL of the form s3://bucket/key');
  return { Bucket, Key };
}

async function explained<T>(url: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new Error(
      `cannot read ${url}: ${why}\n  cure: upload it (npx mydatahub upload-assets), or correct the job's argument`,
    );
  }
}
