import type { Clock } from '../aws/poller.ts';
import type { Breach } from '../lake/contract/breach.ts';
import { ExplainedError } from '../lake/explained-error.ts';

/** Work that goes on in AWS even when the process that started it is gone. `name` is the workflow's or the job's. */
export type StartedWork =
  | { readonly kind: 'workflow-run' | 'job-run'; readonly name: string; readonly id: string }
  | { readonly kind: 'query'; readonly id: string };

/** What a verb gets from its edge, whoever asks: a place for messages, time, and the wish to stop. */
export type Conversation = {
  /** One line for people; never part of the result. */
  say(line: string): void;
  /** One line that a job printed. */
  log(job: string, line: string): void;
  /** A job that the verb follows has come to another state. */
  stage(job: string, state: string, runId: string): void;
  /** The verb has started this, and stops it itself when the signal aborts. */
  started(work: StartedWork): void;
  readonly clock: Clock;
  /** Aborts when the person interrupts. */
  readonly signal: AbortSignal;
};

/** A conversation's messages for an edge that has nothing but lines. */
export function inLines(
  say: (line: string) => void,
): Pick<Conversation, 'say' | 'log' | 'stage' | 'started'> {
  return {
    say,
    log: (job, line) => say(`  ${job} | ${line}`),
    stage: (job, state, runId) => say(`${job}: ${state} (job run ${runId})`),
    started() {},
  };
}

/** A verb that did not do its whole work but has a result to show: what it found, before what it refuses. */
export class VerbFailure extends ExplainedError {
  readonly result: object;

  constructor(result: object, parts: ConstructorParameters<typeof ExplainedError>[0]) {
    super(parts);
    this.name = 'VerbFailure';
    this.result = result;
  }
}

/** A source file, as it is named in the result, and where it breaks the contract; `more` breaches were only counted. */
export type BrokenFile = {
  readonly path: string;
  readonly breaches: readonly Breach[];
  readonly more: number;
};

/** Source files that break the contract. */
export class BrokenFiles extends VerbFailure {
  readonly files: readonly BrokenFile[];

  constructor(files: readonly BrokenFile[], result: object, what: string) {
    super(result, {
      what,
      where: `${files.length} file${files.length === 1 ? '' : 's'}`,
      why: 'each breach is named above with its line and column',
      cure: 'mend the files as said there; docs/source-files.md tells the whole contract',
    });
    this.name = 'BrokenFiles';
    this.files = files;
  }
}
