import { systemClock } from '../aws/poller.ts';
import { explained } from '../verbs/failure.ts';
import { interrupts } from '../verbs/interrupts.ts';
import { type Conversation, inLines, VerbFailure } from '../verbs/verb.ts';

/** What every verb's command understands. */
export type EdgeOptions = { readonly lake?: string; readonly json?: boolean };

/**
 * Runs a verb for the command line: messages to standard error, and with `--json` its result as the one document on
 * standard output, also when it fails. `show` prints the result without `--json`.
 */
export async function atTheEdge<R extends object>(
  options: EdgeOptions,
  verb: (conversation: Conversation) => Promise<R>,
  show: (result: R) => void = () => {},
): Promise<void> {
  const conversation: Conversation = {
    ...inLines((line) => process.stderr.write(`${line}\n`)),
    clock: systemClock,
    signal: interrupts(),
  };
  try {
    const result = await verb(conversation);
    if (options.json === true) print(result);
    else show(result);
  } catch (error) {
    if (options.json === true) print(failureDocument(error));
    throw error;
  }
}

function print(document: object): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

function failureDocument(error: unknown): object {
  const { message, where = null, why = null, cure } = explained(error);
  const result = error instanceof VerbFailure ? error.result : {};
  return { error: { what: message, where, why, cure }, ...result };
}
