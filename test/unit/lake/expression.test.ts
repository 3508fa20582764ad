import { describe, expect, it } from 'vitest';
import { expressionProblem } from '../../../src/lake/custom-views/expression/problem.ts';
import texts from '../../vectors/expression-texts.json' with { type: 'json' };
import values from '../../vectors/expressions.json' with { type: 'json' };

describe('an expression of config/views.yml', () => {
  it.each(values.map(({ expression }) => expression))(
    'that both engines compute is not refused: %s',
    (text) => {
      expect(expressionProblem(text)).toBeUndefined();
    },
  );

  it.each(texts.accepted)('that the job takes is not refused: %s', (text) => {
    expect(expressionProblem(text)).toBeUndefined();
  });

  it.each(texts['read by the job, but none of the language'])(
    'that sqlglot reads in a way of its own is refused: %s',
    (text) => {
      expect(expressionProblem(text)).toBeDefined();
    },
  );

  it.each(texts['refused by the job alone'])('that only sqlglot can judge is left to the job: %s', (text) => {
    expect(expressionProblem(text)).toBeUndefined();
  });

  it.each(texts.refused)(
    'that the job refuses is refused in its words: $expression',
    ({ expression, problem }) => {
      expect(expressionProblem(expression)?.problem).toContain(problem);
    },
  );

  it.each([
    ['a + foo(b)', 4],
    ['a IN (1, 2', 10],
    ["a = 'b", 4],
    ["d > DATE '2024-02-30'", 4],
    ['round(a, 1, 2, 3, 4) + 1', 0],
    ['a +\n  sum(b)', 6],
  ])('is refused with the place of what is wrong: %s', (text, at) => {
    expect(expressionProblem(text)?.at).toBe(at);
  });

  it.each([
    ['substrng(a, 1)', 'substrng: substring'],
    ['COALESE(a, b)', 'COALESE: coalesce'],
    ['1 + lenght(a)', 'lenght: length'],
    ['yaer(a)', 'yaer: year'],
    ['len(a)', 'len: length'],
    ['datediff(day, a, b)', 'datediff: date_diff'],
  ])('names the function that is most like one that is not known: %s', (text, near) => {
    expect(expressionProblem(text)?.problem).toMatch(
      new RegExp(`docs/custom-views.md lists what is known; most like ${near}$`),
    );
  });

  it.each(['sum(a)', 'count(*)', 'now()', 'max(a)', 'random()', 'nvl(a, b)', 'trim(a)', 'a b'])(
    'names none that is like nothing known: %s',
    (text) => {
      expect(expressionProblem(text)?.problem).toMatch(/lists what is known$/);
    },
  );

  it('is told by the most and the fewest arguments of a function', () => {
    const problems = ['abs()', 'round(a, 1, 2, 3, 4)', 'nullif(a)', 'concat(a)'].map((text) =>
      expressionProblem(text)?.problem.replace(/^.*: /, ''),
    );
    expect(problems).toEqual([
      'abs takes 1 argument, not 0',
      'round takes 1 to 2 arguments, not 5',
      'nullif takes 2 arguments, not 1',
      'concat takes at least 2 arguments, not 1',
    ]);
  });
});
