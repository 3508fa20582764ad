import { rolePrincipal, userPrincipal } from '../../../src/local/gateway/identity/principal.ts';
import { type ContextValues, requestContext } from '../../../src/local/gateway/policy/context.ts';
import { parsePolicy } from '../../../src/local/gateway/policy/document.ts';
import { evaluate } from '../../../src/local/gateway/policy/evaluation.ts';

export const ANN = userPrincipal('arn:aws:iam::123456789012:user/ann');
export const JOB = rolePrincipal('arn:aws:iam::123456789012:role/mydatahub/job', 'run');
export const BUCKET = 'arn:aws:s3:::lake';

export type Statement = Record<string, unknown>;
export const policy = (...Statement: Statement[]) =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }));
export const allow = (Action: unknown, Resource: unknown = '*', more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
export const deny = (Action: unknown, Resource: unknown = '*', more: Statement = {}): Statement => ({
  ...allow(Action, Resource, more),
  Effect: 'Deny',
});

export type Case = {
  readonly action: string;
  readonly resource?: string | undefined;
  readonly values?: ContextValues;
  readonly identity?: Statement[];
  readonly boundary?: Statement[];
  readonly session?: Statement[];
  readonly bucket?: Statement[];
};

/** `allowed`, or which policies are in the way and how. */
export function outcome(given: Case): string {
  const [service = ''] = given.action.split(':');
  const decision = evaluate(
    {
      principal: ANN,
      action: given.action,
      resource: 'resource' in given ? given.resource : '*',
      context: requestContext(service, { 'aws:username': 'ann', ...given.values }),
    },
    {
      identity: [policy(...(given.identity ?? []))],
      boundary: given.boundary && policy(...given.boundary),
      session: given.session && [policy(...given.session)],
      resource: given.bucket && policy(...given.bucket),
    },
  );
  if (decision.allowed) return 'allowed';
  return `${decision.explicit ? 'denied' : 'not allowed'} by ${decision.by}`;
}

export const NOTHING = 'not allowed by identity-based policy';
export const get = (key: string, more: Omit<Case, 'action' | 'resource'> = {}): Case => ({
  action: 's3:GetObject',
  resource: `${BUCKET}/${key}`,
  ...more,
});
export const on = (Condition: Statement) => [allow('s3:*', '*', { Condition })];
export const withKey = (key: string, value: string | string[] | undefined, Condition: Statement): Case =>
  get('a', { values: { [key]: value }, identity: on(Condition) });
