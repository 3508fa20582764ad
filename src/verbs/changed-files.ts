import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ExplainedError } from '../lake/explained-error.ts';

/** Paths below a folder of a git work tree that differ between a commit and HEAD. Throws ExplainedError. */
export async function changedFiles(folder: string, base: string): Promise<string[]> {
  try {
    const args = [
      '-C',
      folder,
      'diff',
      '--name-only',
      '-z',
      '--relative',
      '--no-renames',
      base,
      'HEAD',
      '--',
      '.',
    ];
    const { stdout } = await promisify(execFile)('git', args, { maxBuffer: 64 * 1024 * 1024 });
    return stdout.split('\0').filter((path) => path !== '');
  } catch (cause) {
    throw new ExplainedError({
      what: `the commit ${base} cannot be compared with`,
      where: folder,
      why: cause instanceof Error ? cause.message.trim() : String(cause),
      cure: 'fetch it: give actions/checkout fetch-depth: 2 (a pull request) or 0',
      cause,
    });
  }
}
