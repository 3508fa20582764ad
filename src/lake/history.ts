import { z } from 'zod';
import { ExplainedError } from './explained-error.ts';

/** One change of the entity table. Ids are texts (64 bit), times ISO in UTC. */
export type Snapshot = {
  readonly snapshot_id: string;
  readonly parent_id: string | null;
  readonly time: string;
  /** What Iceberg calls the change: append, overwrite, delete, replace. */
  readonly operation: string;
  /** `current`; `past`: on the way to it; `undone`: a rollback has left it behind. */
  readonly state: 'current' | 'past' | 'undone';
  readonly rows_added: number;
  readonly rows_removed: number;
  readonly rows: number;
  /** What the ingestion did with which file: at most 20 of them. Empty when another tool made the snapshot. */
  readonly files: readonly SnapshotFile[];
  /** Files beyond those. */
  readonly files_more: number;
};
export type SnapshotFile = {
  readonly path: string;
  readonly rows: number;
  readonly change: 'added' | 'replaced' | 'removed';
};

const files = z.array(
  z.object({
    path: z.string(),
    rows: z.number().int(),
    change: z.enum(['added', 'replaced', 'removed']),
  }),
);
const id = z.string();
const metadata = z.object({
  'current-snapshot-id': id.nullish(),
  snapshots: z
    .array(
      z.object({
        'snapshot-id': id,
        'parent-snapshot-id': id.nullish(),
        'timestamp-ms': z.number(),
        summary: z.record(z.string(), z.string()).default({}),
      }),
    )
    .default([]),
});

const NO_SNAPSHOT = '-1';

/**
 * The changes of a table out of its Iceberg metadata file, newest first; `where` names it in the error. Throws ExplainedError.
 * Source: Iceberg table spec, Table Metadata and Snapshots.
 */
export function tableHistory(text: string, where: string): Snapshot[] {
  const parsed = metadata.safeParse(parseWithIds(text));
  if (!parsed.success) {
    throw new ExplainedError({
      what: "the table's metadata cannot be read",
      where,
      why: z.prettifyError(parsed.error),
      cure: 'look whether another tool has changed the table; the ingestion would name the same file',
    });
  }
  const { snapshots, 'current-snapshot-id': current } = parsed.data;
  const parents = new Map(snapshots.map((each) => [each['snapshot-id'], each['parent-snapshot-id'] ?? null]));
  const main = new Set<string>();
  for (let at = current === NO_SNAPSHOT ? null : current; at && !main.has(at); at = parents.get(at))
    main.add(at);
  const all = snapshots.map((each): Snapshot => {
    const { summary } = each;
    const number = (name: string, otherwise = 0) => Number(summary[name] ?? otherwise);
    const marked = number('added-position-deletes') - number('removed-position-deletes');
    const live = number('total-records') - number('total-position-deletes');
    return {
      snapshot_id: each['snapshot-id'],
      parent_id: each['parent-snapshot-id'] ?? null,
      time: new Date(each['timestamp-ms']).toISOString(),
      operation: summary.operation ?? 'unknown',
      state: each['snapshot-id'] === current ? 'current' : main.has(each['snapshot-id']) ? 'past' : 'undone',
      rows_added: number('added-records'),
      rows_removed: number('mydatahub.rows-replaced', number('deleted-records') + marked),
      rows: number('mydatahub.rows-total', live),
      files: filesOf(summary['mydatahub.files']),
      files_more: number('mydatahub.files-more'),
    };
  });
  return all.sort((a, b) => Date.parse(b.time) - Date.parse(a.time));
}

/**
 * The snapshot that `to` names: its id, or a time (ISO), which stands for the last one of the table's present line
 * before it. Throws ExplainedError, with exit status 2 when `to` is neither.
 */
export function snapshotToRollBackTo(snapshots: readonly Snapshot[], to: string): Snapshot {
  const line = snapshots.filter(({ state }) => state !== 'undone');
  const refuse = (what: string, why: string, exitStatus = 1) =>
    new ExplainedError({
      what,
      where: `--to ${to}`,
      why,
      cure: 'npx mydatahub history shows the snapshots with their times',
      exitStatus,
    });
  if (/^\d+$/.test(to)) {
    const found = snapshots.find(({ snapshot_id }) => snapshot_id === to);
    if (found === undefined)
      throw refuse('there is no such snapshot', 'it has expired, or the id is not whole');
    if (found.state === 'undone')
      throw refuse('that snapshot was undone itself', 'the table goes back only along the line it is on');
    return found;
  }
  const time = Date.parse(to);
  if (Number.isNaN(time))
    throw refuse('that is neither a snapshot nor a time', 'a time is written like 2026-01-31T18:00Z', 2);
  const before = line.find((each) => Date.parse(each.time) <= time);
  if (before !== undefined) return before;
  throw refuse(
    'the table has no snapshot of that time',
    `its oldest is of ${line.at(-1)?.time ?? 'no time'}`,
  );
}

/** A property that others wrote is no reason to show no history. */
function filesOf(text: string | undefined): readonly SnapshotFile[] {
  if (text === undefined) return [];
  try {
    return files.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}

type WithSource = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;

/** JSON with ids as texts: they have 64 bits, and a number of JavaScript keeps 53. */
function parseWithIds(text: string): unknown {
  const keepIds: WithSource = (key, value, { source }) =>
    typeof value === 'number' && key.endsWith('snapshot-id') ? source : value;
  try {
    // The third parameter is ECMAScript 2026's (JSON.parse source text access); Node has it since 21.
    return (JSON.parse as (text: string, reviver: WithSource) => unknown)(text, keepIds);
  } catch {
    return undefined;
  }
}
