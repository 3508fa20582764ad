import { spawn } from 'node:child_process';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { readManifest } from '../lake/manifest.ts';
import type { BaseFolder } from '../lake/preview/base-folder.ts';
import { isSourceFileName } from '../lake/source-folder.ts';

/** What the lake holds: its manifest, and the objects that it names. */
export async function lakeBase(lake: Lake): Promise<BaseFolder> {
  const { files } = await readManifest(lake);
  const keys = new Map(files.map(({ path, key }) => [path, key]));
  return {
    name: `the lake ${lake.name}`,
    files: files.map(({ path, sha256 }) => ({ path, id: sha256 })),
    idsOf: async (contents) => contents.map(({ sha256 }) => sha256),
    open: ({ path }) => lake.bucket.bytes(keys.get(path) ?? lake.config.prefixes.raw + path),
  };
}

/**
 * The folder as it is in a commit. Throws ExplainedError when the commit is not in this checkout.
 *
 * @param folder a folder of a git work tree
 * @param commit anything that git understands as a commit
 */
export async function commitBase(folder: string, commit: string): Promise<BaseFolder> {
  const sha = (
    await git(folder, ['rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`], commit)
  ).trim();
  const tree = await git(folder, ['ls-tree', '-r', '-z', sha, '.'], commit);
  const files = tree
    .split('\0')
    .flatMap((entry) => {
      const match = /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s.exec(entry);
      return match?.[1] === undefined || match[2] === undefined ? [] : [{ path: match[2], id: match[1] }];
    })
    .filter(({ path }) => isSourceFileName(path));
  return {
    name: `commit ${sha.slice(0, 12)}`,
    files,
    async idsOf(contents) {
      if (contents.length === 0) return [];
      // Without filters: the bytes that a push would send.
      const names = contents.map(({ file }) => `${file}\n`).join('');
      const ids = await git(folder, ['hash-object', '--no-filters', '--stdin-paths'], commit, names);
      return ids.trim().split('\n');
    },
    open: ({ id }) =>
      output(spawn('git', ['-C', folder, 'cat-file', 'blob', id], { stdio: ['ignore', 'pipe', 'pipe'] })),
  };
}

type GitProcess = ReturnType<typeof spawn>;

async function* output(process: GitProcess): AsyncGenerator<Buffer> {
  const complaint: Buffer[] = [];
  process.stderr?.on('data', (chunk: Buffer) => complaint.push(chunk));
  const ended = new Promise<number | null>((resolve, reject) => {
    process.on('error', reject);
    process.on('close', resolve);
  });
  // Should git not start, reading ends at once and `ended` tells why.
  ended.catch(() => {});
  try {
    for await (const chunk of process.stdout ?? []) yield chunk as Buffer;
    const status = await ended;
    if (status !== 0)
      throw new Error(Buffer.concat(complaint).toString('utf8').trim() || `git: exit status ${status}`);
  } finally {
    process.kill();
  }
}

async function git(folder: string, args: readonly string[], commit: string, input?: string): Promise<string> {
  const process = spawn('git', ['-C', folder, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  process.stdin?.on('error', () => {});
  process.stdin?.end(input ?? '');
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of output(process)) chunks.push(chunk);
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
