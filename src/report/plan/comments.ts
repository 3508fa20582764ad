import { COMMENT_LIMIT, marker } from '../../github/sticky-comments.ts';
import type { PlanDocument } from '../../terraform/plan/document.ts';
import { code, parts } from '../markdown.ts';
import { attach } from './attached.ts';
import { type Block, planBlocks } from './blocks.ts';
import { planHeading, planOrigin } from './heading.ts';

/** Kept free in each comment: for its marker and title, and for the note that marks it as outdated. */
const RESERVE = 1_500;
const ROOM = COMMENT_LIMIT - RESERVE;
/** A block stands below a heading. */
const BLOCK_ROOM = ROOM - 200;
/** What a job summary takes of a plan: GitHub's limit is 1 MiB for all that a step writes. */
const SUMMARY_ROOM = 1024 * 1024 - 24 * 1024;

/** Name of the sticky comment of an environment's plan. */
export function commentName(environment: string): string {
  return `plan:${environment}`;
}

/**
 * A plan as comments, each within GitHub's limit: heading first, then every resource, nothing cut off. They are divided
 * between resources; the canonical form travels in them, unseen.
 */
export function planComments(plan: PlanDocument): string[] {
  const first = parts(planHeading(plan), planOrigin(plan));
  const texts = packed(first, planBlocks(plan, BLOCK_ROOM), ROOM).map(({ text }) => text);
  const shown = attach(texts, plan, ROOM);
  return shown.map((text, index) => {
    const line = marker({ name: commentName(plan.environment), part: index + 1, commit: plan.commit });
    const part = shown.length === 1 ? '' : `, part ${index + 1} of ${shown.length}`;
    return `${line}## Terraform plan: ${code(plan.environment)}${part}\n\n${text}`;
  });
}

/** A plan as one piece of Markdown for the job summary. What does not fit any more is counted, never dropped unsaid. */
export function planSummary(plan: PlanDocument): string {
  const blocks = planBlocks(plan, BLOCK_ROOM);
  const [first, ...rest] = packed(planHeading(plan), blocks, SUMMARY_ROOM);
  const left = rest.reduce((sum, { count }) => sum + count, 0);
  if (left === 0) return first?.text ?? '';
  return parts(
    first?.text ?? '',
    `**${left.toLocaleString('en')} of ${blocks.length.toLocaleString('en')} entries** do not fit into a job summary, which holds 1 MiB: they are in the comments of the pull request and in the document of this step.`,
  );
}

type Text = { readonly text: string; readonly count: number };

/** Blocks one after the other below their headings, in as many texts as the room asks for. A heading is repeated in each. */
function packed(first: string, blocks: readonly Block[], room: number): Text[] {
  const texts: Text[] = [];
  let pieces = [first];
  let size = Buffer.byteLength(first);
  let count = 0;
  let group: string | undefined;
  for (const block of blocks) {
    const goesOn = block.group === group;
    const heading = goesOn ? 0 : Buffer.byteLength(block.group) + 2;
    const length = Buffer.byteLength(block.text) + 2;
    if (size + heading + length > room) {
      texts.push({ text: pieces.join('\n\n'), count });
      pieces = [goesOn ? `${block.group}, continued` : block.group];
      size = Buffer.byteLength(pieces[0] ?? '');
      count = 0;
    } else if (!goesOn) {
      pieces.push(block.group);
      size += heading;
    }
    group = block.group;
    pieces.push(block.text);
    size += length;
    count++;
  }
  return [...texts, { text: pieces.join('\n\n'), count }];
}
