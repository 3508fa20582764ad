import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { z } from 'zod';
import { ExplainedError } from '../explained-error.ts';
import { stateText } from '../state.ts';
import { type ViewRules, viewRules } from './rules.ts';
import { type CustomViews, customViews } from './schema.ts';

/** One place where the file is not what its schema asks for. `line` and `column` are from 1. */
export type ViewsProblem = { readonly line: number; readonly column: number; readonly problem: string };

type Path = readonly PropertyKey[];
type Place = { readonly line: number; readonly column: number };
/** Where a part of a text of the file is: `at` characters from the beginning of `part`. */
type Within = (path: Path, part: string, at: number) => Place;

/** What was read: the object for the job, or everything that is wrong with the file. */
export type ReadViews =
  | { readonly ok: true; readonly rules: number; readonly object: string }
  | { readonly ok: false; readonly problems: readonly ViewsProblem[] };

/**
 * Reads config/views.yml. The object that it becomes is JSON, which is YAML too: the same rules in their order, each
 * part with its line, so that the job can name it and needs no parser of its own
 * (glue-scripts/mydatahub_glue/view_rules.py reads it).
 */
export function readCustomViews(text: string): ReadViews {
  const lines = new LineCounter();
  // Every text as it is written: without this schema 01 is the number 1, and names another key.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, schema: 'failsafe' });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const place = (path: Path): Place => placeAt(offsetOf(document, path));
  const broken = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    ...placeAt(pos[0]),
    problem: message.split('\n')[0]?.replace(/ at line \d+, column \d+:$/, '') ?? message,
  }));
  const refuse = (node: Node, problem: string) =>
    void broken.push({ ...placeAt(node.range?.[0] ?? 0), problem });
  visit(document, {
    Alias: (_, node) => refuse(node, 'a text that begins with * stands in quotes'),
    Value(_, node) {
      if (node.anchor) refuse(node, 'a text that begins with & stands in quotes');
    },
    Pair(_, { key }) {
      if (isCollection(key)) refuse(key, 'a key that begins with [ or { stands in quotes');
      // JavaScript keeps nothing under this name.
      if (isScalar(key) && key.value === '__proto__') refuse(key, 'no rule can be about the key __proto__');
    },
  });
  if (broken.length > 0) return { ok: false, problems: broken };
  const parsed = customViews.safeParse(document.toJS());
  if (parsed.success) {
    const { views } = parsed.data;
    const line = (...path: Path) => place(['views', ...path]).line;
    const object = {
      version: 1,
      views: views.map((rule, index) => lined(rule, (...path) => line(index, ...path))),
    };
    return { ok: true, rules: views.length, object: stateText(object) };
  }
  const within: Within = (path, part, at) => {
    const offset = offsetWithin(text, document.getIn(path, true), part, at);
    return offset === undefined ? place(path) : placeAt(offset);
  };
  const nothing = nothingIn(document, text);
  if (nothing !== undefined) return { ok: false, problems: [{ ...place(['views']), problem: nothing }] };
  const problems = parsed.error.issues.flatMap((issue) =>
    problemsOf(issue, { place, within, isMissing: (path) => isEmpty(document.getIn(path, true)) }),
  );
  return { ok: false, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** As `readCustomViews`, with the rules as they are in the bucket. */
export function readViewRules(
  text: string,
):
  | { readonly ok: true; readonly rules: ViewRules }
  | { readonly ok: false; readonly problems: readonly ViewsProblem[] } {
  const read = readCustomViews(text);
  return read.ok ? { ok: true, rules: viewRules.parse(JSON.parse(read.object)) } : read;
}

/** A file of rules that cannot be used; `file` is how people call it. */
export class BrokenRules extends ExplainedError {
  readonly file: string;
  readonly problems: readonly ViewsProblem[];

  constructor(file: string, problems: readonly ViewsProblem[]) {
    super({
      what: `${file} does not say in the right way what views are to be`,
      where: problems.map((problem) => problemText(file, problem)).join('\n'),
      why: 'each line above names a place and what is expected there',
      cure: `mend them, then npx mydatahub validate ${file}; docs/custom-views.md has an example of each part`,
    });
    this.name = 'BrokenRules';
    this.file = file;
    this.problems = problems;
  }
}

/** The object for the bucket. Throws BrokenRules; `file` is how people call the file. */
export function customViewsObject(text: string, file: string): string {
  const read = readCustomViews(text);
  if (read.ok) return read.object;
  throw new BrokenRules(file, read.problems);
}

/** The object that stands for a file that is not there: no rules. */
export const NO_RULES = stateText({ version: 1, views: [] });

/** `FILE:LINE:COLUMN: PROBLEM`, as editors and terminals link it. */
export function problemText(file: string, { line, column, problem }: ViewsProblem): string {
  return `${file}:${line}:${column}: ${problem}`;
}

type Rule = CustomViews['views'][number];

/** A rule with the line of each part. */
function lined(rule: Rule, line: (...path: Path) => number) {
  const items = <T>(
    member: keyof Rule,
    of: Readonly<Record<string, T>> | undefined,
    item: (name: string, value: T) => object,
  ) =>
    of === undefined
      ? {}
      : {
          [member]: Object.entries(of).map(([name, value]) => ({
            line: line(member, name),
            ...item(name, value),
          })),
        };
  const list = (member: 'leave_out' | 'order', by: string) => {
    const of = rule[member];
    return of === undefined
      ? {}
      : { [member]: of.map((name, at) => ({ line: line(member, at), [by]: name })) };
  };
  const one = (member: 'repeated_values' | 'filter' | 'comment', by: string) =>
    rule[member] === undefined ? {} : { [member]: { line: line(member), [by]: rule[member] } };
  return {
    line: line(),
    ...(rule.entity1 === undefined ? { pattern: rule.pattern } : { entity1: rule.entity1 }),
    ...one('repeated_values', 'value'),
    ...list('leave_out', 'key'),
    ...items('rename', rule.rename, (key, column) => ({ key, column })),
    ...items('cast', rule.cast, (key, type) => ({ key, type: type.replace(' ', '') })),
    ...items('extra_columns', rule.extra_columns, (name, { type, ...column }) => ({
      name,
      expression_line: line('extra_columns', name, 'expression'),
      ...column,
      type: type.replace(' ', ''),
    })),
    ...one('filter', 'expression'),
    ...list('order', 'column'),
    ...items('comments', rule.comments, (column, text) => ({ column, text })),
    ...one('comment', 'text'),
  };
}

/** What the file says where it says nothing: most often its rules were made comments. */
function nothingIn(document: Document, text: string): string | undefined {
  const write = (where: string) => `where ${where} is wanted, write views: []`;
  if (isEmpty(document.contents)) {
    const comments = /^\s*#/m.test(text) ? ' but comments' : '';
    return `the file: nothing is in it${comments}; ${write('no rule')}`;
  }
  const isWithout = document.has('views') && isEmpty(document.get('views', true));
  return isWithout ? `views: no rule is in it; ${write('none')}` : undefined;
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.source === '' && node.type === 'PLAIN');
}

type Places = {
  readonly place: (path: Path) => Place;
  readonly within: Within;
  /** Whether nothing is written there. */
  readonly isMissing: (path: Path) => boolean;
};

function problemsOf(issue: z.core.$ZodIssue, { place, within, isMissing }: Places): ViewsProblem[] {
  const inRule = issue.path[0] === 'views' && issue.path.length > 1;
  const where = (inRule ? issue.path.slice(2).join('.') || 'the rule' : issue.path.join('.')) || 'the file';
  const told = (problem: string) => `${where}: ${problem}`;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      ...place([...issue.path, key]),
      problem: told(`${key} is not known here`),
    }));
  }
  if (issue.code === 'invalid_key') {
    return [{ ...place(issue.path), problem: told(issue.issues[0]?.message ?? issue.message) }];
  }
  if (issue.code === 'custom' && typeof issue.params?.expression === 'string') {
    const { expression, at } = issue.params;
    return [{ ...within(issue.path, String(expression), Number(at)), problem: told(issue.message) }];
  }
  return [
    {
      ...place(issue.path),
      problem: told(issue.code === 'invalid_type' ? wrongType(issue, isMissing(issue.path)) : issue.message),
    },
  ];
}

const KINDS = new Map([
  ['string', 'a text'],
  ['array', 'a list'],
  ['object', 'a map'],
  ['record', 'a map'],
]);

function wrongType({ expected, message }: z.core.$ZodIssueInvalidType, isMissing: boolean): string {
  const wanted = KINDS.get(expected) ?? expected;
  const received = message.replace(/^.*received /, '');
  if (isMissing || received === 'undefined' || received === 'null') return `${wanted} is missing`;
  const quotes = expected === 'string' ? '; put it in quotes' : '';
  return `${wanted} is expected, not ${KINDS.get(received) ?? received}${quotes}`;
}

/** Undefined where the file writes the part in another way than it is read: with '' for ', or over several lines. */
function offsetWithin(file: string, node: unknown, part: string, at: number): number | undefined {
  if (!isScalar(node) || !node.range) return undefined;
  const [from, to] = node.range;
  const found = file.slice(from, to).indexOf(part);
  return found < 0 ? undefined : from + found + at;
}

/** Where the part of a path begins: the name of a member, or the item of a list; the nearest part that is there. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!isPair(pair)) return offset;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(part)];
      if (isNode(item)) offset = item.range?.[0] ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}
