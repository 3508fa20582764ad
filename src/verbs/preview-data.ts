import { createReadStream } from 'node:fs';
import { readRecords } from '../lake/contract/records.ts';
import type { BaseFolder, HeadFile } from '../lake/preview/base-folder.ts';
import { CellRows } from '../lake/preview/cells.ts';
import { compareFolders, type Listed, type Policies, type Source } from '../lake/preview/file-changes.ts';
import { Inventory, type ViewColumns } from '../lake/preview/inventory.ts';
import { limitNotes } from '../lake/preview/limits.ts';
import type { DataPreview, PreviewFile, PreviewView } from '../lake/preview/preview.ts';
import { type Counts, RowChanges } from '../lake/preview/row-changes.ts';
import { sourceFolder } from '../lake/source-folder.ts';
import type { Names } from '../lake/state.ts';
import { shownCells } from './preview-places.ts';
import { counted, progress } from './progress.ts';
import { brokenOnes, checkAll } from './validate.ts';
import { BrokenFiles, type Conversation } from './verb.ts';

/** Examples of conflicts and of changed values. */
const EXAMPLES = 10;
/** Columns of every view beside those of its keys. */
const ENTITY_COLUMNS = 4;
const CHUNK = 1024 * 1024;
const NONE: Readonly<Counts> = { added: 0, changed: 0, removed: 0 };

export type PreviewOptions = {
  readonly policies: Policies;
  readonly additionalColumns: 'refuse' | 'merge';
  /** Names that the lake has given; undefined when it was not asked. */
  readonly names: Names | undefined;
  readonly showValues: boolean;
};

/**
 * What a push of the folder would do to the rows and views of a lake that holds `base`. Reads all files of the folder
 * and those of the base that changed, each once (and again where it shows an example), in a few megabytes and what the
 * distinct pairs of entity1 and key take. Throws BrokenFiles, with the preview of the other files, when one is broken.
 */
export async function previewData(
  folder: string,
  base: BaseFolder,
  options: PreviewOptions,
  conversation: Conversation,
): Promise<DataPreview> {
  const { policies } = options;
  const checked = await checkAll(await sourceFolder(folder), options, conversation);
  const broken = brokenOnes(checked);
  const ids = await base.idsOf(checked);
  const head = listed(checked, ids, base, new Set(broken.map(({ path }) => path)));
  const { files, sources } = compareFolders(base.files, head, policies);
  const fileOf = new Map(checked.map((file, index) => [`${file.path}\0${ids[index]}`, file]));
  const open = (content: Listed) => bytesOf(content, fileOf, base);

  using cells = new CellRows();
  const inventory = new Inventory();
  const rows = await readAll(sources, open, cells, inventory, conversation);
  const changes = new RowChanges(sources, EXAMPLES);
  for (const cell of cells.cells()) changes.take(cell);

  const { views, collisions } = inventory.named(options.names);
  const total = (pick: (source: Source) => boolean) =>
    sources.reduce((sum, source, index) => sum + (pick(source) ? (rows[index] ?? 0) : 0), 0);
  const totals = { before: total(({ before }) => before), after: total(({ after }) => after) };
  const shown = await shownCells(changes, views, sources, open, options.showValues);
  const rowsById = new Map(sources.map(({ id }, index) => [id, rows[index] ?? 0]));
  const rowsIn = (contents: readonly Listed[]) =>
    new Map(contents.map(({ path, id }) => [path, rowsById.get(id) ?? null]));
  const [rowsBefore, rowsAfter] = [rowsIn(base.files), rowsIn(head)];
  const staying = new Set(
    sources.filter(({ side, after }) => side === 'base' && after).map(({ file }) => file),
  );
  const preview: DataPreview = {
    base: base.name,
    rows: { ...totals, ...sum([...changes.files.values()]) },
    files: files.map(
      (file, index): PreviewFile => ({
        ...file,
        ...(changes.files.get(index) ?? NONE),
        rows_before: rowsBefore.get((file.change === 'moved' ? file.as : null) ?? file.path) ?? null,
        rows_after: rowsAfter.get(file.path) ?? null,
        rows_stay: staying.has(index),
      }),
    ),
    unchanged: head.length - files.filter(({ change }) => change !== 'removed').length,
    views: changedViews(views, changes),
    collisions,
    conflicts: { after: changes.conflictsAfter, new: changes.conflictsNew, examples: shown.conflicts },
    value_changes: shown.valueChanges,
    limits: limitNotes(
      views.filter(({ added }) => added.length > 0),
      sizes(checked, files),
      totals,
    ),
    broken,
    mode: policies.mode,
    names_of_lake: options.names !== undefined,
  };
  if (broken.length > 0)
    throw new BrokenFiles(
      broken,
      preview,
      'a push of this folder would be refused: files break the contract',
    );
  conversation.say(`${counted(files.length, 'file')} of ${head.length} differ from ${base.name}`);
  return preview;
}

/** The files as they would be in the lake: of a broken one, what is there now. */
function listed(
  files: readonly HeadFile[],
  ids: readonly string[],
  base: BaseFolder,
  broken: ReadonlySet<string>,
): Listed[] {
  return files.flatMap(({ path }, index) => {
    if (!broken.has(path)) return [{ path, id: ids[index] ?? '' }];
    return base.files.filter((file) => file.path === path);
  });
}

function bytesOf(
  content: Listed,
  here: ReadonlyMap<string, HeadFile>,
  base: BaseFolder,
): AsyncIterable<Buffer> {
  const file = here.get(`${content.path}\0${content.id}`);
  return file === undefined ? base.open(content) : createReadStream(file.file, { highWaterMark: CHUNK });
}

/** Rows of each source. */
async function readAll(
  sources: readonly Source[],
  open: (content: Listed) => AsyncIterable<Buffer>,
  cells: CellRows,
  inventory: Inventory,
  conversation: Conversation,
): Promise<number[]> {
  const counts: number[] = [];
  let read = 0;
  const tell = progress(conversation, () => `compared ${read.toLocaleString('en')} rows`);
  for (const [number, source] of sources.entries()) {
    conversation.signal.throwIfAborted();
    let rows = 0;
    await readRecords(open(source), (fields, line) => {
      const view = inventory.note(fields[0] ?? '', fields[4] ?? '', source.before, source.after);
      cells.add(fields, view, number, line);
      rows++;
      read++;
      if (read % 100_000 === 0) tell();
    });
    counts.push(rows);
  }
  return counts;
}

/** Views that appear, lose all rows, or change; by name. */
function changedViews(views: readonly ViewColumns[], changes: RowChanges): PreviewView[] {
  return views
    .flatMap((view, number): PreviewView[] => {
      const counts = changes.views.get(number) ?? NONE;
      const { before, after, added, gone, columns, entity1 } = view;
      const same =
        before === after && added.length + gone.length + counts.added + counts.changed + counts.removed === 0;
      if (same) return [];
      return [
        {
          view: view.view,
          entity1,
          change: !before ? 'appears' : after ? 'changes' : 'empty',
          ...counts,
          columns: ENTITY_COLUMNS + columns.length,
          new_columns: added,
          gone_columns: gone,
        },
      ];
    })
    .sort((a, b) => (a.view < b.view ? -1 : 1));
}

function sum(counts: readonly Counts[]): Counts {
  const total = { ...NONE };
  for (const { added, changed, removed } of counts) {
    total.added += added;
    total.changed += changed;
    total.removed += removed;
  }
  return total;
}

/** Sizes of the changed files. */
function sizes(files: readonly HeadFile[], changed: readonly { readonly path: string }[]) {
  const paths = new Set(changed.map(({ path }) => path));
  return files.filter(({ path }) => paths.has(path)).map(({ path, size }) => ({ path, size }));
}
