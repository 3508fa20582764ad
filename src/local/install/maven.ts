import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { copyDependencies } from '../../lake/jars.ts';
import { run } from '../../lake/program.ts';
import { REPOSITORY, toolchain } from '../toolchain.ts';

const CURE = 'delete the folder, then run the command again';

/** SHA-256 of each JAR that jars/pom.xml pins, by artifact name. */
export function pinnedJars(): Map<string, string> {
  const pom = readFileSync(join(REPOSITORY, 'jars', 'pom.xml'), 'utf8');
  return new Map(
    [...pom.matchAll(/<sha256\.([^>]+)>([0-9a-f]{64})<\/sha256\./g)].map((match) => [
      match[1] ?? '',
      match[2] ?? '',
    ]),
  );
}

/** Fetches the JARs of jars/pom.xml; throws when one is not the file whose SHA-256 the POM pins. */
export async function installJars(): Promise<void> {
  const { jars } = toolchain();
  await copyDependencies(join(REPOSITORY, 'jars', 'pom.xml'), jars);
  const pinned = pinnedJars();
  for (const file of readdirSync(jars).filter((name) => name.endsWith('.jar'))) {
    const artifact = [...pinned.keys()].find((name) => file.startsWith(`${name}-`));
    const expected = artifact === undefined ? undefined : pinned.get(artifact);
    const found = await sha256(join(jars, file));
    if (found !== expected) {
      throw new Error(
        `jars/pom.xml: ${file} has SHA-256 ${found}, ${expected === undefined ? 'which is not pinned' : `pinned is ${expected}`}\n` +
          '  why: the version was changed without its checksum, or the download was tampered with\n' +
          '  cure: compare with the checksum that the publisher names, then correct the property sha256.ARTIFACT',
      );
    }
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Fetches Trino's server and its Iceberg plugin, the only plugin that is kept: each one more costs start-up time. */
export async function installTrino(): Promise<void> {
  const { trinoHome, python } = toolchain();
  const packed = join(trinoHome, 'packed');
  await copyDependencies(join(REPOSITORY, 'jars', 'trino', 'pom.xml'), packed);
  const files = readdirSync(packed);
  const server = only(files, '.tar.gz');
  const plugin = only(files, '.zip');
  await run('tar', ['-xzf', join(packed, server), '-C', trinoHome, '--strip-components=1'], { cure: CURE });
  rmSync(join(trinoHome, 'plugin'), { recursive: true });
  await run(python, ['-m', 'zipfile', '-e', join(packed, plugin), join(trinoHome, 'plugin')], { cure: CURE });
  rmSync(packed, { recursive: true });
}

function only(files: readonly string[], suffix: string): string {
  const [file, ...others] = files.filter((name) => name.endsWith(suffix));
  if (file === undefined || others.length > 0) {
    throw new Error(
      `jars/trino/pom.xml: expected one ${suffix} file, found ${files.join(', ')}\n  cure: correct the POM`,
    );
  }
  return file;
}
