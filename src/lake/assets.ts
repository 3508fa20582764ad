import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExplainedError } from './explained-error.ts';
import type { LakeConfig } from './lake-config.ts';
import { zipArchive } from './zip.ts';

/** A file that the lake's jobs need in the bucket: its bytes, or the file that holds them. */
export type Asset = {
  readonly key: string;
  readonly sha256: string;
  readonly source: Buffer | { readonly file: string };
};

/** The Python package that the Glue scripts share. */
const PACKAGE = 'mydatahub_glue';

/**
 * Everything that upload-assets keeps in step: the JARs of jars/pom.xml, glue-scripts/*.py, their shared package as
 * one archive, and config/views.yml if there is one. JARs are told by the POM alone; nothing reads them here.
 *
 * @param repository the checkout, absolute
 * @param jars the folder with the JARs, absolute
 */
export async function lakeAssets(
  repository: string,
  jars: string,
  prefixes: LakeConfig['prefixes'],
): Promise<Asset[]> {
  const scripts = join(repository, 'glue-scripts');
  const pom = await readFile(join(repository, 'jars', 'pom.xml'), 'utf8');
  const assets: Asset[] = pomJars(pom).map(({ file, sha256 }) => ({
    key: prefixes.jars + file,
    sha256,
    source: { file: join(jars, file) },
  }));
  for (const name of (await readdir(scripts)).filter((file) => file.endsWith('.py')).sort()) {
    assets.push(inMemory(prefixes.scripts + name, await readFile(join(scripts, name))));
  }
  assets.push(inMemory(`${prefixes.scripts}${PACKAGE}.zip`, await packageArchive(scripts)));
  const views = await readFile(join(repository, 'config', 'views.yml')).catch(absent);
  if (views !== undefined) assets.push(inMemory(`${prefixes.config}views.yml`, views));
  return assets;
}

function inMemory(key: string, source: Buffer): Asset {
  return { key, sha256: createHash('sha256').update(source).digest('hex'), source };
}

async function packageArchive(scripts: string): Promise<Buffer> {
  const names = await readdir(join(scripts, PACKAGE), { recursive: true });
  const modules = names.filter((name) => name.endsWith('.py'));
  const read = async (name: string) => ({
    name: `${PACKAGE}/${name.replaceAll('\\', '/')}`,
    content: await readFile(join(scripts, PACKAGE, name)),
  });
  return zipArchive(await Promise.all(modules.map(read)));
}

/** JAR file names and their SHA-256, as the POM pins them. Throws ExplainedError for a JAR without one. */
export function pomJars(pom: string): { file: string; sha256: string }[] {
  const dependency =
    /<dependency>[\s\S]*?<artifactId>([^<]+)<\/artifactId>\s*<version>([^<]+)<\/version>[\s\S]*?<\/dependency>/g;
  return [...pom.matchAll(dependency)].map(([, artifact = '', version = '']) => {
    const opening = `<sha256.${artifact}>`;
    const at = pom.indexOf(opening);
    const sha256 = at < 0 ? '' : pom.slice(at + opening.length, at + opening.length + 64);
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      throw new ExplainedError({
        what: `the JAR ${artifact} has no SHA-256`,
        where: 'jars/pom.xml',
        cure: `add the property sha256.${artifact} with the checksum that the publisher names`,
      });
    }
    return { file: `${artifact}-${version}.jar`, sha256 };
  });
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
