import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecords } from '../../../src/lake/contract/records.ts';

const VECTORS = join(import.meta.dirname, '../../vectors/contract');
const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
const { valid } = JSON.parse(readFileSync(join(VECTORS, 'expected.json'), 'utf8')) as {
  valid: Record<string, { rows: number }>;
};

async function* pieces(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function records(content: Buffer, size = content.length || 1) {
  const found: { fields: readonly string[]; line: number }[] = [];
  await readRecords(pieces(content, size), (fields, line) => found.push({ fields, line }));
  return found;
}

describe('the records of a source file', () => {
  it('have their fields without quotes, and the line on which they begin', async () => {
    const content = `\ufeff${HEADER}a,"b\n1",c,d,k,"say ""hi"", you"\r\nü,,,,k,\n"x","","","","",""`;
    expect(await records(Buffer.from(content))).toEqual([
      { fields: ['a', 'b\n1', 'c', 'd', 'k', 'say "hi", you'], line: 2 },
      { fields: ['ü', '', '', '', 'k', ''], line: 4 },
      { fields: ['x', '', '', '', '', ''], line: 5 },
    ]);
  });

  it('are as many in each valid vector of the contract as the validator counts', async () => {
    for (const [name, { rows }] of Object.entries(valid))
      expect(await records(readFileSync(join(VECTORS, name))), name).toHaveLength(rows);
  });

  it('are the same wherever the chunks are cut', async () => {
    for (const name of Object.keys(valid)) {
      const content = readFileSync(join(VECTORS, name));
      if (content.length > 10_000) continue;
      const whole = await records(content);
      for (const size of [1, 2, 3, 7])
        expect(await records(content, size), `${name} by ${size}`).toEqual(whole);
    }
  });

  it('come back as any texts were written', async () => {
    const characters = [...'ab",\n\r é😀'];
    const text = (seed: number) =>
      Array.from({ length: seed % 6 }, (_, at) => characters[(seed * 7 + at * 5) % characters.length]).join(
        '',
      );
    const written = Array.from({ length: 400 }, (_, row) =>
      Array.from({ length: 6 }, (_, column) => text(row * 6 + column)),
    );
    const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
    const content = `${HEADER}${written.map((row) => `${row.map(quoted).join(',')}\n`).join('')}`;
    const read = await records(Buffer.from(content), 13);
    expect(read.map(({ fields }) => fields)).toEqual(written);
  });
});
