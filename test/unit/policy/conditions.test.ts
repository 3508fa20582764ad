import { describe, expect, it } from 'vitest';
import { type Case, JOB, NOTHING, outcome, type Statement, withKey } from './cases.ts';

describe('a condition is met when', () => {
  const prefix = (value: string | undefined, Condition: Statement) => withKey('s3:prefix', value, Condition);
  const tags = (value: string[] | undefined, Condition: Statement) =>
    withKey('aws:TagKeys', value, Condition);
  it.each<[string, Case, boolean]>([
    [
      'StringEquals finds one of its values',
      prefix('raw/', { StringEquals: { 's3:prefix': ['x', 'raw/'] } }),
      true,
    ],
    ['StringEquals finds none: not', prefix('raw', { StringEquals: { 's3:prefix': ['x', 'raw/'] } }), false],
    ['the key is written in another case', prefix('raw/', { StringEquals: { 'S3:Prefix': 'raw/' } }), true],
    ['the key is absent: not', prefix(undefined, { StringLike: { 's3:prefix': '*' } }), false],
    [
      'the key is absent, with IfExists',
      prefix(undefined, { StringLikeIfExists: { 's3:prefix': 'raw/*' } }),
      true,
    ],
    ['StringLike matches', prefix('raw/a/b', { StringLike: { 's3:prefix': 'raw/*' } }), true],
    [
      'StringNotLike matches: not',
      prefix('raw/a', { StringNotLike: { 's3:prefix': ['x', 'raw/*'] } }),
      false,
    ],
    [
      'StringNotEquals meets an absent key',
      prefix(undefined, { StringNotEquals: { 's3:prefix': 'a' } }),
      true,
    ],
    ['StringEqualsIgnoreCase', prefix('RAW', { StringEqualsIgnoreCase: { 's3:prefix': 'raw' } }), true],
    ['Null wants the key absent, and it is', prefix(undefined, { Null: { 's3:prefix': 'true' } }), true],
    [
      'Null wants it present, and it is not: not',
      prefix(undefined, { Null: { 's3:prefix': 'false' } }),
      false,
    ],
    ['Bool', withKey('aws:SecureTransport', 'true', { Bool: { 'aws:SecureTransport': 'true' } }), true],
    [
      'several keys are all met',
      prefix('a', { StringEquals: { 's3:prefix': 'a', 'aws:username': 'ann' } }),
      true,
    ],
    [
      'one of several is not: not',
      prefix('a', { StringEquals: { 's3:prefix': 'a', 'aws:username': 'bob' } }),
      false,
    ],
    [
      'ForAllValues holds for each',
      tags(['a', 'b'], { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b', 'c'] } }),
      true,
    ],
    [
      'ForAllValues fails for one: not',
      tags(['a', 'z'], { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } }),
      false,
    ],
    [
      'ForAllValues has no value to fail for',
      tags(undefined, { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } }),
      true,
    ],
    [
      'ForAnyValue holds for one',
      tags(['a', 'z'], { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a', 'b'] } }),
      true,
    ],
    [
      'ForAnyValue has no value to hold for: not',
      tags(undefined, { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'a' } }),
      false,
    ],
    [
      'ArnLike matches part by part',
      withKey('aws:PrincipalArn', JOB.arn, {
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/mydatahub/*' },
      }),
      true,
    ],
    [
      'ArnEquals does not reach beyond a colon: not',
      withKey('aws:PrincipalArn', JOB.arn, {
        ArnEquals: { 'aws:PrincipalArn': 'arn:aws:*:role/mydatahub/*' },
      }),
      false,
    ],
    [
      'IpAddress',
      withKey('aws:SourceIp', '127.0.0.1', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }),
      true,
    ],
    [
      'NotIpAddress: not',
      withKey('aws:SourceIp', '127.0.0.1', { NotIpAddress: { 'aws:SourceIp': '127.0.0.1' } }),
      false,
    ],
    [
      'NumericLessThanEquals',
      withKey('s3:max-keys', '10', { NumericLessThanEquals: { 's3:max-keys': 10 } }),
      true,
    ],
    [
      'DateLessThan',
      withKey('aws:CurrentTime', '2026-01-01T00:00:00Z', {
        DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' },
      }),
      true,
    ],
    [
      'a variable gives the value',
      prefix('home/ann', { StringLike: { 's3:prefix': `home/\${aws:username}` } }),
      true,
    ],
  ])('%s', (_name, given, met) => expect(outcome(given)).toBe(met ? 'allowed' : NOTHING));
});
