import type { Lake } from './lake.ts';
import { readIngested } from './lake-state.ts';
import { listed } from './words.ts';

/** Paths of source files whose content is not in the table, and is not to come there by itself. */
export type FilesOutside = {
  /** Undone by a rollback, and not released. */
  readonly held: readonly string[];
  /** They break the contract, and were put aside. */
  readonly quarantined: readonly string[];
};

export const NONE_OUTSIDE: FilesOutside = { held: [], quarantined: [] };

/** As the last ingestion has left them. Throws ExplainedError when its state cannot be read. */
export async function filesOutside(lake: Lake): Promise<FilesOutside> {
  const files = (await readIngested(lake))?.files ?? [];
  return {
    held: files.filter(({ held }) => held).map(({ path }) => path),
    quarantined: files.filter(({ quarantined }) => quarantined).map(({ path }) => path),
  };
}

/** Who is in the table, in a sentence that no file makes false: `every source file but 2 held is in the table`. */
export function whoIsInTheTable({ held, quarantined }: FilesOutside): string {
  const but = listed([
    ...(held.length > 0 ? [`${held.length} held`] : []),
    ...(quarantined.length > 0 ? [`${quarantined.length} quarantined`] : []),
  ]);
  return `every source file${but === '' ? '' : ` but ${but}`} is in the table`;
}

/** A line for each such file, with what lets it in. `prefix`: where the quarantine is, with its bucket. */
export function outsideLines({ held, quarantined }: FilesOutside, release: string, prefix: string): string[] {
  return [
    ...held.map(
      (path) => `held: ${path} was undone by a rollback; ${release} lets the next ingestion bring it back`,
    ),
    ...quarantined.map(
      (path) =>
        `WARNING ${path} breaks the contract, so nothing of it is in the table: ${prefix}${path}.report.json names each problem with its line`,
    ),
  ];
}
