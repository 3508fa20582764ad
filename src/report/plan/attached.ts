import { z } from 'zod';
import { unpacked } from '../../terraform/plan/canonical.ts';
import type { PlanDocument } from '../../terraform/plan/document.ts';

/** The plan that a pull request shows, as terraform-apply reads it back. None of it is to be believed before the seal fits. */
export type ReviewedPlan = {
  readonly environment: string;
  readonly commit: string;
  readonly digest: string;
  readonly seal: string;
  /** The canonical text; `undefined` when parts of it are missing or damaged. */
  readonly text: string | undefined;
};

const OPEN = '\n\n<!-- mydatahub-canonical ';
const CLOSE = ' -->';
const LETTERS = /\n\n<!-- mydatahub-canonical ([A-Za-z0-9+/=]+) -->/;
const HEADER = /^<!-- mydatahub-plan (\{[^\n]*\}) -->$/m;
const header = z.object({
  environment: z.string(),
  commit: z.string(),
  digest: z.string(),
  seal: z.string(),
  length: z.number(),
});
/** What a part says when it shows nothing else. */
const MACHINE_PART =
  'This part shows nothing: it is the end of the plan in the form that `terraform-apply` compares with.';
/** Fewer letters than this are not worth their frame. */
const LEAST = 256;

/**
 * Puts a plan's canonical form into the parts that show it, in comments of HTML that nobody sees: as much as there is room
 * for in each, and further parts for what is left.
 *
 * @param limit bytes of a part
 */
export function attach(shown: readonly string[], plan: PlanDocument, limit: number): string[] {
  const { environment, commit, digest, seal, canonical } = plan;
  const line = `<!-- mydatahub-plan ${JSON.stringify({ environment, commit, digest, seal, length: canonical.length })} -->\n`;
  const [first = '', ...rest] = shown;
  const texts = [`${line}${first}`, ...rest];
  const result: string[] = [];
  let at = 0;
  for (let index = 0; index < texts.length || at < canonical.length; index++) {
    const text = texts[index] ?? MACHINE_PART;
    const room = limit - Buffer.byteLength(text) - OPEN.length - CLOSE.length;
    const letters = room < LEAST ? '' : canonical.slice(at, at + room);
    at += letters.length;
    result.push(letters === '' ? text : `${text}${OPEN}${letters}${CLOSE}`);
  }
  return result;
}

/** The plan in these parts, given in their order; `undefined` when there is none. */
export function detach(parts: readonly string[]): ReviewedPlan | undefined {
  const json = HEADER.exec(parts[0] ?? '')?.[1];
  if (json === undefined) return undefined;
  const read = header.safeParse(parsed(json));
  if (!read.success) return undefined;
  const letters = parts.map((part) => LETTERS.exec(part)?.[1] ?? '').join('');
  const { length, ...said } = read.data;
  return { ...said, text: letters.length === length ? unpacked(letters) : undefined };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
