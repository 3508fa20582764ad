import { join, relative, resolve, sep } from 'node:path';
import { readViewRules } from '../lake/custom-views/read.ts';
import { WITHOUT_RULES } from '../lake/custom-views/rules.ts';
import { readSentRules } from '../lake/custom-views/sent.ts';
import type { Lake } from '../lake/lake.ts';
import { readManifest } from '../lake/manifest.ts';
import type { BaseFolder } from '../lake/preview/base-folder.ts';
import { isSourceFileName } from '../lake/source-folder.ts';
import { gitBytes, gitText } from './git.ts';

/** What the lake holds: its manifest, and the objects that it names. */
export async function lakeBase(lake: Lake): Promise<BaseFolder> {
  const { files } = await readManifest(lake);
  const keys = new Map(files.map(({ path, key }) => [path, key]));
  return {
    name: `the lake ${lake.name}`,
    files: files.map(({ path, sha256 }) => ({ path, id: sha256 })),
    rules: () => readSentRules(lake),
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
    await gitText(folder, ['rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`], commit)
  ).trim();
  const tree = await gitText(folder, ['ls-tree', '-r', '-z', sha, '.'], commit);
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
    async rules(file) {
      const prefix = (await gitText(folder, ['rev-parse', '--show-prefix'], commit)).trim();
      const path = join(prefix, relative(resolve(folder), resolve(file)))
        .split(sep)
        .join('/');
      // Elsewhere it has no history here.
      if (path.startsWith('..')) return undefined;
      const listed = await gitText(folder, ['ls-tree', '-z', '--full-tree', sha, '--', path], commit);
      const id = /^100\d{3} blob ([0-9a-f]+)\t/.exec(listed)?.[1];
      if (id === undefined) return WITHOUT_RULES;
      const read = readViewRules(await gitText(folder, ['cat-file', 'blob', id], commit));
      return read.ok ? read.rules : WITHOUT_RULES;
    },
    async idsOf(contents) {
      if (contents.length === 0) return [];
      // Without filters: the bytes that a push would send.
      const names = contents.map(({ file }) => `${file}\n`).join('');
      const ids = await gitText(folder, ['hash-object', '--no-filters', '--stdin-paths'], commit, names);
      return ids.trim().split('\n');
    },
    open: ({ id }) => gitBytes(folder, ['cat-file', 'blob', id]),
  };
}
