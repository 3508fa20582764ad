import { describe, expect, it } from 'vitest';
import { code, plain } from '../../../src/report/markdown.ts';

describe('text in Markdown', () => {
  it.each([
    ['a*b_c`d', 'a\\*b\\_c\\`d'],
    ['<script> & |', '&lt;script&gt; &amp; \\|'],
    ['one\r\n two', 'one<br>two'],
  ])('is shown letter by letter: %j', (text, markdown) => {
    expect(plain(text)).toBe(markdown);
  });

  it.each([
    ['a|b', '`a\\|b`'],
    ['a`b``c', '```a`b``c```'],
    ['`a', '`` `a ``'],
    ['a\nb', '`a b`'],
    ['', '`  `'],
  ])('is code whatever it holds: %j', (text, markdown) => {
    expect(code(text)).toBe(markdown);
  });
});
