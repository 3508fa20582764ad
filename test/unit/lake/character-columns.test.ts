import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { characterColumns } from '../../../src/lake/contract/character-columns.ts';
import { checkSourceFile } from '../../../src/lake/contract/source-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mydatahub-columns-'));
afterAll(() => rmSync(folder, { recursive: true }));
const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';

/** Columns of all breaches of a file of this content. */
async function columns(content: string | Buffer): Promise<number[]> {
  const file = join(folder, 'file.csv');
  writeFileSync(file, content);
  const { breaches } = await checkSourceFile(file);
  return characterColumns(file, breaches);
}

describe('the character at which a broken field begins', () => {
  it.each([
    ['an empty key', `${HEADER}a,b,c,d,,v\n`, [9]],
    ['characters of several bytes', `${HEADER}ü,中文,😀,d,,v\n`, [10]],
    ['a missing field: the end of the line', `${HEADER}a,b,c,d,k\r\n`, [10]],
    ['a surplus field', `${HEADER}a,b,c,d,k,v,w\n`, [13]],
    ['the header', 'entity1,entity2,entity3,entity4,Key,value\n', [33]],
    ['the header after a byte-order mark', '\ufeffentity1,entity2,entity3,entity4,Key,value\n', [33]],
    ['a field after a line break in quotes', `${HEADER}a,b,"c\nc",d,,v\n`, [6]],
    ['a doubled quote and a comma in quotes', `${HEADER}a,"b""b,b",c,d,,v\n`, [16]],
    ['each of several records', `${HEADER},b,c,d,k,v\na,b,c,d,k,v\na,b,c,d,,v\n`, [1, 9]],
    ['no record at all', HEADER, [1]],
    ['an empty file', '', [1]],
    ['a quote that is not closed', `${HEADER}a,b,c,d,k,"v\nw\n`, [11]],
  ])('is found for %s', async (_, content, expected) => {
    expect(await columns(content)).toEqual(expected);
  });

  it('lies within its line in every broken vector of the contract', async () => {
    const vectors = join(import.meta.dirname, '../../vectors/contract');
    for (const name of readdirSync(vectors).filter((file) => file.endsWith('.csv'))) {
      const { breaches } = await checkSourceFile(join(vectors, name));
      const found = await characterColumns(join(vectors, name), breaches);
      const lines = readFileSync(join(vectors, name), 'latin1').split('\n');
      expect(found, name).toHaveLength(breaches.length);
      for (const [index, { line }] of breaches.entries()) {
        expect(found[index], name).toBeGreaterThan(0);
        expect(found[index], name).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      }
    }
  });
});
