import type { PlanDocument } from '../../terraform/plan/document.ts';
import type { Kind, PlannedResource } from '../../terraform/plan/resources.ts';
import { code, plain } from '../markdown.ts';

/** A piece of a plan that is never torn apart; `group` is the heading that it stands below. */
export type Block = { readonly group: string; readonly text: string };

/** Headings, in the order in which they are told: what costs most comes first. */
const GROUPS: readonly (readonly [Kind | 'drift', string])[] = [
  ['destroy', 'Destroy'],
  ['replace', 'Replace'],
  ['create', 'Create'],
  ['update', 'Update in place'],
  ['import', 'Import'],
  ['move', 'Move'],
  ['forget', 'Forget'],
  ['read', 'Read during the apply'],
  ['drift', 'Drift: changed outside of Terraform since the last apply'],
];

/**
 * All of a plan's resources and outputs, each in a block of its own; one that is larger than `limit` bytes is continued in
 * further blocks, broken between lines.
 */
export function planBlocks(plan: PlanDocument, limit: number): Block[] {
  const all = [...plan.resources, ...plan.drift];
  const groups = GROUPS.flatMap(([kind, title]) => {
    const resources = all.filter((resource) => resource.kind === kind);
    const group = `### ${title} (${resources.length.toLocaleString('en')})`;
    return resources.flatMap((resource) => resourceTexts(resource, limit).map((text) => ({ group, text })));
  });
  const group = `### Outputs of Terraform (${plan.outputs.length})`;
  const outputs = plan.outputs.flatMap(({ name, diff }) =>
    folded(`<code>${html(name)}</code>`, diff, limit).map((text) => ({ group, text })),
  );
  const checks = plan.failed_checks.map((message) => ({
    group: `### Checks that failed (${plan.failed_checks.length})`,
    text: `- ${plain(message)}`,
  }));
  return [...groups, ...outputs, ...checks];
}

function resourceTexts({ address, notes, diff }: PlannedResource, limit: number): string[] {
  const title = [`<code>${html(address)}</code>`, ...notes.map(html)].join(', ');
  if (diff.length > 0) return folded(title, diff, limit);
  return [
    `- ${code(address)}${notes.map((note) => `, ${plain(note).replaceAll('@', UNMENTIONED)}`).join('')}`,
  ];
}

/** A diff that is folded away, in as many pieces as the limit asks for. */
export function folded(title: string, diff: readonly string[], limit: number): string[] {
  const text = diff.join('\n');
  const fence = text.includes('```') ? '`'.repeat(longestRun(text) + 1) : '```';
  const frame = (name: string, inner: string) =>
    `<details><summary>${name}</summary>\n\n${fence}diff\n${inner}\n${fence}\n\n</details>`;
  const whole = frame(title, text);
  if (Buffer.byteLength(whole) <= limit) return [whole];
  const room = limit - Buffer.byteLength(frame(`${title} (continued)`, ''));
  return pieces(diff, room).map((lines, index) =>
    frame(index === 0 ? title : `${title} (continued)`, lines.join('\n')),
  );
}

/** Lines in portions of at most `room` bytes; a line that is longer itself goes on in the next, after `…`. */
function pieces(lines: readonly string[], room: number): string[][] {
  const result: string[][] = [];
  let portion: string[] = [];
  let size = 0;
  for (const line of lines.flatMap((one) => shortened(one, room))) {
    const length = Buffer.byteLength(line) + 1;
    if (portion.length > 0 && size + length > room) {
      result.push(portion);
      portion = [];
      size = 0;
    }
    portion.push(line);
    size += length;
  }
  result.push(portion);
  return result;
}

function shortened(line: string, room: number): string[] {
  if (Buffer.byteLength(line) < room) return [line];
  const sign = line.charAt(0);
  const result: string[] = [];
  let part = '';
  let size = 0;
  for (const character of line) {
    const length = Buffer.byteLength(character);
    // Room for the line's end, and for the three bytes of the mark.
    if (size + length > room - 8) {
      result.push(`${part}…`);
      part = `${sign} …`;
      size = part.length;
    }
    part += character;
    size += length;
  }
  return [...result, part];
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** An @ that GitHub takes for no mention: a word joiner, which has no width, follows it. */
const UNMENTIONED = '@\u2060';

/** Text inside of HTML, that mentions nobody. */
export function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', UNMENTIONED);
}
