import { spawn } from 'node:child_process';
import { ExplainedError } from '../lake/explained-error.ts';

/** What git writes, as it comes. Throws an Error with what git complained of when it fails. */
export async function* gitBytes(
  folder: string,
  args: readonly string[],
  input = '',
): AsyncGenerator<Buffer, void> {
  const process = spawn('git', ['-C', folder, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
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

/** What git says about a commit that somebody named. Throws ExplainedError, most likely because it was not fetched. */
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
    throw new ExplainedError({
      what: `the commit ${commit} cannot be compared with`,
      where: folder,
      why: cause instanceof Error ? cause.message : String(cause),
      cure: 'fetch it: in a workflow give actions/checkout fetch-depth: 2 (a pull request) or 0; else git fetch',
      cause,
    });
  }
  return Buffer.concat(chunks).toString('utf8');
}
