import type { Clock } from '../aws/poller.ts';
import { ExplainedError } from '../lake/explained-error.ts';

/** What a verb gets from its edge, whoever asks: a place for messages, time, and the wish to stop. */
export type Conversation = {
  /** One line for people; never part of the result. */
  say(line: string): void;
  readonly clock: Clock;
  /** Aborts when the person interrupts. */
  readonly signal: AbortSignal;
};

/** A verb that did not do its whole work but has a result to show: what it found, before what it refuses. */
export class VerbFailure extends ExplainedError {
  readonly result: object;

  constructor(result: object, parts: ConstructorParameters<typeof ExplainedError>[0]) {
    super(parts);
    this.name = 'VerbFailure';
    this.result = result;
  }
}
