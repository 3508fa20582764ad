import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../scripts/bundle.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';

const LIMIT = 3_000_000;
const dist = join(REPOSITORY, 'dist');
const checkout = mkdtempSync(join(tmpdir(), 'mydatahub-other-checkout-'));
const built = join(checkout, 'dist');

beforeAll(async () => {
  for (const part of ['src', 'tsconfig.json', 'package.json'])
    cpSync(join(REPOSITORY, part), join(checkout, part), { recursive: true });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(checkout, 'node_modules'));
  await bundle(checkout, built);
}, 300_000);
afterAll(() => rmSync(checkout, { recursive: true }));

const content = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]));

describe('dist/', () => {
  it('is, byte for byte, what the sources build in a checkout anywhere', () => {
    const [committed, fresh] = [content(dist), content(built)];
    const names = [...new Set([...Object.keys(committed), ...Object.keys(fresh)])];
    const differing = names.filter((name) => committed[name] !== fresh[name]).sort();
    expect(differing, 'dist/ is not what src/ builds: run `make bundle` and commit dist/').toEqual([]);
  });

  it('holds at most 3 MB in all', () => {
    const size = readdirSync(dist).reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
    expect(size).toBeLessThanOrEqual(LIMIT);
  });
});
