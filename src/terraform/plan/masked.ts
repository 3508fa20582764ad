import { createHmac } from 'node:crypto';

/** A value that is known only after the apply. */
export class Unknown {
  readonly #brand = 'unknown';
  /** There is one such value. */
  static readonly value = new Unknown();
  toString(): string {
    return `(${this.#brand})`;
  }
}

/** A value that nobody may see. Equal values at the same place of the same resource have equal hashes, under one key. */
export class Sensitive {
  readonly hash: string;
  constructor(hash: string) {
    this.hash = hash;
  }
}

/** A value of a plan after everything sensitive and unknown in it has been taken out. */
export type Masked =
  | null
  | boolean
  | number
  | string
  | Unknown
  | Sensitive
  | readonly Masked[]
  | { readonly [name: string]: Masked };
export type MaskedObject = { readonly [name: string]: Masked };

/** How secrets are taken out of values. */
export type Veil = {
  readonly hash: Hash;
  /** Whether a text is a secret although nothing marks it. */
  readonly betrays: (text: string) => boolean;
};

/** Hashes one sensitive value, given as JSON, at a place such as `aws_x.y.password`. */
export type Hash = (place: string, json: string) => string;

/** Keyed: without the key nobody can try values until a hash fits, and two equal secrets at different places look different. */
export function keyedHash(key: string | Buffer): Hash {
  return (place, json) => createHmac('sha256', key).update(`${place}\0${json}`).digest('hex').slice(0, 32);
}

/**
 * A value without its sensitive and unknown parts. The two masks have the form that Terraform gives them: `true` for the
 * whole value, or objects and lists with masks of what is inside. Where both hold, the value is sensitive.
 */
export function masked(
  value: unknown,
  sensitive: unknown,
  unknown: unknown,
  place: string,
  veil: Veil,
): Masked {
  // That there is no value is no secret.
  if (sensitive === true && (value === null || value === undefined) && !holdsTrue(unknown)) return null;
  if (sensitive === true) return new Sensitive(veil.hash(place, stable([value, unknown])));
  if (unknown === true) return Unknown.value;
  if (Array.isArray(value) || (value === undefined && Array.isArray(unknown)))
    return maskedList(value ?? [], sensitive, unknown, place, veil);
  if (isObject(value) || (value === undefined && isObject(unknown)))
    return maskedObject(value ?? {}, sensitive, unknown, place, veil);
  if (typeof value === 'string' && veil.betrays(value)) return new Sensitive(veil.hash(place, stable(value)));
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  return null;
}

function maskedList(
  value: readonly unknown[],
  sensitive: unknown,
  unknown: unknown,
  place: string,
  veil: Veil,
): Masked[] {
  const length = Math.max(value.length, Array.isArray(unknown) ? unknown.length : 0);
  return Array.from({ length }, (_, index) =>
    masked(value[index], at(sensitive, index), at(unknown, index), `${place}[${index}]`, veil),
  );
}

function maskedObject(
  value: Readonly<Record<string, unknown>>,
  sensitive: unknown,
  unknown: unknown,
  place: string,
  veil: Veil,
): MaskedObject {
  const result: Record<string, Masked> = {};
  const add = (name: string) => {
    const part = masked(value[name], at(sensitive, name), at(unknown, name), `${place}.${name}`, veil);
    if (name === '__proto__') Object.defineProperty(result, name, { value: part, enumerable: true });
    else result[name] = part;
  };
  for (const name of Object.keys(value)) add(name);
  // Terraform leaves unknown attributes out of the value, and known ones in the mask as false or empty.
  if (isObject(unknown))
    for (const name of Object.keys(unknown))
      if (!Object.hasOwn(value, name) && holdsTrue(unknown[name])) add(name);
  return result;
}

function at(mask: unknown, key: string | number): unknown {
  if (Array.isArray(mask)) return typeof key === 'number' ? mask[key] : undefined;
  return isObject(mask) && Object.hasOwn(mask, key) ? mask[key] : undefined;
}

/** Whether a mask marks anything at all. */
export function holdsTrue(mask: unknown): boolean {
  if (mask === true) return true;
  return typeof mask === 'object' && mask !== null && Object.values(mask).some(holdsTrue);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a masked value has named parts. */
export function isMaskedObject(value: Masked | undefined): value is MaskedObject {
  return isObject(value) && !(value instanceof Unknown) && !(value instanceof Sensitive);
}

/** JSON with the names of every object in order. */
export function stable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
}

/** Whether two masked values are the same; what is unknown is never the same as a known value. */
export function same(a: Masked | undefined, b: Masked | undefined): boolean {
  if (a === b) return true;
  if (a instanceof Sensitive || b instanceof Sensitive)
    return a instanceof Sensitive && b instanceof Sensitive && a.hash === b.hash;
  if (a instanceof Unknown || b instanceof Unknown) return false;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => same(one, b[index]));
  if (!isMaskedObject(a) || !isMaskedObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name], b[name]));
}
