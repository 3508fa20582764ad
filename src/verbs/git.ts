import { spawn } from 'node:child_process';
import { env } from 'node:process';
import { ExplainedError } from '../lake/explained-error.ts';

/** What git writes, as it comes. Throws an Error with what git complained of when it fails. */
export async function* gitBytes(
  folder: string,
  args: readonly string[],
  input = '',
): AsyncGenerator<Buffer, void> {
  const process = spawn('git', ['-C', folder, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // What it complains of is told apart by its words.
    env: { ...env, LC_ALL: 'C' },
  });
  // Should git end before it has read its input, its exit status tells why.
  process.stdin.on('error', () => {});
  process.stdin.end(input);
  const complaint: Buffer[] = [];
  process.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
  const ended = new Promise<number | null>((resolve, reject) => {
    process.on('error', reject);
    process.on('close', resolve);
  });
  // Should git not start, reading ends at once and `ended` tells why.
  ended.catch(() => {});
  try {
    for await (const chunk of process.stdout) yield chunk as Buffer;
    const status = await ended;
    if (status !== 0)
      throw new Error(Buffer.concat(complaint).toString('utf8').trim() || `git: exit status ${status}`);
  } finally {
    process.kill();
  }
}

/** What git says about a commit that somebody named. Throws ExplainedError. */
export async function gitText(
  folder: string,
  args: readonly string[],
  commit: string,
  input = '',
): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of gitBytes(folder, args, input)) chunks.push(chunk);
  } catch (cause) {
    throw explained(cause instanceof Error ? cause.message : String(cause), folder, commit, cause);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Why a commit cannot be read, by what git complains of. */
function explained(why: string, where: string, commit: string, cause: unknown): ExplainedError {
  const said = { where, why, cause };
  if (/not a git repository/.test(why))
    return new ExplainedError({
      ...said,
      what: `the folder is not in a git repository, so it cannot be compared with the commit ${commit}`,
      cure: 'compare it with what a lake holds (--lake NAME instead of --base), or go to a checkout; in a workflow let actions/checkout come before',
    });
  const what = `the commit ${commit} cannot be compared with`;
  if (/spawn git ENOENT/.test(why))
    return new ExplainedError({ ...said, what, cure: 'install git, and see that it is on the PATH' });
  // What git says of a commit that it does not have, by `rev-parse --verify` and by the others.
  const unknown = /single revision|unknown revision|not a valid object name|bad object|not our ref/i.test(
    why,
  );
  return new ExplainedError({
    ...said,
    what,
    cure: unknown
      ? 'fetch it: in a workflow give actions/checkout fetch-depth: 2 (a pull request) or 0; else git fetch'
      : 'see to what git says there, then the same again',
  });
}
