import { isJsonObject } from '../input.ts';
import type { Json } from '../protocol.ts';
import type { RequestContext } from './context.ts';
import { OPERATORS } from './operators.ts';
import { withVariables } from './pattern.ts';
import { texts } from './texts.ts';
import { UnmodelledPolicy } from './unmodelled-policy.ts';

/** One key of a `Condition` block. */
export type Condition = {
  /** As written, for messages. */
  readonly operator: string;
  readonly base: string;
  readonly ifExists: boolean;
  readonly set: 'any' | 'all' | undefined;
  readonly key: string;
  readonly values: readonly string[];
};

/** Reads a `Condition` block. Operators that the local lake does not know are met only when a request comes to them. */
export function readConditions(block: Json | undefined): readonly Condition[] {
  if (block === undefined) return [];
  if (!isJsonObject(block)) throw new UnmodelledPolicy('Condition is not an object');
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!isJsonObject(keys)) throw new UnmodelledPolicy(`Condition ${operator} is not an object`);
    const [, set, base = '', ifExists] =
      /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/i.exec(operator) ?? [];
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      base: base.toLowerCase(),
      ifExists: ifExists !== undefined,
      set: set === undefined ? undefined : set.toLowerCase() === 'foranyvalue' ? 'any' : 'all',
      key,
      values: texts(values),
    }));
  });
}

/**
 * Whether a request meets a condition. Rules: IAM User Guide, "IAM JSON policy elements: Condition operators" and
 * "Conditions with multiple context keys or values". Throws UnmodelledPolicy for an unknown operator or key.
 */
export function isMet(condition: Condition, context: RequestContext): boolean {
  const { base, set } = condition;
  const found = context.get(condition.key);
  if (base === 'null') {
    return condition.values.some((value) => (value.toLowerCase() === 'true') === (found === undefined));
  }
  const operator = OPERATORS[base];
  if (operator === undefined) throw new UnmodelledPolicy(`the condition operator ${condition.operator}`);
  if (found === undefined || found.length === 0) {
    if (condition.ifExists || set === 'all') return true;
    return operator.negated && set !== 'any';
  }
  const wanted = condition.values.flatMap((value) => withVariables(value, context) ?? []);
  const meets = (value: string): boolean => {
    const some = wanted.some((pattern) => operator.holds(value, pattern));
    return operator.negated ? !some : some;
  };
  if (set === 'all' || (set === undefined && operator.negated)) return found.every(meets);
  return found.some(meets);
}
