import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { VIEWS_FILE } from './custom-views/digest.ts';
import { customViewsObject, NO_RULES } from './custom-views/read.ts';
import { ExplainedError } from './explained-error.ts';
import type { LakeConfig } from './lake-config.ts';
import { zipArchive } from './zip.ts';

/** An object that the lake's jobs need in the bucket: its bytes, or the file name of a JAR of the POM. */
export type Asset = {
  readonly key: string;
  readonly sha256: string;
  readonly source: Buffer | { readonly jar: string };
  /** It is sent only in the place of an object that is there: what it was made of is gone. */
  readonly insteadOnly?: boolean;
};

/** Where the assets come from, absolute. `views` need not exist. */
export type AssetFiles = {
  /** Folder with the Glue scripts and the package they share. */
  readonly scripts: string;
  /** The POM that lists the JARs. */
  readonly pom: string;
  /** config/views.yml. */
  readonly views: string;
};

/** The assets of a checkout (absolute path). */
export function assetsOf(checkout: string): AssetFiles {
  return {
    scripts: join(checkout, 'glue-scripts'),
    pom: join(checkout, 'jars', 'pom.xml'),
    views: join(checkout, 'config', VIEWS_FILE),
  };
}

/** The Python package that the Glue scripts share. */
const PACKAGE = 'mydatahub_glue';

/** The rules of a file that somebody named, absolute. Throws ExplainedError where it is not: no file means no rules. */
export function rulesFile(named: string): string {
  if (existsSync(named)) return resolve(named);
  throw new ExplainedError({
    what: 'there is no such file of rules',
    where: named,
    why: 'the name is misspelt, or the command runs in another folder; nothing was sent, since without a file the rules are taken back',
    cure: `name a file that there is; to take all rules back, leave --views out while there is no config/${VIEWS_FILE}`,
    exitStatus: 2,
  });
}

/**
 * Everything that upload-assets keeps in step: the JARs of the POM, the scripts, their shared package as one archive, the
 * wheels beside them, and the rules of custom views if there are any, checked. JARs are told by the POM alone; nothing
 * reads them here. Throws ExplainedError.
 */
export async function lakeAssets(
  { scripts, pom, views }: AssetFiles,
  prefixes: LakeConfig['prefixes'],
): Promise<Asset[]> {
  const assets: Asset[] = pomJars(await readFile(pom, 'utf8')).map(({ file, sha256 }) => ({
    key: prefixes.jars + file,
    sha256,
    source: { jar: file },
  }));
  for (const name of (await readdir(scripts)).filter((file) => file.endsWith('.py')).sort()) {
    assets.push(inMemory(prefixes.scripts + name, await readFile(join(scripts, name))));
  }
  assets.push(inMemory(`${prefixes.scripts}${PACKAGE}.zip`, await packageArchive(scripts)));
  for (const wheel of (await readdir(scripts)).filter((file) => file.endsWith('.whl')).sort()) {
    assets.push(inMemory(prefixes.scripts + wheel, await readFile(join(scripts, wheel))));
  }
  const rules = await readFile(views, 'utf8').catch(absent);
  const key = `${prefixes.config}${VIEWS_FILE}`;
  assets.push(
    rules === undefined
      ? { ...inMemory(key, Buffer.from(NO_RULES)), insteadOnly: true }
      : inMemory(key, Buffer.from(customViewsObject(rules, relative(process.cwd(), views)))),
  );
  return assets;
}

function inMemory(key: string, source: Buffer): Asset {
  return { key, sha256: createHash('sha256').update(source).digest('hex'), source };
}

async function packageArchive(scripts: string): Promise<Buffer> {
  const names = (await readdir(join(scripts, PACKAGE), { recursive: true }).catch(absent)) ?? [];
  if (names.length === 0) {
    throw new ExplainedError({
      what: `the Glue scripts come without the package ${PACKAGE} that they share`,
      where: scripts,
      cure: `put the folder ${PACKAGE} beside the scripts`,
    });
  }
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
