import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statementBytes } from '../../../src/lake/preview/limits.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';

type Case = { readonly keys: number; readonly key: string; readonly column: string; readonly bytes: number };
const { cases } = JSON.parse(
  readFileSync(join(REPOSITORY, 'test', 'vectors', 'statement-bytes.json'), 'utf8'),
) as { cases: Case[] };

describe('the size of a statement that a preview tells', () => {
  it.each(cases)('is that of the statement: $keys keys $key', ({ keys, key, column, bytes }) => {
    const columns = Array.from({ length: keys }, (_, number) => ({
      key: key.replace('%d', String(number)),
      column: column.replace('%d', String(number)),
    }));
    expect(Math.abs(statementBytes(columns) - bytes) / bytes).toBeLessThan(0.02);
  });
});
