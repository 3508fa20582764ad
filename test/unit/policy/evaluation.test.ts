import { describe, expect, it } from 'vitest';
import { servicePrincipal } from '../../../src/local/gateway/identity/principal.ts';
import { requestContext } from '../../../src/local/gateway/policy/context.ts';
import { parsePolicy } from '../../../src/local/gateway/policy/document.ts';
import { trusts } from '../../../src/local/gateway/policy/evaluation.ts';
import {
  ANN,
  allow,
  BUCKET,
  type Case,
  deny,
  get,
  JOB,
  NOTHING,
  on,
  outcome,
  policy,
  type Statement,
} from './cases.ts';

describe('an action is allowed when', () => {
  it.each<[string, Case, string]>([
    ['nothing is said of it: not', get('a'), NOTHING],
    ['it is named', get('a', { identity: [allow('s3:GetObject', `${BUCKET}/*`)] }), 'allowed'],
    ['it is named in another case', get('a', { identity: [allow('S3:getobject')] }), 'allowed'],
    ['a pattern holds it', get('a', { identity: [allow(['glue:*', 's3:Get*'])] }), 'allowed'],
    ['another is named: not', get('a', { identity: [allow('s3:PutObject')] }), NOTHING],
    [
      'its resource is another: not',
      get('raw/a', { identity: [allow('s3:*', `${BUCKET}/state/*`)] }),
      NOTHING,
    ],
    ['its resource differs in case: not', get('A', { identity: [allow('s3:*', `${BUCKET}/a`)] }), NOTHING],
    [
      'a question mark stands for its character',
      get('a1', { identity: [allow('s3:*', `${BUCKET}/a?`)] }),
      'allowed',
    ],
    [
      'NotAction leaves it out: not',
      get('a', { identity: [allow(undefined, '*', { NotAction: 's3:*' })] }),
      NOTHING,
    ],
    [
      'NotAction leaves others out',
      get('a', { identity: [allow(undefined, '*', { NotAction: 'iam:*' })] }),
      'allowed',
    ],
    [
      'NotResource leaves it out: not',
      get('scripts/a', {
        identity: [allow('s3:*', '*', { Resource: undefined, NotResource: `${BUCKET}/scripts/*` })],
      }),
      NOTHING,
    ],
    [
      'a variable gives its resource',
      get('home/ann/a', { identity: [allow('s3:*', `${BUCKET}/home/\${aws:username}/*`)] }),
      'allowed',
    ],
    [
      'a variable gives another: not',
      get('home/bob/a', { identity: [allow('s3:*', `${BUCKET}/home/\${aws:username}/*`)] }),
      NOTHING,
    ],
    [
      'a variable without a value has a default',
      get('home/none/a', { identity: [allow('s3:*', `${BUCKET}/home/\${aws:PrincipalTag/team, 'none'}/*`)] }),
      'allowed',
    ],
    [
      'a variable has no value: not',
      get('home//a', { identity: [allow('s3:*', `${BUCKET}/home/\${aws:PrincipalTag/team}/*`)] }),
      NOTHING,
    ],
  ])('%s', (_name, given, expected) => expect(outcome(given)).toBe(expected));
});

describe('several policies', () => {
  it.each<[string, Case, string]>([
    [
      'an explicit deny wins',
      get('a', { identity: [allow('*'), deny('s3:GetObject', `${BUCKET}/*`)] }),
      'denied by identity-based policy',
    ],
    [
      'a boundary must allow too',
      get('a', { identity: [allow('*')], boundary: [allow('glue:*')] }),
      'not allowed by permissions boundary',
    ],
    ['a boundary alone allows nothing', get('a', { boundary: [allow('*')] }), NOTHING],
    [
      'a boundary may deny',
      get('a', { identity: [allow('*')], boundary: [allow('*'), deny('s3:*')] }),
      'denied by permissions boundary',
    ],
    [
      'a session policy must allow too',
      get('b', { identity: [allow('*')], session: [allow('s3:*', `${BUCKET}/a`)] }),
      'not allowed by session policy',
    ],
    [
      'a bucket may allow whom it names',
      get('a', { bucket: [allow('s3:*', `${BUCKET}/*`, { Principal: { AWS: ANN.arn } })] }),
      'allowed',
    ],
    [
      'a bucket that names the account leaves it to the account',
      get('a', { bucket: [allow('s3:*', `${BUCKET}/*`, { Principal: { AWS: '123456789012' } })] }),
      NOTHING,
    ],
    [
      'a bucket may deny everybody',
      get('a', { identity: [allow('*')], bucket: [deny('s3:*', `${BUCKET}/*`, { Principal: '*' })] }),
      'denied by resource-based policy',
    ],
    [
      'a bucket that wants TLS is content with it',
      get('a', {
        values: { 'aws:SecureTransport': 'true' },
        identity: [allow('*')],
        bucket: [
          deny('s3:*', `${BUCKET}/*`, {
            Principal: '*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      }),
      'allowed',
    ],
  ])('%s', (_name, given, expected) => expect(outcome(given)).toBe(expected));
});

describe('what cannot be judged is refused by its name:', () => {
  it.each<[string, Case, RegExp]>([
    [
      'an unknown operator',
      get('a', { identity: on({ BinaryEquals: { 'aws:username': 'x' } }) }),
      /operator BinaryEquals/,
    ],
    ['an unknown key', get('a', { identity: on({ StringEquals: { 's3:Weather': 'x' } }) }), /key s3:Weather/],
    [
      'a tag of the thing',
      get('a', { identity: on({ StringEquals: { 'aws:ResourceTag/a': 'x' } }) }),
      /aws:ResourceTag\/a/,
    ],
    [
      'an unknown key in a deny beside an allow',
      get('a', { identity: [allow('*'), deny('*', '*', { Condition: { Null: { 's3:Weather': 'true' } } })] }),
      /key s3:Weather/,
    ],
    [
      'a deny of resources that the call does not tell',
      {
        action: 'ssm:GetParameter',
        resource: undefined,
        identity: [allow('*'), deny('ssm:*', 'arn:aws:ssm:*')],
      },
      /resources of ssm:GetParameter/,
    ],
    [
      'an allowance of resources that the call does not tell',
      { action: 'ssm:GetParameter', resource: undefined, identity: [allow('ssm:*', 'arn:aws:ssm:*')] },
      /resources of ssm:GetParameter/,
    ],
  ])('%s', (_name, given, message) => expect(() => outcome(given)).toThrow(message));

  it('but it does not matter where another statement decides, or it is about other actions', () => {
    const unknown = { Condition: { StringEquals: { 's3:Weather': 'x' } } };
    expect(outcome(get('a', { identity: [allow('s3:*', '*', unknown), allow('s3:*')] }))).toBe('allowed');
    expect(outcome(get('a', { identity: [allow('*'), deny('glue:*', '*', unknown)] }))).toBe('allowed');
    expect(outcome({ action: 'ssm:GetParameter', resource: undefined, identity: [allow('*')] })).toBe(
      'allowed',
    );
  });

  it('a key of another service is in no request', () => {
    const passed = on({ StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } });
    expect(outcome(get('a', { identity: passed }))).toBe(NOTHING);
  });

  it.each(['nonsense', '[]', '{"Statement":[{"Effect":"Maybe"}]}'])('a document such as %s', (text) => {
    expect(() => parsePolicy(text)).toThrow(/cannot judge a policy/);
  });
});

describe('a role', () => {
  const ROLE = 'arn:aws:iam::123456789012:role/r';
  const trust = (statement: Statement) => policy({ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement });
  const asks = (principal: typeof ANN) => ({
    principal,
    action: 'sts:AssumeRole',
    resource: ROLE,
    context: requestContext('sts', {}),
  });
  it('is there for whom it trusts', () => {
    const glue = trust({ Principal: { Service: ['glue.amazonaws.com', 'lakeformation.amazonaws.com'] } });
    expect(trusts(asks(servicePrincipal('glue.amazonaws.com')), glue)).toBe('allows');
    expect(trusts(asks(servicePrincipal('ec2.amazonaws.com')), glue)).toBe('nothing');
    expect(trusts(asks(ANN), glue)).toBe('nothing');
    expect(trusts(asks(ANN), trust({ Principal: { AWS: ANN.arn } }))).toBe('allows');
    expect(trusts(asks(JOB), trust({ Principal: { AWS: JOB.sessionArn } }))).toBe('allows');
  });
  it('that trusts the account leaves it to the policies of its people', () => {
    const account = trust({ Principal: { AWS: 'arn:aws:iam::123456789012:root' } });
    expect(trusts(asks(ANN), account)).toBe('delegates');
  });
  it('may deny somebody whom it trusts', () => {
    const both = policy(
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } },
      { Effect: 'Deny', Action: 'sts:*', Principal: { AWS: ANN.arn } },
    );
    expect([trusts(asks(ANN), both), trusts(asks(JOB), both)]).toEqual(['denies', 'allows']);
  });
});
