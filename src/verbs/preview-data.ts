import { createReadStream } from 'node:fs';
import { readRecords } from '../lake/contract/records.ts';
import { idleRules } from '../lake/custom-views/rules.ts';
import type { BaseFolder, HeadFile } from '../lake/preview/base-folder.ts';
import { CellRows } from '../lake/preview/cells.ts';
import { changedViews, compareViews, refusedViews } from '../lake/preview/changed-views.ts';
import { compareFolders, type FileChange, type Policies, type Source } from '../lake/preview/file-changes.ts';
import { Inventory } from '../lake/preview/inventory.ts';
import { limitNotes } from '../lake/preview/limits.ts';
import type { DataPreview, PreviewFile } from '../lake/preview/preview.ts';
import { type Counts, RowChanges } from '../lake/preview/row-changes.ts';
import type { Listed } from '../lake/same-content.ts';
import { sourceFolder } from '../lake/source-folder.ts';
import type { Names } from '../lake/state.ts';
import type { Definition } from '../lake/wanted-views/wanted-views.ts';
import { shownCells } from './preview-places.ts';
import { compareRules } from './preview-rules.ts';
import { counted, progress } from './progress.ts';
import { brokenOnes, checkAll } from './validate.ts';
import { BrokenFiles, type Conversation, VerbFailure } from './verb.ts';

/** Examples of conflicts and of changed values. */
const EXAMPLES = 10;
const CHUNK = 1024 * 1024;
const NONE: Readonly<Counts> = { added: 0, changed: 0, removed: 0 };

export type PreviewOptions = {
  readonly policies: Policies;
  readonly additionalColumns: 'refuse' | 'merge';
  /** Names that the lake has given; undefined when it was not asked. */
  readonly names: Names | undefined;
  /** How its views are made, and of which table. */
  readonly views: Omit<Definition, 'rules'>;
  /**
   * The file with the rules of custom views, which need not exist; `name` is how people call it, `sent` whether what is merged
   * there is sent to the lake.
   */
  readonly rules: { readonly file: string; readonly name: string; readonly sent: boolean };
  readonly showValues: boolean;
};

/**
 * What a push of the folder, and of the rules of custom views, would do to the rows and views of a lake that holds `base`. Reads all files of the folder
 * and those of the base that changed, each once (and again where it shows an example), in a few megabytes and what the
 * distinct pairs of entity1 and key take. Throws VerbFailure (BrokenFiles) with the preview of all else when a file is broken.
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

  const rules = await compareRules(options.rules, base, conversation);
  const { views, collisions } = compareViews(inventory, options.views, rules, options.names);
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
    views: changedViews(views, changes.views),
    rules: {
      file: options.rules.name,
      changed: rules.changed,
      sent: options.rules.sent,
      problems: rules.problems,
      refused: refusedViews(views),
      idle:
        rules.changed && rules.problems.length === 0 ? idleRules(rules.after, inventory.keys('after')) : [],
    },
    collisions,
    conflicts: {
      after: changes.conflictsAfter,
      new: changes.conflictsNew,
      latest: views.some(({ wanted }) => wanted?.rules?.latest === true),
      examples: shown.conflicts,
    },
    value_changes: shown.valueChanges,
    limits: limitNotes(views, sizes(checked, files), totals),
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
  if (rules.problems.length > 0)
    throw new VerbFailure(preview, {
      what: `${options.rules.name} does not say in the right way what views are to be`,
      where: counted(rules.problems.length, 'place'),
      why: 'each is named above with its line and column, and with what is expected there',
      cure: `mend them, then npx mydatahub validate ${options.rules.name}; docs/custom-views.md has an example of each part`,
    });
  conversation.say(differing(files, head.length, base.name));
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

/** How many of the files that there are now differ, and how many are gone. */
function differing(files: readonly FileChange[], now: number, base: string): string {
  const gone = files.filter(({ change }) => change === 'removed').length;
  const told = `${files.length - gone} of ${counted(now, 'file')} differ${files.length - gone === 1 ? 's' : ''} from ${base}`;
  return gone === 0 ? told : `${told}, ${gone} ${gone === 1 ? 'is' : 'are'} gone`;
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
