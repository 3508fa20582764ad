import type { ViewRules } from '../custom-views/rules.ts';
import type { Listed } from '../same-content.ts';
import type { LocalSourceFile } from '../source-folder.ts';

/** A source file of this machine that was checked; `sha256` is of its bytes. */
export type HeadFile = LocalSourceFile & { readonly sha256: string };

/** The state of a folder of source files that a change is compared with. */
export type BaseFolder = {
  /** As people call it: a commit, or a lake. */
  readonly name: string;
  readonly files: readonly Listed[];
  /** The ids of files of this machine, told as those of `files` are; in their order. */
  idsOf(files: readonly HeadFile[]): Promise<string[]>;
  /**
   * The rules of custom views there; `file` is where they are on this machine. None where they are broken or absent;
   * undefined when the base knows nothing of that file.
   */
  rules(file: string): Promise<ViewRules | undefined>;
  /** The bytes of one content. */
  open(content: Listed): AsyncIterable<Buffer>;
};
