import type { Principal } from '../identity/principal.ts';
import { isMet } from './condition.ts';
import type { RequestContext } from './context.ts';
import type { Policy, PrincipalElement, Statement } from './document.ts';
import { matches, withVariables } from './pattern.ts';
import { UnmodelledPolicy } from './unmodelled-policy.ts';

/** What somebody wants to do to one thing. */
export type Access = {
  readonly principal: Principal;
  /** `glue:GetTable` */
  readonly action: string;
  /** ARN, or `*` for an action that is about no resource; `undefined` when the local lake does not know about which. */
  readonly resource: string | undefined;
  readonly context: RequestContext;
};

/** The policies that decide. All of a list count together; every session policy counts for itself. */
export type Policies = {
  readonly identity: readonly Policy[];
  readonly boundary?: Policy | undefined;
  readonly session?: readonly Policy[] | undefined;
  /** Of the thing itself: a bucket's policy, a role's trust. */
  readonly resource?: Policy | undefined;
};

export type PolicyKind =
  | 'identity-based policy'
  | 'permissions boundary'
  | 'session policy'
  | 'resource-based policy';

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly explicit: boolean; readonly by: PolicyKind };

/**
 * Decides as IAM does within one account: an explicit deny anywhere wins; else the principal's or the resource's
 * policies must allow it, and the boundary and every session policy too. (On AWS a resource's policy that names a user
 * or a session outright is not held by the boundary; here it is.) Rules: IAM User Guide, "Policy evaluation logic".
 * Throws UnmodelledPolicy where a policy that counts cannot be judged.
 */
export function evaluate(access: Access, policies: Policies): Decision {
  const session = policies.session ?? [];
  const resource = policies.resource === undefined ? [] : [policies.resource];
  const boundary = policies.boundary === undefined ? [] : [policies.boundary];
  const kinds: readonly (readonly [PolicyKind, readonly Policy[]])[] = [
    ['identity-based policy', policies.identity],
    ['resource-based policy', resource],
    ['permissions boundary', boundary],
    ['session policy', session],
  ];
  for (const [by, documents] of kinds) {
    if (says('Deny', documents, access)) return { allowed: false, explicit: true, by };
  }
  if (access.principal.kind !== 'root') {
    const granted = says('Allow', policies.identity, access) || says('Allow', resource, access);
    if (!granted) return { allowed: false, explicit: false, by: 'identity-based policy' };
  }
  if (boundary.length > 0 && !says('Allow', boundary, access)) {
    return { allowed: false, explicit: false, by: 'permissions boundary' };
  }
  if (!session.every((policy) => says('Allow', [policy], access))) {
    return { allowed: false, explicit: false, by: 'session policy' };
  }
  return { allowed: true };
}

/** What a role's trust says to an action on it; a trust in the whole account leaves it to the caller's own policies. */
export function trusts(access: Access, trust: Policy): 'denies' | 'allows' | 'delegates' | 'nothing' {
  const { statements } = trust;
  const to = (effect: Statement['effect'], match: Match) =>
    judged(
      statements,
      (statement) =>
        statement.effect === effect &&
        matchOf(statement.principals, access.principal) === match &&
        isAbout(statement, access),
    );
  if (to('Deny', 'named') || to('Deny', 'account')) return 'denies';
  if (to('Allow', 'named')) return 'allows';
  return to('Allow', 'account') ? 'delegates' : 'nothing';
}

function says(effect: Statement['effect'], documents: readonly Policy[], access: Access): boolean {
  const statements = documents.flatMap((policy) => policy.statements);
  return judged(statements, (statement) => {
    if (statement.effect !== effect) return false;
    const match = matchOf(statement.principals, access.principal);
    // An account that is allowed something has still to allow it to its own people.
    const meant = match === 'named' || (match === 'account' && effect === 'Deny');
    return meant && isAbout(statement, access);
  });
}

/** Whether one statement holds. One that cannot be judged matters only when no other holds. */
function judged(statements: readonly Statement[], holds: (statement: Statement) => boolean): boolean {
  let unmodelled: UnmodelledPolicy | undefined;
  for (const statement of statements) {
    try {
      if (holds(statement)) return true;
    } catch (error) {
      if (!(error instanceof UnmodelledPolicy)) throw error;
      unmodelled ??= error;
    }
  }
  if (unmodelled !== undefined) throw unmodelled;
  return false;
}

/** Whether a statement is about this action, thing and situation, whoever asks. */
function isAbout(statement: Statement, access: Access): boolean {
  const action = access.action.toLowerCase();
  const { actions, resources, conditions } = statement;
  if (actions.patterns.some((pattern) => matches(pattern, action)) === actions.not) return false;
  if (resources !== undefined) {
    const named = resources.patterns.some((pattern) => {
      if (pattern === '*') return true;
      if (access.resource === undefined) {
        throw new UnmodelledPolicy(`the resources of ${access.action}, of which one names ${pattern}`);
      }
      const text = withVariables(pattern, access.context);
      return text !== undefined && matches(text, access.resource);
    });
    if (named === resources.not) return false;
  }
  return conditions.every((condition) => isMet(condition, access.context));
}

type Match = 'named' | 'account' | undefined;

function matchOf(element: PrincipalElement | undefined, principal: Principal): Match {
  if (element === undefined) return 'named';
  if (principal.kind === 'service') return element.Service?.includes(principal.arn) ? 'named' : undefined;
  if (principal.kind === 'federated') return element.Federated?.includes(principal.arn) ? 'named' : undefined;
  const account = principal.arn.split(':')[4] ?? '';
  const names = element.AWS ?? [];
  if (names.some((name) => name === '*' || name === principal.arn || name === principal.sessionArn))
    return 'named';
  return names.some((name) => name === account || name === `arn:aws:iam::${account}:root`)
    ? 'account'
    : undefined;
}
