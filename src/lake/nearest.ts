/** At most so many names are offered. */
const OFFERED = 3;

/** The names that are most like a text that is none of them, best first; with at `most` so many slips. */
export function nearestNames(
  text: string,
  names: Iterable<string>,
  most = Math.max(3, Math.ceil(text.length / 3)),
): string[] {
  return [...names]
    .map((name) => ({ name, distance: editDistance(text, name) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, OFFERED)
    .map(({ name }) => name);
}

/** Characters to insert, remove or replace, and neighbours that change places (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const turned = i > 1 && j > 1 && swapped ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, turned, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
