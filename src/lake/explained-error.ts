/** A failure that a person can act on: what happened, where, why most likely, and what to do. */
export class ExplainedError extends Error {
  readonly where: string | undefined;
  readonly why: string | undefined;
  readonly cure: string;
  /** 2 for a wrong call of the command, 130 after an interrupt, else 1. */
  readonly exitStatus: number;

  constructor(parts: {
    what: string;
    where?: string | undefined;
    why?: string | undefined;
    cure: string;
    exitStatus?: number;
    cause?: unknown;
  }) {
    super(parts.what, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'ExplainedError';
    this.where = parts.where;
    this.why = parts.why;
    this.cure = parts.cure;
    this.exitStatus = parts.exitStatus ?? 1;
  }
}

/** The failure as lines of text, without a stack trace; further lines of a part stand below its first. */
export function explanation(error: ExplainedError): string {
  const parts = [
    ['error: ', error.message],
    ['  where: ', error.where],
    ['  why:   ', error.why],
    ['  cure:  ', error.cure],
  ] as const;
  return parts
    .filter(([, text]) => text !== undefined && text !== '')
    .map(([label, text]) => `${label}${text?.trimEnd().replaceAll('\n', '\n         ')}`)
    .join('\n');
}
