import { cpus, totalmem } from 'node:os';
import { planComments, planSummary } from '../src/report/plan/comments.ts';
import { planDocument } from '../src/terraform/plan/document.ts';
import { largePlan, ORIGIN } from '../test/support/plans.ts';
import { median } from './measure.ts';

/**
 * How long the comment for a large plan takes, from what `terraform show -json` gave to the texts that are sent: reading and
 * masking, the canonical form and its digest, the diffs, dividing. Usage: plan-comment.ts [resources] [rounds]. The last
 * line is one JSON object: medians, in milliseconds; `first` is the first round, as a step of a workflow has it.
 */
const resources = Number(process.argv[2] ?? 2_000);
const rounds = Number(process.argv[3] ?? 15);
const shown = JSON.stringify(largePlan(resources));

type Round = {
  readonly document: number;
  readonly comments: number;
  readonly summary: number;
  /** Processor time of document and comments: it stays meaningful on a busy machine. */
  readonly processor: number;
};

function round(): Round & { readonly count: number; readonly longest: number } {
  const given: unknown = JSON.parse(shown);
  const used = process.cpuUsage();
  const begin = performance.now();
  const document = planDocument(given, ORIGIN);
  const read = performance.now();
  const comments = planComments(document);
  const rendered = performance.now();
  const { user, system } = process.cpuUsage(used);
  planSummary(document);
  const end = performance.now();
  return {
    document: read - begin,
    comments: rendered - read,
    summary: end - rendered,
    processor: (user + system) / 1000,
    count: comments.length,
    longest: Math.max(...comments.map((comment) => Buffer.byteLength(comment))),
  };
}

const all = Array.from({ length: rounds }, round);
const [first] = all;
const rounded = (value: number) => Math.round(value * 10) / 10;
const of = (part: keyof Round) => rounded(median(all.map((each) => each[part])));
const total = (each: Round) => rounded(each.document + each.comments);
console.log(
  JSON.stringify({
    bench: 'plan-comment',
    machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    resources,
    rounds,
    comments: first?.count,
    longest_bytes: first?.longest,
    document_ms: of('document'),
    comments_ms: of('comments'),
    summary_ms: of('summary'),
    plan_to_comments_ms: rounded(median(all.map(total))),
    processor_ms: of('processor'),
    first_processor_ms: rounded(first?.processor ?? Number.NaN),
    first_plan_to_comments_ms: first === undefined ? null : total(first),
  }),
);
