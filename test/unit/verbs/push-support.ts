import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Lake } from '../../../src/lake/lake.ts';
import type { BaseFolder } from '../../../src/lake/preview/base-folder.ts';
import { commitBase } from '../../../src/verbs/base-folders.ts';
import { uploadData } from '../../../src/verbs/upload-data.ts';
import type { Moto } from '../aws/moto.ts';
import { motoLake, recordedConversation } from './support.ts';

export const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';

/** A folder of source files, with git when it is asked for; gone with the test. */
export type Checkout = {
  readonly folder: string;
  /** Writes `rows` (without the header) to a file. */
  write(path: string, rows: string): void;
  /** `rows` distinct rows under one `entity1`. */
  fill(path: string, rows: number): void;
  remove(path: string): void;
  git(...args: string[]): string;
  /** Commits everything at a time (seconds since 1970), and says its hash. */
  commit(time: number): string;
};

export function checkout(folder = mkdtempSync(join(tmpdir(), 'mydatahub-push-'))): Checkout {
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (path: string, rows: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), HEADER + rows);
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    }).trim();
  return {
    folder,
    write,
    fill: (path, rows) =>
      write(path, Array.from({ length: rows }, (_, index) => `${path},a,b,${index},k,v\n`).join('')),
    remove: (path) => rmSync(join(folder, path)),
    git,
    commit(time) {
      git('add', '--all');
      process.env.GIT_COMMITTER_DATE = `${time} +0000`;
      git('commit', '--quiet', '--allow-empty', '-m', 'data');
      delete process.env.GIT_COMMITTER_DATE;
      return git('rev-parse', 'HEAD');
    },
  };
}

/** A work tree whose commit holds `files`. */
export function committed(files: Record<string, string>): Checkout & { base: () => Promise<BaseFolder> } {
  const here = checkout();
  here.git('init', '--quiet');
  for (const [path, rows] of Object.entries(files)) here.write(path, rows);
  const commit = here.commit(1_700_000_000);
  return { ...here, base: () => commitBase(here.folder, commit) };
}

/** One moto for a test file; each `lake()` of it is a new one, `keys` what was written to all of them. */
export async function lakes() {
  const { moto, lake: first, writes } = await motoLake();
  let count = 0;
  const lake = (removed_files: 'keep' | 'remove' = 'keep'): Lake => {
    count += 1;
    const prefixes = { ...first.config.prefixes, raw: `${count}/raw-data/`, state: `${count}/state/` };
    const ingestion = { ...first.config.ingestion, removed_files };
    return { ...first, config: { ...first.config, prefixes, ingestion } };
  };
  return { moto: moto satisfies Moto, lake, keys: writes.keys };
}

/** Pushes a folder and says what came of it. */
export async function push(lake: Lake, { folder }: Checkout, confirmRemovals = false) {
  const conversation = recordedConversation();
  const result = await uploadData(lake, folder, { confirmRemovals }, conversation);
  return { ...result, said: conversation.said.join('\n') };
}
