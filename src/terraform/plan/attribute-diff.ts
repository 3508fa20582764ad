import { canonicalValue } from './canonical.ts';
import { isMaskedObject, type Masked, type MaskedObject, Sensitive, same, Unknown } from './masked.ts';
import {
  below,
  isEmpty,
  jsonInside,
  leafText,
  type Path,
  type Place,
  pathTo,
  visible,
} from './value-text.ts';

/** Beyond this a change takes a line for before and one for after. */
const LINE_WIDTH = 100;

/** How a line of a diff begins, as GitHub colours it: added, removed, changed. */
type Sign = '+' | '-' | '!';

/**
 * The difference of two values as lines of a diff, one a changed attribute. Values that hold JSON are compared inside.
 *
 * @param forced paths that make Terraform replace the resource; their lines say so
 */
export function attributeDiff(
  before: Masked | undefined,
  after: Masked | undefined,
  forced: readonly Path[] = [],
): string[] {
  return changes(before, after, undefined).map(({ sign, text, place }) => {
    const path = place === undefined || forced.length === 0 ? [] : pathTo(place);
    const forces = path.length > 0 && forced.some((one) => one.every((step, index) => path[index] === step));
    return `${sign} ${text}${forces ? '  # forces replacement' : ''}`;
  });
}

/** All that a new resource is set to; what only the apply will tell is named on one line at the end. */
export function creationLines(after: Masked): string[] {
  const known: Record<string, Masked> = {};
  const later: string[] = [];
  for (const [name, value] of Object.entries(isMaskedObject(after) ? after : {})) {
    if (value instanceof Unknown) later.push(name);
    else known[name] = value;
  }
  const lines = attributeDiff(undefined, known);
  return later.length === 0 ? lines : [...lines, `# known after apply: ${later.sort().join(', ')}`];
}

/** Lines that go on with the one before have no place. */
type Line = { readonly sign: Sign; readonly text: string; readonly place?: Place | undefined };

function changes(before: Masked | undefined, after: Masked | undefined, place: Place | undefined): Line[] {
  if (same(before, after)) return [];
  if (isAbsent(before)) return whole('+', after, place);
  if (isAbsent(after)) return whole('-', before, place);
  const inside = { before: jsonInside(before), after: jsonInside(after) };
  if (inside.before !== undefined && inside.after !== undefined && !same(inside.before, inside.after))
    return changes(inside.before, inside.after, place);
  if (isMaskedObject(before) && isMaskedObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => changes(part(before, name), part(after, name), below(place, name)));
  }
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, place);
  if (isText(before) && isText(after) && `${before}${after}`.includes('\n'))
    return textChanges(before, after, place);
  if (isLeaf(before) && isLeaf(after)) return leafChange(before, after, place);
  return [...whole('-', before, place), ...whole('+', after, place)];
}

/** Items that are in both lists are left out, wherever they are; the others are compared in their order. */
function listChanges(before: readonly Masked[], after: readonly Masked[], place: Place | undefined): Line[] {
  const [gone, fresh] = unmatched(before, after);
  if (gone.length === 0 && fresh.length === 0) {
    const text = `${textOf(place)}: the same items in another order`;
    return [{ sign: '!', text, place }, ...whole('+', after, place)];
  }
  if (gone.length === fresh.length)
    return gone.flatMap((from, index) => {
      const to = fresh[index] ?? from;
      return changes(before[from], after[to], below(place, to));
    });
  return [
    ...gone.flatMap((index) => whole('-', before[index], below(place, index))),
    ...fresh.flatMap((index) => whole('+', after[index], below(place, index))),
  ];
}

/** Lines in the middle that differ; those before and after are the same. */
function textChanges(before: string, after: string, place: Place | undefined): Line[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let from = 0;
  while (from < a.length && from < b.length && a[from] === b[from]) from++;
  let until = 0;
  while (until < a.length - from && until < b.length - from && a.at(-1 - until) === b.at(-1 - until)) until++;
  return [
    { sign: '!', text: `${textOf(place)}: from line ${from + 1}`, place },
    ...textLines('-', a.slice(from, a.length - until)),
    ...textLines('+', b.slice(from, b.length - until)),
  ];
}

function leafChange(before: Masked, after: Masked, place: Place | undefined): Line[] {
  const both = before instanceof Sensitive && after instanceof Sensitive;
  const value = both
    ? '(sensitive) → (sensitive, another value)'
    : `${leafText(before)} → ${leafText(after)}`;
  const text = `${textOf(place)}: ${value}`;
  if (text.length <= LINE_WIDTH) return [{ sign: '!', text, place }];
  // What it is now is no news, and what it will be is not known.
  if (after instanceof Unknown && isText(before))
    return [
      {
        sign: '!',
        text: `${textOf(place)}: (text of ${before.length} characters) → ${leafText(after)}`,
        place,
      },
    ];
  return [
    { sign: '-', text: `${textOf(place)}: ${leafText(before)}`, place },
    { sign: '+', text: `${textOf(place)}: ${leafText(after)}`, place },
  ];
}

/** A value that comes or goes as a whole, with each of its parts. Empty parts of a larger whole say nothing. */
function whole(sign: Sign, value: Masked | undefined, place: Place | undefined): Line[] {
  if (value === undefined || value === null) return [];
  if (isEmpty(value) && place === undefined) return [];
  if (isEmpty(value)) return [{ sign, text: `${textOf(place)}: ${leafText(value)}`, place }];
  const parts = jsonInside(value) ?? value;
  if (isMaskedObject(parts) || Array.isArray(parts)) return wholeParts(sign, parts, place);
  if (isText(value) && value.includes('\n'))
    return [{ sign, text: `${textOf(place)}:`, place }, ...textLines(sign, value.split('\n'))];
  return [{ sign, text: `${textOf(place)}: ${leafText(value)}`, place }];
}

/** A creation of a large plan spends most of its time here: no lists are made on the way that are not asked for. */
function wholeParts(sign: Sign, parts: MaskedObject | readonly Masked[], place: Place | undefined): Line[] {
  const lines: Line[] = [];
  const add = (value: Masked | undefined, step: string | number) => {
    if (!isEmpty(value)) for (const line of whole(sign, value, below(place, step))) lines.push(line);
  };
  if (isMaskedObject(parts)) for (const name of Object.keys(parts).sort()) add(parts[name], name);
  else for (const [index, item] of parts.entries()) add(item, index);
  return lines;
}

function textLines(sign: Sign, lines: readonly string[]): Line[] {
  return lines.map((line) => ({ sign, text: `  ${visible(line)}` }));
}

/** Positions in each list of the items that the other has not, as often as they are there. */
function unmatched(before: readonly Masked[], after: readonly Masked[]): [number[], number[]] {
  const left = new Map<string, number[]>();
  for (const [index, item] of before.entries()) {
    const key = keyOf(item);
    const positions = left.get(key);
    if (positions === undefined) left.set(key, [index]);
    else positions.push(index);
  }
  const fresh = after.flatMap((item, index) => (left.get(keyOf(item))?.shift() === undefined ? [index] : []));
  return [[...left.values()].flat().sort((a, b) => a - b), fresh];
}

/** A text that equal values share, and no others. */
function keyOf(value: Masked): string {
  return JSON.stringify(canonicalValue(value, true));
}

/** A part of an object; names such as `constructor`, which every object has, are parts only where they were given. */
function part(of: MaskedObject, name: string): Masked | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

function textOf(place: Place | undefined): string {
  return place?.text ?? '';
}

function isAbsent(value: Masked | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function isText(value: Masked | undefined): value is string {
  return typeof value === 'string';
}

function isLeaf(value: Masked): boolean {
  return !Array.isArray(value) && !isMaskedObject(value);
}
