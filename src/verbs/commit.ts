import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The commit the source files come from: GITHUB_SHA, else HEAD of the repository around `folder`, else `null`. */
export async function currentCommit(folder: string): Promise<string | null> {
  const sha = process.env.GITHUB_SHA;
  if (sha !== undefined && sha !== '') return sha;
  try {
    const { stdout } = await run('git', ['-C', folder, 'rev-parse', 'HEAD']);
    return stdout.trim() || null;
  } catch {
    // No git, or no repository: the entry says null.
    return null;
  }
}
