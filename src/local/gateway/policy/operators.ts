import { BlockList, isIP } from 'node:net';
import { matches } from './pattern.ts';

/** `holds` compares one value of the request with one of the policy; a negated operator asks that none holds. */
type Operator = { readonly negated: boolean; holds(value: string, wanted: string): boolean };

type Comparison = Operator['holds'];

const equal: Comparison = (value, wanted) => value === wanted;
const equalIgnoringCase: Comparison = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();
const like: Comparison = (value, wanted) => matches(wanted, value);

/** ARNs are compared part by part: a wildcard does not reach beyond its colon, except in the last part. */
const arnLike: Comparison = (value, wanted) => {
  if (wanted === '*') return true;
  const [parts, patterns] = [arnParts(value), arnParts(wanted)];
  return (
    parts.length === patterns.length && parts.every((part, index) => matches(patterns[index] ?? '', part))
  );
};

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const inNetwork: Comparison = (value, wanted) => {
  const [network = '', prefix] = wanted.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  return list.check(value, isIP(value) === 6 ? 'ipv6' : 'ipv4');
};

const ORDERS: Readonly<Record<string, (value: number, wanted: number) => boolean>> = {
  equals: (value, wanted) => value === wanted,
  lessthan: (value, wanted) => value < wanted,
  lessthanequals: (value, wanted) => value <= wanted,
  greaterthan: (value, wanted) => value > wanted,
  greaterthanequals: (value, wanted) => value >= wanted,
};

function ordered(kind: string, read: (text: string) => number): Readonly<Record<string, Operator>> {
  const operators = Object.entries(ORDERS).map(([name, holds]): [string, Operator] => [
    `${kind}${name}`,
    { negated: false, holds: (value, wanted) => holds(read(value), read(wanted)) },
  ]);
  const notEquals: Operator = { negated: true, holds: (value, wanted) => read(value) === read(wanted) };
  return { ...Object.fromEntries(operators), [`${kind}notequals`]: notEquals };
}

/** A date of a policy: ISO 8601, or seconds since 1970. */
function instant(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

const is = (holds: Comparison): Operator => ({ negated: false, holds });
const isNot = (holds: Comparison): Operator => ({ negated: true, holds });

/** Every operator but `Null`, by its name in lower case. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  stringequals: is(equal),
  stringnotequals: isNot(equal),
  stringequalsignorecase: is(equalIgnoringCase),
  stringnotequalsignorecase: isNot(equalIgnoringCase),
  stringlike: is(like),
  stringnotlike: isNot(like),
  bool: is(equalIgnoringCase),
  arnequals: is(arnLike),
  arnlike: is(arnLike),
  arnnotequals: isNot(arnLike),
  arnnotlike: isNot(arnLike),
  ipaddress: is(inNetwork),
  notipaddress: isNot(inNetwork),
  ...ordered('numeric', Number),
  ...ordered('date', instant),
};
