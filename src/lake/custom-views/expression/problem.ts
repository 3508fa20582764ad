import { Grammar } from './grammar.ts';
import { Refusal } from './refusals.ts';
import { tokensOf } from './tokens.ts';

/** `at` counts characters of the expression, from 0; `problem` is in the words of the job. */
export type ExpressionProblem = { readonly at: number; readonly problem: string };

/**
 * The first thing for which an expression of config/views.yml is none of the language of docs/custom-views.md, whatever columns
 * there are; undefined when there is none. The job refuses the same in the same words (`carried` in
 * glue-scripts/mydatahub_glue/expressions.py, held to this by test/vectors/expression-texts.json), but by sqlglot, which reads
 * further ways of writing too.
 */
export function expressionProblem(text: string): ExpressionProblem | undefined {
  try {
    new Grammar(text, tokensOf(text)).all();
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { at: error.at, problem: error.message };
  }
}
