import type { JobRun } from '../aws/glue.ts';

export const TRACEBACK = 'Traceback (most recent call last):';
/** Between the tracebacks of an exception and of what it led to (Python, "traceback"). */
const CHAIN = /^(The above exception was the direct cause|During handling of the above exception)/;
/** glue-scripts/mydatahub_glue/failure.py; Glue may write words of its own before it. */
const IN_LOG = /^(?:\w+\.)*JobFailure: /;
const IN_RUN = /(?:^|[\s;])(?:\w+\.)*JobFailure: /;
/** The cure that a job ends its message with. */
const WITH_CURE = /^([\s\S]*)To cure it: ([^\n]+)$/;

/** What a job has said at its end, for people: no bug of its own, so its traceback tells nothing more. */
export type ToldFailure = { readonly why: string; readonly cure: string | undefined };

/** `undefined` when the run has failed for another reason, such as an exception that nobody expected. */
export function toldFailure({ error }: JobRun): ToldFailure | undefined {
  const found = IN_RUN.exec(error ?? '');
  if (error === null || found === null) return undefined;
  const message = error.slice(found.index + found[0].length).trim();
  const parts = WITH_CURE.exec(message);
  if (parts === null) return { why: message, cure: undefined };
  const [, why = '', cure = ''] = parts;
  return { why: why.trim(), cure: cure.replace(/\.$/, '') };
}

/** The log of a run that has ended, without the traceback of such a failure and the lines that the run's error has too. */
export function withoutToldFailure(lines: readonly string[], run: JobRun): string[] {
  const thrown = toldFailure(run) === undefined ? -1 : lines.findLastIndex((line) => IN_LOG.test(line));
  if (thrown < 0) return [...lines];
  const told = new Set(run.error?.split('\n').map((line) => line.replace(IN_RUN, '').trim()));
  const message = lines.slice(thrown).map((line) => line.replace(IN_LOG, ''));
  const rest = message.filter((line) => line.trim() !== '' && !told.has(line.trim()));
  return [...lines.slice(0, firstFrame(lines, thrown)), ...rest];
}

/** Where the traceback of the exception at `thrown` begins, with those of what led to it. */
function firstFrame(lines: readonly string[], thrown: number): number {
  let at = thrown;
  for (;;) {
    const traceback = lines.lastIndexOf(TRACEBACK, at - 1);
    if (at === 0 || traceback < 0) return at;
    at = traceback;
    if (!lines.slice(Math.max(0, at - 2), at).some((line) => CHAIN.test(line))) return at;
  }
}
