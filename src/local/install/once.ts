import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MARKER = '.complete';

/** Whether {@link once} has filled the folder. */
export function isInstalled(directory: string): boolean {
  return existsSync(join(directory, MARKER));
}

/**
 * Fills a folder once for all checkouts of this user: a marker written last says that it is complete, a lock file
 * keeps two installers apart, and what a killed installer left half done is thrown away and made anew.
 */
export async function once(directory: string, fill: () => Promise<void>): Promise<void> {
  if (isInstalled(directory)) return;
  mkdirSync(dirname(directory), { recursive: true });
  const lock = `${directory}.lock`;
  while (!take(lock)) {
    if (!holderLives(lock)) rmSync(lock, { force: true });
    await sleep(500);
  }
  try {
    if (isInstalled(directory)) return;
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    await fill();
    writeFileSync(join(directory, MARKER), '');
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function holderLives(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}
