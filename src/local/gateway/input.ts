import { AwsError, type Json, type JsonObject } from './protocol.ts';

/**
 * Reads members of an operation's input. A member is named by its path (`TableInput.Name`), which the refusal
 * repeats. `null` counts as absent, as in AWS's JSON 1.1 protocol. The form without `optional` refuses an absent
 * member; list and map readers return an empty one instead.
 */
export type InputReader = {
  string(input: JsonObject, path: string): string;
  optionalString(input: JsonObject, path: string): string | undefined;
  number(input: JsonObject, path: string): number;
  optionalNumber(input: JsonObject, path: string): number | undefined;
  boolean(input: JsonObject, path: string): boolean;
  optionalBoolean(input: JsonObject, path: string): boolean | undefined;
  object(input: JsonObject, path: string): JsonObject;
  optionalObject(input: JsonObject, path: string): JsonObject | undefined;
  list(input: JsonObject, path: string): readonly Json[];
  objectList(input: JsonObject, path: string): readonly JsonObject[];
  stringList(input: JsonObject, path: string): readonly string[];
  stringMap(input: JsonObject, path: string): Readonly<Record<string, string>>;
};

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A reader whose refusals carry the error code that the service uses: `InvalidInputException` for Glue,
 * `InvalidRequestException` for Athena.
 */
export function inputReader(refusalCode: string): InputReader {
  const refuse = (path: string, problem: string): AwsError =>
    new AwsError(refusalCode, `1 validation error detected: Value at '${path}' ${problem}`);

  const find = (input: JsonObject, path: string): Json | undefined => {
    let found: Json | undefined = input;
    for (const member of path.split('.')) {
      if (found === undefined || found === null) return undefined;
      if (!isJsonObject(found))
        throw refuse(path, `failed to satisfy constraint: its parent must be a structure`);
      found = Object.hasOwn(found, member) ? found[member] : undefined;
    }
    return found ?? undefined;
  };

  const optional =
    <T extends Json>(what: string, accepts: (value: Json) => value is T) =>
    (input: JsonObject, path: string): T | undefined => {
      const value = find(input, path);
      if (value === undefined) return undefined;
      if (!accepts(value)) throw refuse(path, `failed to satisfy constraint: Member must be ${what}`);
      return value;
    };

  const required =
    <T>(read: (input: JsonObject, path: string) => T | undefined) =>
    (input: JsonObject, path: string): T => {
      const value = read(input, path);
      if (value === undefined) throw refuse(path, 'failed to satisfy constraint: Member must not be null');
      return value;
    };

  const optionalString = optional('a string', (value) => typeof value === 'string');
  const optionalNumber = optional('a number', (value) => typeof value === 'number');
  const optionalBoolean = optional('a boolean', (value) => typeof value === 'boolean');
  const optionalObject = optional('a structure', (value) => isJsonObject(value));
  const optionalList = optional('a list', (value): value is readonly Json[] => Array.isArray(value));
  const list = (input: JsonObject, path: string): readonly Json[] => optionalList(input, path) ?? [];

  const listOf =
    <T extends Json>(what: string, accepts: (value: Json) => value is T) =>
    (input: JsonObject, path: string): readonly T[] =>
      list(input, path).map((value, index) => {
        if (!accepts(value))
          throw refuse(`${path}[${index}]`, `failed to satisfy constraint: Member must be ${what}`);
        return value;
      });

  return {
    string: required(optionalString),
    optionalString,
    number: required(optionalNumber),
    optionalNumber,
    boolean: required(optionalBoolean),
    optionalBoolean,
    object: required(optionalObject),
    optionalObject,
    list,
    objectList: listOf('a structure', isJsonObject),
    stringList: listOf('a string', (value) => typeof value === 'string'),
    stringMap: (input, path) =>
      Object.fromEntries(
        Object.entries(optionalObject(input, path) ?? {}).map(([key, value]) => {
          if (typeof value !== 'string') {
            throw refuse(`${path}.${key}`, 'failed to satisfy constraint: Member must be a string');
          }
          return [key, value];
        }),
      ),
  };
}

/** The reader of Glue's operations. */
export const glueInput: InputReader = inputReader('InvalidInputException');
