import { statSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ExplainedError } from './explained-error.ts';

/** A source file on this machine. `path` is relative to its folder with `/` between names: its name in the lake. */
export type LocalSourceFile = { readonly path: string; readonly file: string; readonly size: number };

/** Whether a file or object of this name is a source file; the ingestion job takes the same. */
export function isSourceFileName(name: string): boolean {
  return name.toLowerCase().endsWith('.csv');
}

/** S3 takes keys up to 1,024 bytes (S3 User Guide, object key names). */
const LONGEST_KEY = 1024;

/**
 * The source files of a folder: all `*.csv` below it, in UTF-8 byte order of their paths. Throws ExplainedError when the folder does not exist, when a symbolic link leads
 * outside of it, or when a name cannot be the name of an object.
 */
export async function sourceFolder(folder: string): Promise<LocalSourceFile[]> {
  const root = await existing(folder);
  const files: LocalSourceFile[] = [];
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(root, file).split(sep).join('/');
    const target = entry.isSymbolicLink() ? await insideTarget(file, root) : undefined;
    const isFile = entry.isFile() || target?.isFile() === true;
    if (target?.isDirectory()) throw linkedFolder(file);
    if (!isFile) continue;
    if (!isSourceFileName(path)) continue;
    refuseName(path, file);
    files.push({ path, file, size: (target ?? statSync(file)).size });
  }
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

/** The error for a folder in which there is nothing to do. */
export function noSourceFiles(folder: string): ExplainedError {
  return new ExplainedError({
    what: 'there is no source file',
    where: folder,
    cure: 'put files with names that end in .csv there, or name another folder',
  });
}

async function existing(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (cause) {
    throw new ExplainedError({
      what: 'there is no such file or folder',
      where: folder,
      cure: 'check the spelling; relative names start at the folder you are in',
      cause,
    });
  }
}

async function insideTarget(file: string, root: string) {
  const target = await existing(file);
  if (target.startsWith(root + sep)) return stat(target);
  throw new ExplainedError({
    what: 'a symbolic link leads outside the folder',
    where: `${file} -> ${target}`,
    why: 'following it could send files nobody meant to publish',
    cure: 'replace the link by the file itself, or remove it',
  });
}

function linkedFolder(file: string): ExplainedError {
  return new ExplainedError({
    what: 'a symbolic link to a folder is not followed',
    where: file,
    why: 'its files would be taken twice',
    cure: 'remove the link, or replace it by the folder itself',
  });
}

function refuseName(path: string, file: string): void {
  const refuse = (why: string) => {
    throw new ExplainedError({
      what: 'a file name cannot be the name of an object',
      where: JSON.stringify(file),
      why,
      cure: 'rename the file',
    });
  };
  // S3 lists keys in XML 1.0, which has no control characters.
  if (/\p{Cc}/u.test(path)) refuse('it holds a control character');
  if (path.includes('\ufffd')) refuse('it is not UTF-8');
  if (Buffer.byteLength(path) > LONGEST_KEY - 100) refuse('it is longer than S3 takes');
}
