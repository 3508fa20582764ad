import { isJsonObject } from '../input.ts';
import type { Json, JsonObject } from '../protocol.ts';
import { type Condition, readConditions } from './condition.ts';
import { texts } from './texts.ts';
import { UnmodelledPolicy } from './unmodelled-policy.ts';

/** A list of patterns, or everything but it (`NotAction`, `NotResource`). */
export type Choice = { readonly not: boolean; readonly patterns: readonly string[] };

/** `Principal` of a resource's policy by its kind; `AWS: ['*']` for anybody. */
export type PrincipalElement = Readonly<
  Partial<Record<'AWS' | 'Service' | 'Federated' | 'CanonicalUser', readonly string[]>>
>;

export type Statement = {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Choice;
  /** Absent in trust policies, which are about the role that they belong to. */
  readonly resources: Choice | undefined;
  /** Absent in policies of identities. */
  readonly principals: PrincipalElement | undefined;
  readonly conditions: readonly Condition[];
};

export type Policy = { readonly statements: readonly Statement[] };

const parsed = new Map<string, Policy>();
const MOST_KEPT = 1_000;

/** Reads a policy document (JSON). Texts read before are not read again. Throws UnmodelledPolicy where it is no policy. */
export function parsePolicy(text: string): Policy {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const policy = readPolicy(text);
  if (parsed.size >= MOST_KEPT) parsed.clear();
  parsed.set(text, policy);
  return policy;
}

function readPolicy(text: string): Policy {
  let document: Json;
  try {
    document = JSON.parse(text);
  } catch {
    throw new UnmodelledPolicy('it is not JSON');
  }
  if (!isJsonObject(document)) throw new UnmodelledPolicy('it is not an object');
  return { statements: objects(document.Statement).map(readStatement) };
}

function readStatement(statement: JsonObject): Statement {
  const { Effect } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny')
    throw new UnmodelledPolicy(`Effect is ${JSON.stringify(Effect)}`);
  if (statement.NotPrincipal !== undefined) throw new UnmodelledPolicy('NotPrincipal');
  const actions = choice(statement, 'Action');
  if (actions === undefined) throw new UnmodelledPolicy('a statement without Action and NotAction');
  return {
    effect: Effect,
    actions: { ...actions, patterns: actions.patterns.map((pattern) => pattern.toLowerCase()) },
    resources: choice(statement, 'Resource'),
    principals: principals(statement.Principal),
    conditions: readConditions(statement.Condition),
  };
}

function choice(statement: JsonObject, name: 'Action' | 'Resource'): Choice | undefined {
  const [some, none] = [statement[name], statement[`Not${name}`]];
  if (some !== undefined) return { not: false, patterns: texts(some) };
  if (none !== undefined) return { not: true, patterns: texts(none) };
  return undefined;
}

function principals(element: Json | undefined): PrincipalElement | undefined {
  if (element === undefined) return undefined;
  if (element === '*') return { AWS: ['*'] };
  if (!isJsonObject(element)) throw new UnmodelledPolicy(`Principal is ${JSON.stringify(element)}`);
  return Object.fromEntries(Object.entries(element).map(([kind, names]) => [kind, texts(names)]));
}

function objects(value: Json | undefined): readonly JsonObject[] {
  const list: readonly Json[] = Array.isArray(value) ? value : [value ?? null];
  return list.map((item) => {
    if (!isJsonObject(item)) throw new UnmodelledPolicy('Statement is not an object');
    return item;
  });
}
