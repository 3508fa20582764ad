import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkSourceFile, SourceFileReader } from '../../../src/lake/contract/source-file.ts';

const FOLDER = fileURLToPath(new URL('../../vectors/contract', import.meta.url));

type Valid = Record<string, { rows: number; sha256: string }>;
type Broken = Record<string, { code: string; line: number; column: number }>;
/** `merge_…`: with additional columns allowed. */
type Expected = { valid: Valid; broken: Broken; merge_valid: Valid; merge_broken: Broken };
const expected = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as Expected;

function inPieces(content: Buffer, size: number) {
  const reader = new SourceFileReader();
  for (let at = 0; at < content.length; at += size) reader.push(content.subarray(at, at + size));
  return reader.finish();
}

describe('a valid source file', () => {
  for (const [name, { rows, sha256 }] of Object.entries(expected.valid)) {
    it(`is accepted with its rows and SHA-256: ${name}`, async () => {
      expect(await checkSourceFile(join(FOLDER, name))).toMatchObject({ rows, sha256, breaches: [] });
    });
  }
});

describe('a broken source file', () => {
  for (const [name, breach] of Object.entries(expected.broken)) {
    it(`is refused at the line and column of its first breach: ${name}`, async () => {
      const check = await checkSourceFile(join(FOLDER, name));
      expect(check.breaches[0]).toMatchObject(breach);
      expect(check.breaches[0]?.cure).not.toBe('');
    });
  }
});

describe('with additional columns allowed', () => {
  for (const [name, { rows, sha256 }] of Object.entries(expected.merge_valid)) {
    it(`a valid file is accepted with its rows: ${name}`, async () => {
      const check = await checkSourceFile(join(FOLDER, name), 20, true);
      expect(check).toMatchObject({ rows, sha256, breaches: [] });
    });
  }
  for (const [name, breach] of Object.entries(expected.merge_broken)) {
    it(`a broken file is refused at line and column: ${name}`, async () => {
      const check = await checkSourceFile(join(FOLDER, name), 20, true);
      expect(check.breaches[0]).toMatchObject(breach);
    });
  }
});

describe('the borders between chunks', () => {
  for (const size of [1, 2, 3, 5, 7]) {
    it(`do not change any verdict when a chunk has ${size} bytes`, () => {
      for (const [name, want] of Object.entries({ ...expected.valid, ...expected.broken })) {
        const content = readFileSync(join(FOLDER, name));
        if (content.length > 10_000) continue;
        const check = inPieces(content, size);
        if ('rows' in want) expect({ name, ...check }).toMatchObject({ name, rows: want.rows, breaches: [] });
        else expect({ ...check.breaches[0], name }).toMatchObject({ ...want, name });
      }
    });
  }
});

describe('breaches of single records', () => {
  it('are all found: the first are named, the others counted', () => {
    const header = 'entity1,entity2,entity3,entity4,key,value\n';
    const reader = new SourceFileReader(20);
    reader.push(Buffer.from(header + ',b,c,d,k,v\n'.repeat(30)));
    const { breaches, more, rows } = reader.finish();
    expect({ named: breaches.length, more, rows }).toEqual({ named: 20, more: 10, rows: 30 });
    expect(breaches.map((breach) => breach.line)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 2),
    );
  });

  it('name the column that people know it by', () => {
    const reader = new SourceFileReader();
    reader.push(Buffer.from('entity1,entity2,entity3,entity4,key,value\na,b,c,d,,v\n'));
    expect(reader.finish().breaches[0]).toMatchObject({ column: 5, name: 'key', problem: 'key is empty' });
  });
});
