import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ATHENA_REASONS, REFUSALS } from '../../../src/local/gateway/lakeformation/refusals.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';

const guide = readFileSync(join(REPOSITORY, 'docs', 'troubleshooting-lakeformation.md'), 'utf8');

describe('the guide to the errors of Lake Formation', () => {
  const texts = [...Object.values(REFUSALS), ...Object.values(ATHENA_REASONS)].map(({ text }) =>
    text.replaceAll(/\{\w+\}/g, '…'),
  );

  it.each(texts)('explains: %s', (text) => {
    expect(guide).toMatch(new RegExp(`^### .*${RegExp.escape(text)}`, 'm'));
  });
});
