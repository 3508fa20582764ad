import { holdsTrue, isObject } from './masked.ts';
import type { ShownPlan } from './shown.ts';

/** A shorter text is masked only where it is the whole value: within others it could be part of any word. */
const SHORTEST_PART = 8;
/** Shorter ones, such as `true`, stand for too much to be secrets. */
const SHORTEST = 5;

/** Whether a text that nothing marks as sensitive is, or holds, a value that is marked somewhere else in the plan. */
export type Betrays = (text: string) => boolean;

/**
 * Providers copy values into attributes of their own, which carry no mark: the text of every sensitive value of a plan is
 * therefore looked for in all others, as it is and as JSON spells it.
 */
export function betrayal(plan: ShownPlan): Betrays {
  const found = new Set<string>();
  for (const { change } of [...plan.resource_changes, ...plan.resource_drift]) {
    collect(change.before, change.before_sensitive, found);
    collect(change.after, change.after_sensitive, found);
  }
  for (const change of Object.values(plan.output_changes)) {
    collect(change.before, change.before_sensitive, found);
    collect(change.after, change.after_sensitive, found);
  }
  for (const [name, { sensitive }] of Object.entries(plan.configuration.root_module.variables))
    if (sensitive) collect(plan.variables[name]?.value, true, found);
  const parts = [...found]
    .filter((text) => text.length >= SHORTEST_PART)
    .flatMap((text) => [...new Set([text, JSON.stringify(text).slice(1, -1)])]);
  return (text) => found.has(text) || parts.some((part) => text.includes(part));
}

function collect(value: unknown, mask: unknown, found: Set<string>): void {
  if (!holdsTrue(mask)) return;
  if (typeof value === 'string') {
    if (mask === true && value.length >= SHORTEST) found.add(value);
  } else if (Array.isArray(value))
    for (const [index, item] of value.entries()) collect(item, inner(mask, index), found);
  else if (isObject(value))
    for (const [name, part] of Object.entries(value)) collect(part, inner(mask, name), found);
}

function inner(mask: unknown, key: string | number): unknown {
  if (mask === true) return true;
  if (Array.isArray(mask)) return typeof key === 'number' ? mask[key] : undefined;
  return isObject(mask) ? mask[key] : undefined;
}
