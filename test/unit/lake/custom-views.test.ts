import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { customViewsObject, readCustomViews } from '../../../src/lake/custom-views/read.ts';
import { customViewsSchema } from '../../../src/lake/custom-views/schema.ts';

const VECTORS = new URL('../../vectors/custom-views/', import.meta.url);

function problems(text: string): string[] {
  const read = readCustomViews(text);
  return read.ok ? [] : read.problems.map(({ line, column, problem }) => `${line}:${column}: ${problem}`);
}

const rule = (...lines: string[]) =>
  `views:\n  - entity1: a\n${lines.map((line) => `    ${line}\n`).join('')}`;

describe('config/views.yml', () => {
  it('becomes the object that the job reads, with the line of each part', async () => {
    const text = await readFile(new URL('views.yml', VECTORS), 'utf8');
    const object = customViewsObject(text, 'config/views.yml');
    await expect(object).toMatchFileSnapshot('../../vectors/custom-views/views.json');
  });

  it('has the JSON Schema beside it that its checks are made of', async () => {
    await expect(customViewsSchema()).toMatchFileSnapshot('../../../config/views.schema.json');
  });

  it.each([
    ['', ['1:1: the file: nothing is in it; where no rule is wanted, write views: []']],
    ['# later\n', ['1:1: the file: nothing is in it but comments; where no rule is wanted, write views: []']],
    ['---\n', ['1:4: the file: nothing is in it; where no rule is wanted, write views: []']],
    ['# later\nviews:\n  # - a\n', ['2:1: views: no rule is in it; where none is wanted, write views: []']],
    ['views: none\n', ['1:1: views: a list is expected, not a text']],
    ['- entity1: a\n', ['1:1: the file: a map is expected, not a list']],
    ['view: []\n', ['1:1: views: a list is missing', '1:1: the file: view is not known here']],
    ['views: [', ['1:9: Flow sequence in block collection must be sufficiently indented and end with a ]']],
    ['views:\n  - pattern: *all\n', ['2:14: a text that begins with * stands in quotes']],
    ['views:\n  - &all a\n', ['2:10: a text that begins with & stands in quotes']],
    ['views:\n  - entity1: &all a\n', ['2:19: a text that begins with & stands in quotes']],
    ['views:\n  - entity1: {a: b}\n', ['2:5: entity1: a text is expected, not a map; put it in quotes']],
    ['views:\n  - entity1:\n', ['2:5: entity1: an entity1 is not empty']],
    ['views:\n  - leave_out: [k]\n', ['2:5: the rule: a rule has either entity1 or pattern']],
    [rule('pattern: b'), ['2:5: the rule: a rule has either entity1 or pattern']],
    [rule('entity1: b'), ['3:5: Map keys must be unique']],
    [rule('renames: {}'), ['3:5: the rule: renames is not known here']],
    [rule('leave_out:'), ['3:5: leave_out: a list is missing']],
    [rule('leave_out: year'), ['3:5: leave_out: a list is expected, not a text']],
    [rule('leave_out:', '  -'), ['4:8: leave_out.0: a key is not empty']],
    [rule('rename: {a}'), ['3:14: rename.a: a text is missing']],
    [
      rule('rename: {[mm]: a, "": b}', 'cast:', '  [a, b]: date'),
      [
        '3:14: a key that begins with [ or { stands in quotes',
        '5:7: a key that begins with [ or { stands in quotes',
      ],
    ],
    [rule('cast:', '  __proto__: date'), ['4:7: no rule can be about the key __proto__']],
    [rule('rename: {1: a, "1": b}'), ['3:20: Map keys must be unique']],
    [rule('filter:'), ['3:5: filter: write an expression in the SQL of Athena']],
    [rule('filter: null'), ['3:5: filter: NULL lets no row through; leave the filter out']],
    [rule('extra_columns:', '  e: {}'), ['4:7: extra_columns.e.expression: a text is missing']],
    [rule('repeated_values: newest'), ['3:5: repeated_values: repeated_values is greatest or latest']],
    [
      rule('rename:', '  x: Bad', '  y: entity1'),
      [
        '4:7: rename.x: a column is named by a-z, 0-9 and _, at most 255, and not by a digit first',
        '5:7: rename.y: entity1 to entity4 are columns of every view; give another name',
      ],
    ],
    [
      rule('cast:', '  k: float', '  l: decimal(3,3)', '  m: decimal(39,1)', '  n: decimal(38,0)'),
      [
        '4:7: cast.k: the types are text, integer, decimal(P,S), boolean and date',
        '5:7: cast.l: decimal(P,S) has 0 <= S < P <= 38',
        '6:7: cast.m: decimal(P,S) has 0 <= S < P <= 38',
      ],
    ],
    [
      rule('rename: {a: c, b: c}', 'extra_columns:', '  c: {expression: x}', 'order: [a, b, a]'),
      [
        '3:20: rename.b: the column c is given to the key a as well',
        '5:7: extra_columns.c: the column c is given to the key b as well',
        '6:19: order.2: the column a is there twice',
      ],
    ],
    [
      rule('comments: {a: "x\\ny"}', `comment: '${'x'.repeat(2049)}'`),
      [
        '3:16: comments.a: a comment is one line of text',
        '4:5: comment: a comment has at most 2048 characters here',
      ],
    ],
    [
      rule(
        'extra_columns:',
        '  plain:',
        '    expression: a +',
        '  quoted: {expression: "(a", type: integer}',
        '  block:',
        '    expression: |',
        '      a = b.c',
        '  folded:',
        '    expression: >-',
        "      coalesce(sex, '?') ||",
        '      upper(island',
        "  escaped: {expression: '''x'}",
        "filter: d < DATE '2024-02-30'",
        'order: [a, a]',
      ),
      [
        '5:24: extra_columns.plain.expression: it cannot be read as an SQL expression: a value is missing at its end',
        '6:31: extra_columns.quoted.expression: it cannot be read as an SQL expression: ) is missing at its end',
        '9:16: extra_columns.block.expression: a value has a point; columns are named without view or table',
        '11:9: extra_columns.folded.expression: it cannot be read as an SQL expression: ) is missing at its end',
        "14:31: extra_columns.escaped.expression: it cannot be read as an SQL expression: what begins with 'x has no closing '",
        "15:17: filter: DATE '2024-02-30' is no date YYYY-MM-DD",
        '16:16: order.1: the column a is there twice',
      ],
    ],
  ])('is refused with the place of what is wrong (%#)', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('takes every text as it is written, also one that YAML reads as something else', () => {
    const written = ['2020', '01', '1.0', '1e3', '0x1F', 'true', 'No', 'null', '~', '2024-02-29', '1_000'];
    const columns = written.map((_, at) => `c${at}`);
    const text = rule(
      `leave_out: [${written.join(', ')}]`,
      `rename: {${written.map((key, at) => `${key}: ${columns[at]}`).join(', ')}}`,
      'filter: TRUE',
      'comment: 2020',
    ).replace('entity1: a', 'entity1: 007');
    const [only] = JSON.parse(customViewsObject(text, 'config/views.yml')).views;
    expect(only.leave_out.map(({ key }: { key: string }) => key)).toEqual(written);
    expect(new Map(only.rename.map(({ key, column }: Record<string, string>) => [key, column]))).toEqual(
      new Map(written.map((key, at) => [key, columns[at]])),
    );
    expect([only.entity1, only.filter.expression, only.comment.text]).toEqual(['007', 'TRUE', '2020']);
  });

  it('is refused as one error that names every place as file:line:column', () => {
    expect(() => customViewsObject(rule('cast: {k: float}', 'filter: ""'), 'config/views.yml')).toThrow(
      expect.objectContaining({
        where:
          'config/views.yml:3:12: cast.k: the types are text, integer, decimal(P,S), boolean and date\n' +
          'config/views.yml:4:5: filter: write an expression in the SQL of Athena',
      }),
    );
  });
});
