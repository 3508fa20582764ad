import { isDeepStrictEqual } from 'node:util';
import type { EntityRules } from '../custom-views/rules.ts';

/**
 * What rules change about a view beside the names of its columns, in words for people.
 *
 * @param columns key to column afterwards
 */
export function ruleChanges(
  was: EntityRules | undefined,
  now: EntityRules | undefined,
  columns: ReadonlyMap<string, string>,
): string[] {
  const types = [...columns].flatMap(([key, column]) => {
    const [before, after] = [was, now].map((rules) => rules?.cast.get(key) ?? 'text');
    return before === after ? [] : [`${column} becomes ${after}`];
  });
  return [...types, ...extraColumns(was, now), ...others(was, now)];
}

function extraColumns(was: EntityRules | undefined, now: EntityRules | undefined): string[] {
  const names = [...new Set([...(was?.columns.keys() ?? []), ...(now?.columns.keys() ?? [])])];
  return names.flatMap((name) => {
    const [before, after] = [was, now].map((rules) => rules?.columns.get(name));
    if (after === undefined) return [`the extra column ${name} goes`];
    if (before === undefined) return [`the extra column ${name} appears (${after.type})`];
    const { line: _, ...same } = before;
    const { line: __, ...rest } = after;
    return isDeepStrictEqual(same, rest) ? [] : [`the extra column ${name} changes`];
  });
}

function others(was: EntityRules | undefined, now: EntityRules | undefined): string[] {
  const parts = [
    ['the filter', 'filter', undefined],
    ['the order of the columns', 'order', []],
    ['the comments', 'comments', new Map()],
    ['the comment of the view', 'comment', ''],
    ['which of repeated values is shown', 'latest', false],
  ] as const;
  return parts
    .filter(([, part, nothing]) => !isDeepStrictEqual(was?.[part] ?? nothing, now?.[part] ?? nothing))
    .map(([what]) => `${what} ${what === 'the comments' ? 'change' : 'changes'}`);
}
