import type { PlanDocument } from '../../terraform/plan/document.ts';

/** A plan as lines of text, for a log or a terminal: each resource with its diff. */
export function planLines(plan: PlanDocument): string[] {
  const resources = [...plan.resources, ...plan.drift].flatMap(({ kind, address, notes, diff }) => [
    [`${kind} ${address}`, ...notes].join(', '),
    ...diff.map((line) => `    ${line}`),
  ]);
  const outputs = plan.outputs.flatMap(({ name, diff }) => [
    `output ${name}`,
    ...diff.map((line) => `    ${line}`),
  ]);
  return [...resources, ...outputs];
}
