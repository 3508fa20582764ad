import { readRecords } from '../lake/contract/records.ts';
import type { Source } from '../lake/preview/file-changes.ts';
import type { ShownCell, ShownPlace } from '../lake/preview/preview.ts';
import type { Place, RowChanges } from '../lake/preview/row-changes.ts';
import type { ViewChanges } from '../lake/preview/view-changes.ts';

/** Longest value that is shown, in characters. */
const VALUE_SHOWN = 60;

type Record = readonly string[];
type Open = (source: Source) => AsyncIterable<Buffer>;

/** Examples as people read them: the rows are looked up again, since only their places were kept. */
export async function shownCells(
  changes: RowChanges,
  views: readonly ViewChanges[],
  sources: readonly Source[],
  open: Open,
  showValues: boolean,
): Promise<{ conflicts: ShownCell[]; valueChanges: ShownCell[] }> {
  const conflicts = changes.conflicts.map(({ view, places }) => ({ view, places }));
  const valueChanges = changes.valueChanges.map(
    ({ view, before, after }) => ({ view, places: [before, after] }) as const,
  );
  const examples = showValues ? [...conflicts, ...valueChanges] : conflicts;
  const records = await recordsAt(
    examples.flatMap(({ places }) => places),
    sources,
    open,
  );
  const recordAt = ({ source, line }: Place): Record => records.get(source)?.get(line) ?? [];
  const shown = ({ view, places }: (typeof examples)[number]): ShownCell => {
    const key = recordAt(places[0])[4] ?? '';
    const of = views[view];
    const place = (of: Place): ShownPlace => ({
      path: sources[of.source]?.path ?? '',
      line: of.line,
      was: sources[of.source]?.side === 'base',
      value: showValues ? shortened(recordAt(of)[5] ?? '') : null,
    });
    return {
      view: viewOf(of, key),
      column: of?.columns.get(key) ?? key,
      places: [place(places[0]), place(places[1])],
    };
  };
  return { conflicts: conflicts.map(shown), valueChanges: showValues ? valueChanges.map(shown) : [] };
}

/** The view that has the column of a key: of several the one that holds it, where that is known. */
function viewOf(changes: ViewChanges | undefined, key: string): string {
  const holding = changes?.wanted?.views.find(({ columns }) => columns.has(key));
  return holding?.view ?? changes?.view ?? '';
}

/** By number of the source and by line; each source is read once, no further than its last place. */
async function recordsAt(
  places: readonly Place[],
  sources: readonly Source[],
  open: Open,
): Promise<Map<number, Map<number, Record>>> {
  const found = new Map<number, Map<number, Record>>();
  for (const { source } of places) found.set(source, new Map());
  for (const [number, records] of found) {
    const wanted = new Set(places.filter(({ source }) => source === number).map(({ line }) => line));
    const source = sources[number];
    if (source === undefined) continue;
    const bytes = until(open(source), () => records.size === wanted.size);
    await readRecords(bytes, (fields, line) => {
      if (wanted.has(line)) records.set(line, fields);
    });
  }
  return found;
}

async function* until(chunks: AsyncIterable<Buffer>, enough: () => boolean): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (enough()) return;
    yield chunk;
  }
}

function shortened(value: string): string {
  const characters = [...value];
  return characters.length <= VALUE_SHOWN ? value : `${characters.slice(0, VALUE_SHOWN).join('')}…`;
}
