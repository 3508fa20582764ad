import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { REPOSITORY } from '../local/toolchain.ts';

const FOLDER = 'terraform';
/** What the configuration reads outside its folder, as paths in the checkout. */
const READ_BESIDE = [join('jars', 'pom.xml')];

/**
 * Copies the configuration into a room, replacing what is there, so that Terraform's lock file and state never land in
 * the checkout. Returns the folder to run Terraform in.
 */
export function copyConfiguration(room: string): string {
  for (const part of [FOLDER, ...READ_BESIDE]) {
    rmSync(join(room, part), { recursive: true, force: true });
    cpSync(join(REPOSITORY, part), join(room, part), { recursive: true, filter: isSource });
  }
  return configurationIn(room);
}

/** Where {@link copyConfiguration} puts the configuration. */
export function configurationIn(room: string): string {
  return join(room, FOLDER);
}

/** One SHA-256 over the names and contents of all files that are copied. */
export function configurationHash(): string {
  const files = readdirSync(join(REPOSITORY, FOLDER), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(REPOSITORY, join(entry.parentPath, entry.name)))
    .filter((path) => path.split(sep).every(isSource))
    .concat(READ_BESIDE);
  const hash = createHash('sha256');
  for (const path of files.sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(REPOSITORY, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Terraform's own droppings stay out: another run's providers, lock file or state. */
function isSource(path: string): boolean {
  const name = basename(path);
  return !name.startsWith('.terraform') && !name.includes('.tfstate');
}
