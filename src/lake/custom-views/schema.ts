import { z } from 'zod';
import { RESERVED_COLUMNS } from '../naming.ts';
import { expressionProblem } from './expression/problem.ts';

const MOST_DIGITS = 38;
const TYPE = /^(text|integer|boolean|date|decimal\((\d{1,2}), ?(\d{1,2})\))$/;

const column = z
  .string()
  .regex(
    /^[a-z_][a-z0-9_]{0,254}$/,
    'a column is named by a-z, 0-9 and _, at most 255, and not by a digit first',
  )
  .refine((name) => !RESERVED_COLUMNS.some((taken) => taken === name), {
    error: 'entity1 to entity4 are columns of every view; give another name',
  });
const key = z.string().min(1, 'a key is not empty');
const expression = z
  .string()
  .trim()
  .min(1, 'write an expression in the SQL of Athena')
  .superRefine((text, context) => {
    const found = text === '' ? undefined : expressionProblem(text);
    if (found === undefined) return;
    context.addIssue({ code: 'custom', message: found.problem, params: { expression: text, at: found.at } });
  });
const comment = (longest: number) =>
  z
    .string()
    .max(longest, `a comment has at most ${longest} characters here`)
    .regex(/^[^\p{Cc}]*$/u, 'a comment is one line of text');
/** As the Data Catalog takes them: Column.Comment, Table.Description. */
const columnComment = comment(255);
const viewComment = comment(2048);
const type = z
  .string()
  .regex(TYPE, 'the types are text, integer, decimal(P,S), boolean and date')
  .refine((name) => isType(name), { error: `decimal(P,S) has 0 <= S < P <= ${MOST_DIGITS}` });

const extraColumn = z.strictObject({
  expression: expression.describe('SQL of Athena over the columns of the view.'),
  type: type
    .default('text')
    .describe('What the expression gives: text, integer, decimal(P,S), boolean or date.'),
  comment: columnComment.optional(),
});

const rule = z
  .strictObject({
    entity1: z
      .string()
      .min(1, 'an entity1 is not empty')
      .optional()
      .describe('The one entity1 that the rule is about, as in the source files.'),
    pattern: z
      .string()
      .min(1, 'a pattern is not empty')
      .optional()
      .describe('All entity1 of this form; * stands for any text, "*" for all.'),
    repeated_values: z
      .enum(['greatest', 'latest'], 'repeated_values is greatest or latest')
      .optional()
      .describe('Of several values of one key of one entity: the greatest text, or the one ingested last.'),
    leave_out: z.array(key).optional().describe('Keys without a column. Expressions may read them.'),
    rename: z.record(key, column).optional().describe('Key to the name of its column.'),
    cast: z.record(key, type).optional().describe('Key to its type. A text that is no value of it is NULL.'),
    extra_columns: z.record(column, extraColumn).optional().describe('Further columns, by name.'),
    filter: expression
      .refine((text) => !/^NULL$/i.test(text), 'NULL lets no row through; leave the filter out')
      .optional()
      .describe('SQL of Athena: the rows for which it is true are in the view.'),
    order: z.array(column).optional().describe('Columns that come first, after entity1 to entity4.'),
    comments: z.record(column, columnComment).optional().describe('Column to what is said of it.'),
    comment: viewComment.optional().describe('What is said of the view.'),
  })
  .superRefine((found, context) => {
    if ((found.entity1 === undefined) === (found.pattern === undefined)) {
      context.addIssue({ code: 'custom', message: 'a rule has either entity1 or pattern' });
    }
    const taken = new Map<string, string>();
    const take = (name: string, by: string, path: string[]) => {
      const other = taken.get(name);
      if (other !== undefined) {
        context.addIssue({
          code: 'custom',
          path,
          message: `the column ${name} is given to ${other} as well`,
        });
      }
      taken.set(name, by);
    };
    for (const [of, name] of Object.entries(found.rename ?? {})) take(name, `the key ${of}`, ['rename', of]);
    for (const name of Object.keys(found.extra_columns ?? {})) {
      take(name, 'an extra column', ['extra_columns', name]);
    }
    for (const [index, name] of (found.order ?? []).entries()) {
      if (found.order?.indexOf(name) === index) continue;
      context.addIssue({
        code: 'custom',
        path: ['order', index],
        message: `the column ${name} is there twice`,
      });
    }
  });

/** config/views.yml: what people want of their views beyond one text column for each key. */
export const customViews = z.strictObject({
  views: z.array(rule).describe('Rules, taken in their order; several may be about one entity1.'),
});
export type CustomViews = z.infer<typeof customViews>;

/** The JSON Schema that is beside the file (config/views.schema.json), for editors. */
export function customViewsSchema(): string {
  const schema = z.toJSONSchema(customViews, {
    io: 'input',
    // What YAML reads as a number or a boolean is taken as it is written.
    override: ({ jsonSchema }) => {
      const isFree = jsonSchema.type === 'string' && !jsonSchema.pattern && !jsonSchema.enum;
      if (isFree) Object.assign(jsonSchema, { type: ['string', 'number', 'boolean'] });
    },
  });
  return `${JSON.stringify({ ...schema, title: 'config/views.yml of mydatahub' }, null, 2)}\n`;
}

function isType(name: string): boolean {
  const [, , precision, scale] = TYPE.exec(name) ?? [];
  if (precision === undefined) return true;
  return Number(scale) < Number(precision) && Number(precision) <= MOST_DIGITS;
}
