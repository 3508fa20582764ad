import { posix } from 'node:path';
import { gitText } from './git.ts';

/**
 * Paths of a git work tree that differ between a commit and HEAD, as they are written from a folder of it: `main.tf`,
 * `../jars/pom.xml`. Throws ExplainedError.
 */
export async function changedFiles(folder: string, base: string): Promise<string[]> {
  const args = ['diff', '--name-only', '-z', '--no-relative', '--no-renames', base, 'HEAD', '--'];
  const paths = (await gitText(folder, args, base)).split('\0').filter((path) => path !== '');
  const prefix = (await gitText(folder, ['rev-parse', '--show-prefix'], base)).replace(/\n$/, '');
  return paths.map((path) => posix.relative(`/${prefix}`, `/${path}`));
}
