const KNOWN = 'docs/custom-views.md lists what is known';

/** What the job says of an expression that it refuses, and the place in the expression, from 0. */
export class Refusal extends Error {
  readonly at: number;

  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

/** An expression that is no SQL; `why` ends the sentence of the job. */
export function unreadable(why: string, at: number): Refusal {
  return new Refusal(`it cannot be read as an SQL expression: ${why}`, at);
}

/** Something that the job does not let through; `meant` is what was meant most likely, where that can be told. */
export function unknown(written: string, at: number, meant = ''): Refusal {
  const hint = meant === '' ? KNOWN : `${KNOWN}; ${meant}`;
  return new Refusal(`${written.slice(0, 100)} is not known to mean the same in both engines; ${hint}`, at);
}

/** Throws Refusal for what is no day that there is. */
export function refuseDate(text: string, at: number): void {
  const time =
    /^\d{4}-\d\d-\d\d$/.test(text) && !text.startsWith('0000') ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new Refusal(`DATE '${text}' is no date YYYY-MM-DD`, at);
  }
}
