/** A value as Trino's statement protocol sends it. Integers that a double cannot hold come as `bigint`. */
export type TrinoValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly TrinoValue[]
  | { readonly [key: string]: TrinoValue };

type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;
/** ECMAScript's JSON.parse with source text access, which the library typings do not know yet. */
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown;

const LONG_NUMBER = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** JSON.parse that keeps the digits of 64 bit integers. */
export function parseTrinoJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return parse(text);
  return parse(text, (_key, value, context) => {
    const source = context.source;
    const lost = typeof value === 'number' && !Number.isSafeInteger(value);
    return lost && source !== undefined && INTEGER.test(source) ? BigInt(source) : value;
  });
}
