import { expect, test } from 'vitest';
import { glueInput, inputReader } from '../../../src/local/gateway/input.ts';
import { AwsError } from '../../../src/local/gateway/protocol.ts';

test('a member is found by its path', () => {
  expect(glueInput.string({ TableInput: { Name: 't' } }, 'TableInput.Name')).toBe('t');
});

test('null and absent members are the same', () => {
  expect(glueInput.optionalString({ Name: null }, 'Name')).toBeUndefined();
  expect(glueInput.optionalString({}, 'TableInput.Name')).toBeUndefined();
  expect(glueInput.stringList({}, 'Names')).toEqual([]);
  expect(glueInput.stringMap({ Tags: null }, 'Tags')).toEqual({});
});

test('a missing member is refused by its path and the code of the service', () => {
  const read = inputReader('InvalidRequestException');
  const attempt = () => read.string({ TableInput: {} }, 'TableInput.Name');
  expect(attempt).toThrow("Value at 'TableInput.Name' failed to satisfy constraint: Member must not be null");
  expect(attempt).toThrow(AwsError);
  expect(attempt).toThrow(expect.objectContaining({ code: 'InvalidRequestException' }));
});

test('a member of the wrong type is refused by its place', () => {
  expect(() => glueInput.number({ MaxResults: '3' }, 'MaxResults')).toThrow("'MaxResults'");
  expect(() => glueInput.stringList({ Names: ['a', 1] }, 'Names')).toThrow("'Names[1]'");
  expect(() => glueInput.stringMap({ Tags: { a: 1 } }, 'Tags')).toThrow("'Tags.a'");
  expect(() => glueInput.optionalString({ TableInput: 'x' }, 'TableInput.Name')).toThrow(
    'its parent must be',
  );
});

test('names that every JavaScript object inherits are not members', () => {
  expect(glueInput.optionalObject({}, 'constructor')).toBeUndefined();
});
