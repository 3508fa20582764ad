import { Grammar } from './grammar.ts';
import { Refusal } from './refusals.ts';
import { tokensOf } from './tokens.ts';

/** `at` counts characters of the expression, from 0; `problem` is in the words of the job. */
export type ExpressionProblem = { readonly at: number; readonly problem: string };

/**
 * What sqlglot reads although nobody who knows Athena's SQL would write it: an expression with such a thing is left to the
 * job, so that nothing is refused here that it takes. Texts are '' here, names in quotes "".
 */
const LEFT_TO_THE_JOB = new RegExp(
  [
    String.raw`\{ FN|\bIN \[|\[(?: [\])]|$)|\?\?|^[^\x60]*\x60[^\x60]*$|\bIF (?!\()|. AS(?: [),;]|$)`,
    String.raw`\bBETWEEN (?:A?SYMMETRIC\b|(?:NOT )?IN \()|\b(?:ARRAY|LIST|MAP|OBJECT|RANGE|ROW|STRUCT) <|\w ARRAY\b`,
    String.raw`CONVERT \( ''|\b(?:ALL|NULLABLE|VARYING)\b|DOUBLE PRECISION|FOREIGN KEY|USER - DEFINED`,
    String.raw`\b(?:DESCRIBE|RESET|DEALLOCATE) \w|\bCASE \+|[(,=<>*/%+-] \+(?: [),]|$)|; ELSE`,
    String.raw`\b(?:CEIL|FLOOR|SUBSTRING) .*, (?:AND|OR)\b|\bSUBSTRING .*[(,] (?:FROM|FOR)\b`,
  ].join('|'),
);

/**
 * The first thing in an expression of config/views.yml for which the job would refuse it whatever columns there are; undefined when
 * it is for the job and the engines to say. The language is that of `carried` (glue-scripts/mydatahub_glue/expressions.py):
 * what that takes is never refused here (test/vectors/expression-texts.json holds both to each other).
 */
export function expressionProblem(text: string): ExpressionProblem | undefined {
  let form = '';
  try {
    const tokens = tokensOf(text);
    form = tokens
      .map(({ kind, value, upper }) => ({ text: "''", name: '""' })[String(kind)] ?? (upper || value))
      .join(' ');
    new Grammar(text, tokens).all();
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return LEFT_TO_THE_JOB.test(form.trim()) ? undefined : { at: error.at, problem: error.message };
  }
}
