import { byBytes } from '../naming.ts';
import { mostShare, type ViewLengths } from '../view-size.ts';

/**
 * The keys of each view of one entity1, in order; one view as long as all fit. As place_keys of
 * glue-scripts/mydatahub_glue/view_limits.py: a key stays where it is, new ones go to the last view, in byte order, until it
 * is full, and then to further ones. A key that fits no view at all has one of its own.
 *
 * @param known key to number of its view, from 0
 * @param lengthsOf of a view with these keys
 */
export function placeKeys(
  keys: Iterable<string>,
  known: ReadonlyMap<string, number>,
  lengthsOf: (keys: readonly string[]) => ViewLengths,
): string[][] {
  const wanted = [...keys].sort(byBytes);
  const last = wanted.reduce((most, key) => Math.max(most, known.get(key) ?? 0), 0);
  const views: string[][] = Array.from({ length: last + 1 }, () => []);
  for (const key of wanted) {
    const at = known.get(key);
    if (at !== undefined) views[at]?.push(key);
  }
  const over: string[] = [];
  for (const there of views) over.push(...there.splice(mostThatFit([], there, lengthsOf)));
  const waiting = [...over, ...wanted.filter((key) => !known.has(key))].sort(byBytes);
  while (waiting.length > 0) {
    const into = views.at(-1) ?? [];
    const fit = mostThatFit(into, waiting, lengthsOf);
    into.push(...waiting.splice(0, fit === 0 && into.length === 0 ? 1 : fit));
    if (waiting.length > 0) views.push([]);
  }
  return views;
}

/** How many of `more`, from the first on, fit beside `there`. */
function mostThatFit(
  there: readonly string[],
  more: readonly string[],
  lengthsOf: (keys: readonly string[]) => ViewLengths,
): number {
  const fits = (count: number) => mostShare(lengthsOf([...there, ...more.slice(0, count)])) <= 1;
  if (fits(more.length)) return more.length;
  let [least, most] = [0, more.length];
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle;
  }
  return least;
}
