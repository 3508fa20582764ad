import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { byBytes } from '../../../src/lake/naming.ts';
import { compareFolders } from '../../../src/lake/preview/file-changes.ts';
import { sameContent } from '../../../src/lake/push-plan.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';

type Files = Readonly<Record<string, string>>;
type Case = { readonly title: string; readonly before: Files; readonly after: Files; readonly same: Files };
const { cases } = JSON.parse(
  readFileSync(join(REPOSITORY, 'test', 'vectors', 'same-content.json'), 'utf8'),
) as { cases: readonly Case[] };
const listed = (files: Files) =>
  Object.entries(files)
    .map(([path, id]) => ({ path, id }))
    .sort((a, b) => byBytes(a.path, b.path));

describe('of files with the same content the job ingests one', () => {
  it.each(cases)('and upload-data names the same: $title', ({ before, after, same }) => {
    const stored = { etag: '', key: '', size: 0, rows: 0, version_id: null, commit: null };
    const files = listed(before).map(({ path, id }) => ({ ...stored, path, sha256: id }));
    const contents = listed(after).map(({ path, id }) => {
      return { path, file: path, digest: { sha256: id, size: 0, partSize: 0, parts: [] } };
    });
    const found = sameContent(contents, { version: 1, commit: null, files, removed: [] });
    expect(Object.fromEntries(found.map(({ path, as }) => [path, as]))).toEqual(same);
  });

  it.each(cases)('and so does the preview: $title', ({ before, after, same }) => {
    const policies = { mode: 'sync', removed_files: 'keep' } as const;
    const { files } = compareFolders(listed(before), listed(after), policies);
    const found = files.filter(({ as }) => as !== null);
    expect(Object.fromEntries(found.map(({ path, as }) => [path, as]))).toEqual(same);
  });
});
