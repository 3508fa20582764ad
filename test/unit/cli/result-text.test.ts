import { describe, expect, it } from 'vitest';
import { resultText } from '../../../src/cli/result-text.ts';

const result = {
  columns: ['a', 'long name'],
  rows: [
    ['1', null],
    ['', 'x'],
    ['say "hi", twice', 'two\nlines'],
  ],
};

describe('a result', () => {
  it('as JSON has columns, rows, and null for NULL', () => {
    expect(JSON.parse(resultText(result, 'json'))).toEqual(result);
  });

  it('as CSV keeps NULL and the empty text apart, and quotes by RFC 4180', () => {
    expect(resultText(result, 'csv')).toBe(
      'a,long name\r\n1,\r\n"",x\r\n"say ""hi"", twice","two\nlines"\r\n',
    );
  });

  it('as a table is aligned, one line a row', () => {
    expect(resultText(result, 'table')).toBe(
      [
        'a                long name',
        '---------------  ----------',
        '1                NULL',
        '                 x',
        'say "hi", twice  two\\nlines',
        '(3 rows)',
        '',
      ].join('\n'),
    );
  });

  it('of a statement that returns nothing is nothing', () => {
    expect(resultText({ columns: [], rows: [] }, 'table')).toBe('');
  });
});
