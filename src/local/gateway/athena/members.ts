import { isJsonObject } from '../input.ts';
import { AwsError, type Json, type JsonObject } from '../protocol.ts';
import { validationRefusal } from './refusal.ts';

/** Reads members of Athena's inputs with Athena's own refusals: wrong JSON types first, then constraints. */

/** A text member; `null` counts as absent. */
export function optionalText(input: JsonObject, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw mistyped(value, 'a String');
}

export function text(input: JsonObject, name: string): string {
  return optionalText(input, name) ?? refuseNull(name);
}

/** A whole number; fractions are cut off. */
export function optionalInteger(input: JsonObject, name: string): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number') throw mistyped(value, 'an Integer');
  return Math.trunc(value);
}

export function optionalFlag(input: JsonObject, name: string): boolean | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw mistyped(value, 'a Boolean');
}

export function optionalStructure(input: JsonObject, name: string): JsonObject | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || isJsonObject(value)) return value;
  throw serialization(Array.isArray(value) ? 'Start of list found where not expected' : 'Expected null');
}

export function optionalTexts(input: JsonObject, name: string): string[] | undefined {
  return optionalList(input, name)?.map((value) => {
    if (typeof value === 'string') return value;
    throw mistyped(value, 'a String');
  });
}

export function texts(input: JsonObject, name: string): string[] {
  return optionalTexts(input, name) ?? refuseNull(name);
}

export function optionalList(input: JsonObject, name: string): readonly Json[] | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || Array.isArray(value)) return value;
  if (isJsonObject(value)) throw serialization('Start of structure or map found where not expected.');
  throw serialization('Expected list or null');
}

/** Refuses a number above its maximum or below its minimum. */
export function withinRange(name: string, value: number, minimum: number, maximum: number): number {
  const violation =
    value < minimum ? `greater than or equal to ${minimum}` : `less than or equal to ${maximum}`;
  if (value < minimum || value > maximum) throw constraint(name, `Member must have value ${violation}`);
  return value;
}

/** Refuses a text that is longer or shorter than allowed. */
export function withinLength(name: string, value: string, minimum: number, maximum: number): string {
  const violation =
    value.length < minimum ? `greater than or equal to ${minimum}` : `less than or equal to ${maximum}`;
  if (value.length < minimum || value.length > maximum)
    throw constraint(name, `Member must have length ${violation}`);
  return value;
}

function constraint(name: string, what: string): AwsError {
  return validationRefusal([`Value at '${lowerCamel(name)}' failed to satisfy constraint: ${what}`]);
}

function refuseNull(name: string): never {
  throw validationRefusal([
    `Value null at '${lowerCamel(name)}' failed to satisfy constraint: Member must not be null`,
  ]);
}

function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function mistyped(value: Json, wanted: string): AwsError {
  if (Array.isArray(value)) return serialization('Start of list found where not expected');
  if (isJsonObject(value)) return serialization('Start of structure or map found where not expected.');
  const kind = typeof value === 'boolean' ? `${String(value).toUpperCase()}_VALUE` : `${typeof value}_VALUE`;
  return serialization(`${kind.toUpperCase()} can not be converted to ${wanted}`);
}

function serialization(message: string): AwsError {
  return new AwsError('SerializationException', message, { members: { Message: message } });
}
