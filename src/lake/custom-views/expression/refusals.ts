const KNOWN =
  "columns, numbers, texts, DATE 'YYYY-MM-DD', TRUE, FALSE, NULL, AND OR NOT, = <> < <= > >= IS NULL IN BETWEEN LIKE, CASE, " +
  'if, coalesce, nullif, + - * / %, abs, round, floor, ceil, ||, concat, lower, upper, length, substr, replace, strpos, ' +
  "starts_with, regexp_like, year, month, day, date_diff and date_add by 'day'";

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

/** Something that the job does not let through. */
export function unknown(written: string, at: number): Refusal {
  return new Refusal(
    `${written.slice(0, 100)} is not known to mean the same in both engines; known: ${KNOWN}`,
    at,
  );
}

/** Throws Refusal for what is no day that there is. */
export function refuseDate(text: string, at: number): void {
  const time =
    /^\d{4}-\d\d-\d\d$/.test(text) && !text.startsWith('0000') ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new Refusal(`DATE '${text}' is no date YYYY-MM-DD`, at);
  }
}
