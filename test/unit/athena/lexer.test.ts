import { describe, expect, test } from 'vitest';
import { positionOf, tokens } from '../../../src/local/gateway/athena/lexer.ts';

const texts = (sql: string) => tokens(sql).map((token) => `${token.kind}:${token.text}`);

describe('cutting SQL into tokens', () => {
  test('blanks and comments of both kinds fall away', () => {
    expect(texts('SELECT -- one; \'two\n1 /* "x" ; */ + 2')).toEqual([
      'word:SELECT',
      'number:1',
      'symbol:+',
      'number:2',
    ]);
  });

  test('doubled quotes stay inside their literal, whichever quote it is', () => {
    expect(texts(`'it''s' "a""b" \`c\`\`d\``)).toEqual([
      "string:'it''s'",
      'quoted:"a""b"',
      'backquoted:`c``d`',
    ]);
  });

  test('a comment mark or semicolon inside quotes is data', () => {
    expect(texts(`'-- ; /*'`)).toEqual(["string:'-- ; /*'"]);
  });

  test('an open quote or comment reaches to the end of the text', () => {
    expect(texts("SELECT 'abc")).toEqual(['word:SELECT', "string:'abc"]);
    expect(texts('1 /* abc')).toEqual(['number:1']);
  });

  test('numbers keep their fraction and exponent, and names that begin with a digit stay whole', () => {
    expect(texts('1.5 .5 1e10 2.5E-3 1a')).toEqual([
      'number:1.5',
      'number:.5',
      'number:1e10',
      'number:2.5E-3',
      'word:1a',
    ]);
  });

  test('the dot of a qualified name belongs to no number', () => {
    expect(texts('t.1x')).toEqual(['word:t', 'symbol:.', 'word:1x']);
  });

  test('a quarter of a million characters in one literal are read in well under a second', () => {
    const started = performance.now();
    expect(tokens(`SELECT '${"a''".repeat(87_000)}'`)).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test('positions count lines and columns from one', () => {
  expect(positionOf('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
  expect(positionOf('ab', 0)).toEqual({ line: 1, column: 1 });
});
