import { isMaskedObject, type Masked, Sensitive, Unknown } from './masked.ts';

/** Names of attributes and positions in lists, from the resource down to a value. */
export type Path = readonly (string | number)[];

/** A place in a resource: its text as people write it, `environment.variables["A B"][0]`, and the steps to it. */
export type Place = {
  readonly text: string;
  readonly step: string | number;
  readonly above: Place | undefined;
};

/** The place of an attribute or an item. */
export function below(above: Place | undefined, step: string | number): Place {
  return { text: `${above?.text ?? ''}${stepText(step, above === undefined)}`, step, above };
}

/** The steps to a place, from the resource down. */
export function pathTo(place: Place): Path {
  return place.above === undefined ? [place.step] : [...pathTo(place.above), place.step];
}

function stepText(step: string | number, first: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${visible(JSON.stringify(step))}]`;
  return first ? step : `.${step}`;
}

/** A value without parts, on one line. */
export function leafText(value: Masked): string {
  if (value instanceof Unknown) return '(known after apply)';
  if (value instanceof Sensitive) return '(sensitive)';
  return visible(JSON.stringify(value));
}

/**
 * Text with every control and formatting character spelt out: a reviewer must see what is there, also what would turn the
 * direction of writing or hide letters (Unicode TR 36, "Bidirectional Text Spoofing").
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === '\t'
      ? character
      : [...character].map((one) => `\\u{${one.codePointAt(0)?.toString(16)}}`).join(''),
  );
}

/** Whether there is nothing inside to show: no value, or an empty text, list or object. */
export function isEmpty(value: Masked | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMaskedObject(value) && Object.keys(value).length === 0;
}

/** The object or list that a text holds as JSON, as policies do; `undefined` for any other text. */
export function jsonInside(value: Masked | undefined): Masked | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Masked;
  } catch {
    return undefined;
  }
}
