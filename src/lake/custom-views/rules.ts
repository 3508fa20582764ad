import { z } from 'zod';

const text = z.string();
const line = z.number().int().positive();
const rule = z.object({
  line,
  entity1: text.optional(),
  pattern: text.optional(),
  repeated_values: z.object({ line, value: text }).optional(),
  leave_out: z.array(z.object({ line, key: text })).default([]),
  rename: z.array(z.object({ line, key: text, column: text })).default([]),
  cast: z.array(z.object({ line, key: text, type: text })).default([]),
  extra_columns: z
    .array(
      z.object({
        line,
        name: text,
        expression: text,
        expression_line: line.optional(),
        type: text,
        comment: text.optional(),
      }),
    )
    .default([]),
  filter: z.object({ line, expression: text }).optional(),
  order: z.array(z.object({ line, column: text })).optional(),
  comments: z.array(z.object({ line, column: text, text })).default([]),
  comment: z.object({ line, text }).optional(),
});

/** config/views.yml as it is in the bucket: the rules in their order, each part with its line. Writer: upload-assets. */
export const viewRules = z.object({ version: z.literal(1), views: z.array(rule) });
export type ViewRules = z.infer<typeof viewRules>;
export const WITHOUT_RULES: ViewRules = { version: 1, views: [] };

type Said = { readonly line: number; readonly text: string };
type ExtraColumn = {
  readonly line: number;
  readonly expression: string;
  readonly type: string;
  readonly comment: string;
};

/** What holds for one entity1. Keys are original texts; `columns`, `order` and `comments` are about column names. */
export type EntityRules = {
  readonly latest: boolean;
  readonly leaveOut: ReadonlySet<string>;
  readonly rename: ReadonlyMap<string, Said>;
  readonly cast: ReadonlyMap<string, string>;
  readonly columns: ReadonlyMap<string, ExtraColumn>;
  readonly filter: string | undefined;
  readonly order: readonly string[];
  readonly comments: ReadonlyMap<string, string>;
  readonly comment: string;
};

/**
 * What holds for an entity1; undefined when no rule is about it. Of what can be there once the last rule counts, the others add up
 * key by key, as in glue-scripts/mydatahub_glue/view_rules.py.
 */
export function rulesOf({ views }: ViewRules, entity1: string): EntityRules | undefined {
  const found = views.filter((one) => isAbout(one, entity1));
  if (found.length === 0) return undefined;
  return {
    latest: found.findLast((one) => one.repeated_values)?.repeated_values?.value === 'latest',
    leaveOut: new Set(found.flatMap((one) => one.leave_out.map(({ key }) => key))),
    rename: new Map(
      found.flatMap((one) => one.rename.map(({ key, column, line }) => [key, { line, text: column }])),
    ),
    cast: new Map(found.flatMap((one) => one.cast.map(({ key, type }) => [key, type]))),
    columns: new Map(
      found.flatMap((one) =>
        one.extra_columns.map(({ name, line, expression, type, comment = '' }) => [
          name,
          { line, expression, type, comment },
        ]),
      ),
    ),
    filter: found.findLast((one) => one.filter)?.filter?.expression,
    order: found.findLast((one) => one.order)?.order?.map(({ column }) => column) ?? [],
    comments: new Map(found.flatMap((one) => one.comments.map(({ column, text: said }) => [column, said]))),
    comment: found.findLast((one) => one.comment)?.comment?.text ?? '',
  };
}

/** A rule, or a part of one, that is about nothing; as without_effect of the same file says it. */
export type IdleRule = { readonly line: number; readonly problem: string };

/** @param keys entity1 to its keys */
export function idleRules({ views }: ViewRules, keys: ReadonlyMap<string, readonly string[]>): IdleRule[] {
  return views.flatMap((one): IdleRule[] => {
    const about = [...keys].filter(([entity1]) => isAbout(one, entity1));
    if (about.length === 0)
      return [{ line: one.line, problem: `there is no entity1 '${one.entity1 ?? one.pattern}'` }];
    const there = new Set(about.flatMap(([, some]) => some));
    return [...one.leave_out, ...one.rename, ...one.cast]
      .filter(({ key }) => !there.has(key))
      .map(({ line: at, key }) => ({ line: at, problem: `no entity1 of this rule has the key '${key}'` }));
  });
}

function isAbout({ entity1, pattern = '' }: ViewRules['views'][number], text: string): boolean {
  if (entity1 !== undefined) return entity1 === text;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`).test(text);
}
