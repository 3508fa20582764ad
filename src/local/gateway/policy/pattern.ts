import type { RequestContext } from './context.ts';

const expressions = new Map<string, RegExp>();
const MOST_KEPT = 10_000;

/** Matches `*` (any text) and `?` (one character), as policies write them. */
export function matches(pattern: string, text: string): boolean {
  if (pattern === '*') return true;
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replace(/[.+^$()|[\]{}\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, 's');
    if (expressions.size >= MOST_KEPT) expressions.clear();
    expressions.set(pattern, expression);
  }
  return expression.test(text);
}

const VARIABLE = /\$\{([^}]*)\}/g;

/**
 * A pattern with its policy variables (`${aws:username}`, `${aws:PrincipalTag/team, 'none'}`) put in; `undefined` when
 * one has no value here, so that nothing matches. A value's own `*` and `?` stay what they are, as wildcards would:
 * no name in AWS that a variable gives can have them.
 */
export function withVariables(pattern: string, context: RequestContext): string | undefined {
  if (!pattern.includes('${')) return pattern;
  let complete = true;
  const text = pattern.replace(VARIABLE, (_all, variable: string) => {
    if (variable === '*' || variable === '?' || variable === '$') return variable;
    const [name = '', fallback] = variable.split(',').map((part) => part.trim());
    const value = context.get(name)?.[0] ?? fallback?.replace(/^'(.*)'$/, '$1');
    if (value === undefined) complete = false;
    return value ?? '';
  });
  return complete ? text : undefined;
}
