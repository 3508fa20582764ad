import { describe, expect, test } from 'vitest';
import { columnInfo, columnInfoJson } from '../../../src/local/gateway/athena/column-info.ts';
import { javaDouble, valueText } from '../../../src/local/gateway/athena/value-text.ts';
import { parseTrinoJson } from '../../../src/local/trino/trino-json.ts';
import { glueType, type TypeArgument, type TypeSignature } from '../../../src/local/trino/type-signature.ts';

const type = (rawType: string, ...args: TypeArgument[]): TypeSignature => ({ rawType, arguments: args });
const of = (value: TypeSignature): TypeArgument => ({ kind: 'TYPE', value });
const long = (value: number): TypeArgument => ({ kind: 'LONG', value });
const field = (name: string | undefined, typeSignature: TypeSignature): TypeArgument => ({
  kind: 'NAMED_TYPE',
  value: name === undefined ? { typeSignature } : { fieldName: { name }, typeSignature },
});
const INTEGER = type('integer');
const VARCHAR = type('varchar', long(2147483647));

describe('the text of a value', () => {
  test('doubles look as in Java', () => {
    expect([1.5, 100, 1e20, 1e-7, 0.1 + 0.2, 0, -0, 1e7, 9999999, 0.001, -1.25e-9].map(javaDouble)).toEqual([
      '1.5',
      '100.0',
      '1.0E20',
      '1.0E-7',
      '0.30000000000000004',
      '0.0',
      '-0.0',
      '1.0E7',
      '9999999.0',
      '0.001',
      '-1.25E-9',
    ]);
    expect(['NaN', 'Infinity', '-Infinity'].map(javaDouble)).toEqual(['NaN', 'Infinity', '-Infinity']);
  });

  test('NULL is told from the empty text', () => {
    expect(valueText(null, VARCHAR)).toBeNull();
    expect(valueText('', VARCHAR)).toBe('');
  });

  test('timestamps have milliseconds, with and without a zone', () => {
    expect(valueText('2020-01-01 00:00:00.123456', type('timestamp', long(6)))).toBe(
      '2020-01-01 00:00:00.123',
    );
    expect(valueText('2020-01-01 00:00:00.123456 UTC', type('timestamp with time zone', long(6)))).toBe(
      '2020-01-01 00:00:00.123 UTC',
    );
  });

  test('bytes are pairs of hexadecimal digits', () => {
    expect(valueText('AQL/', type('varbinary'))).toBe('01 02 ff');
    expect(valueText('', type('varbinary'))).toBe('');
  });

  test('arrays, maps and rows are written without quotes, NULL as null', () => {
    expect(valueText(['a', null], type('array', of(VARCHAR)))).toBe('[a, null]');
    expect(valueText({ k: 1, j: 2 }, type('map', of(VARCHAR), of(INTEGER)))).toBe('{j=2, k=1}');
    expect(valueText({ 10: 1, 9: 2 }, type('map', of(INTEGER), of(INTEGER)))).toBe('{9=2, 10=1}');
    expect(valueText([1, 'x'], type('row', field('id', INTEGER), field('name', VARCHAR)))).toBe(
      '{id=1, name=x}',
    );
    expect(valueText([1, 'x'], type('row', field(undefined, INTEGER), field(undefined, VARCHAR)))).toBe(
      '{1, x}',
    );
    expect(valueText([[1.0]], type('array', of(type('array', of(type('double'))))))).toBe('[[1.0]]');
  });

  test('64 bit integers keep all their digits', () => {
    const row = parseTrinoJson('[9223372036854775807, 12, "1234567890123456789", 0.1234567890123456789]');
    expect(row).toEqual([9223372036854775807n, 12, '1234567890123456789', 0.12345678901234568]);
    expect(valueText(9223372036854775807n, type('bigint'))).toBe('9223372036854775807');
  });
});

describe('the description of a column', () => {
  test.each([
    [type('integer'), 'integer', 10, 0, false],
    [type('bigint'), 'bigint', 19, 0, false],
    [type('real'), 'float', 17, 0, false],
    [type('double'), 'double', 17, 0, false],
    [type('decimal', long(10), long(2)), 'decimal', 10, 2, false],
    [VARCHAR, 'varchar', 2147483647, 0, true],
    [type('varchar', long(3)), 'varchar', 3, 0, true],
    [type('char', long(2)), 'char', 2, 0, true],
    [type('varbinary'), 'varbinary', 1073741824, 0, false],
    [type('timestamp', long(6)), 'timestamp', 3, 0, false],
    [type('date'), 'date', 0, 0, false],
    [type('array', of(INTEGER)), 'array', 0, 0, false],
  ])('%o', (typeSignature, name, precision, scale, caseSensitive) => {
    const column = columnInfo({ name: 'c', type: '', typeSignature });
    expect(column).toEqual({ name: 'c', type: name, precision, scale, caseSensitive });
    expect(columnInfoJson(column)).toMatchObject({ CatalogName: 'hive', Label: 'c', Nullable: 'UNKNOWN' });
  });
});

describe('the Data Catalog spells the engine’s types', () => {
  test.each([
    [VARCHAR, 'string'],
    [type('varchar', long(3)), 'varchar(3)'],
    [INTEGER, 'int'],
    [type('real'), 'float'],
    [type('decimal', long(10), long(2)), 'decimal(10,2)'],
    [type('timestamp with time zone', long(6)), 'timestamp'],
    [type('map', of(VARCHAR), of(type('array', of(INTEGER)))), 'map<string,array<int>>'],
    [type('row', field('a', INTEGER), field('b', VARCHAR)), 'struct<a:int,b:string>'],
  ])('%o', (signature, expected) => {
    expect(glueType(signature)).toBe(expected);
  });

  test('and has no word for some', () => {
    expect([type('json'), type('uuid'), type('array', of(type('time')))].map(glueType)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
