import { gitText } from './git.ts';

/** Paths below a folder of a git work tree that differ between a commit and HEAD. Throws ExplainedError. */
export async function changedFiles(folder: string, base: string): Promise<string[]> {
  const args = ['diff', '--name-only', '-z', '--relative', '--no-renames', base, 'HEAD', '--', '.'];
  return (await gitText(folder, args, base)).split('\0').filter((path) => path !== '');
}
