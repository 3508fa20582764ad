import { createHash } from 'node:crypto';
import type { TrinoValue } from '../../trino/trino-json.ts';
import { rowFields, type TypeSignature, typeArguments } from '../../trino/type-signature.ts';

/** A value of a result as Athena writes it; `null` for NULL, which is not the empty text. */
export function valueText(value: TrinoValue, type: TypeSignature): string | null {
  return value === null ? null : presentText(value, type, false);
}

function presentText(value: TrinoValue, type: TypeSignature, nested: boolean): string {
  switch (type.rawType) {
    case 'double':
    case 'real':
      return javaDouble(value);
    case 'timestamp':
    case 'timestamp with time zone':
      return milliseconds(String(value));
    case 'varbinary':
      return nested ? javaIdentity(String(value)) : hexPairs(String(value));
    case 'array': {
      const [element] = typeArguments(type);
      return `[${itemsOf(value)
        .map((item) => nestedText(item, element))
        .join(', ')}]`;
    }
    case 'map':
      return mapText(value, type);
    case 'row': {
      const fields = rowFields(type);
      const texts = itemsOf(value).map((item, at) => {
        const field = fields[at];
        const text = nestedText(item, field?.type);
        return field?.name === undefined ? text : `${field.name}=${text}`;
      });
      return `{${texts.join(', ')}}`;
    }
    default:
      return String(value);
  }
}

function nestedText(value: TrinoValue, type: TypeSignature | undefined): string {
  if (value === null || type === undefined) return 'null';
  return presentText(value, type, true);
}

function itemsOf(value: TrinoValue): readonly TrinoValue[] {
  return Array.isArray(value) ? value : [];
}

/** Keys ascending: numbers by value, everything else by its text. */
function mapText(value: TrinoValue, type: TypeSignature): string {
  const [keyType, valueType] = typeArguments(type);
  const numeric = /^(tinyint|smallint|integer|bigint|real|double|decimal)$/.test(keyType?.rawType ?? '');
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  entries.sort(([a], [b]) => (numeric ? Number(a) - Number(b) : a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${key}=${nestedText(item, valueType)}`).join(', ')}}`;
}

/**
 * A double as Java's Double.toString writes it: plain between 10^-3 and 10^7, else with an exponent; always with a
 * fraction. Both languages choose the same, shortest digits.
 */
export function javaDouble(value: TrinoValue): string {
  if (typeof value === 'string') return value;
  const number = Number(value);
  if (Object.is(number, -0)) return '-0.0';
  const size = Math.abs(number);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) {
    const plain = String(number);
    return plain.includes('.') ? plain : `${plain}.0`;
  }
  const [digits = '', exponent = ''] = number.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
}

/**
 * Athena reads Iceberg timestamps in milliseconds, Trino in microseconds. The protocol does not tell a column from an
 * expression, so every timestamp is shown in milliseconds.
 */
function milliseconds(text: string): string {
  return text.replace(
    /(\d\d:\d\d:\d\d)(?:\.(\d+))?/,
    (_all, time: string, fraction = '') => `${time}.${fraction.slice(0, 3).padEnd(3, '0')}`,
  );
}

function hexPairs(base64: string): string {
  return [...Buffer.from(base64, 'base64')].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Athena prints bytes inside arrays, maps and rows as a Java object: type and a number that says nothing. */
function javaIdentity(base64: string): string {
  return `[B@${createHash('sha256').update(base64).digest('hex').slice(0, 8)}`;
}
