import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { zipArchive } from '../../../src/lake/zip.ts';
import { toolchain } from '../../../src/local/toolchain.ts';

const entries = [
  { name: 'package/ü.py', content: Buffer.from('x = "ü"\n') },
  { name: 'package/__init__.py', content: Buffer.alloc(0) },
];

it('An archive does not depend on the order of its entries or on the time', () => {
  expect(zipArchive(entries).equals(zipArchive([...entries].reverse()))).toBe(true);
});

it('Python imports from an archive, and finds every checksum right', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mydatahub-zip-'));
  const file = join(folder, 'a.zip');
  writeFileSync(
    file,
    zipArchive([...entries, { name: 'package/m.py', content: Buffer.from('answer = 42\n') }]),
  );
  const script =
    'import sys, zipfile; assert zipfile.ZipFile(sys.argv[1]).testzip() is None; sys.path.insert(0, sys.argv[1]); import package.m; print(package.m.answer)';
  const printed = execFileSync(toolchain().python, ['-c', script, file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(printed.trim()).toBe('42');
});
