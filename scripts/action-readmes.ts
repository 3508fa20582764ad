import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ACTIONS } from '../src/actions/main.ts';
import { code, parts, plain, table } from '../src/report/markdown.ts';

const described = z.strictObject({
  description: z.string(),
  required: z.boolean().default(false),
  default: z.string().optional(),
});

/** actions/VERB/action.yml, as far as this project uses GitHub's syntax for it. */
export const actionFile = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputs: z.record(z.string(), described),
  outputs: z.record(z.string(), z.strictObject({ description: z.string() })),
  runs: z.strictObject({
    using: z.literal('node24'),
    main: z.literal('main.js'),
    post: z.literal('post.js').optional(),
    'post-if': z.literal('cancelled()').optional(),
  }),
});

/** Names of all actions. */
export const VERBS = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];

/** The folder of an action, absolute. */
export function folderOf(verb: string): string {
  return join(import.meta.dirname, '..', 'actions', verb);
}

export function readActionFile(verb: string): z.infer<typeof actionFile> {
  return actionFile.parse(parse(readFileSync(join(folderOf(verb), 'action.yml'), 'utf8')));
}

/** README.md of an action: its action.yml as people read it. */
export async function readme(verb: keyof typeof ACTIONS): Promise<string> {
  const { name, description, inputs, outputs } = readActionFile(verb);
  const { inputs: read } = await ACTIONS[verb]();
  const needed = Object.entries(inputs)
    .filter(([name, input]) => input.required || USUAL[verb]?.includes(name))
    .map(([input]) => `    ${input}: ${read[input]?.example.replaceAll('\n', '\n    ')}`);
  const usage = [
    `- uses: OWNER/mydatahub/actions/${verb}@v1   # in this repository itself: ./actions/${verb}`,
    '  with:',
    ...needed,
  ];
  const given = (input: z.infer<typeof described>) =>
    input.required
      ? '**required**'
      : input.default === undefined || input.default === ''
        ? ''
        : code(input.default);
  return `${parts(
    '<!-- Generated from action.yml by scripts/action-readmes.ts (make action-readmes). -->',
    `# ${name}`,
    description,
    ['```yaml', ...usage, '```'].join('\n'),
    '## Inputs',
    table(
      ['Input', 'Default', 'What it is'],
      Object.entries(inputs).map(([input, about]) => [code(input), given(about), plain(about.description)]),
    ),
    '## Outputs',
    table(
      ['Output', 'What it is'],
      Object.entries(outputs).map(([output, about]) => [code(output), plain(about.description)]),
    ),
    credentials(verb),
  )}\n`;
}

/** Inputs that are not required and yet in most workflows. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  'terraform-plan': ['backend-config'],
  'terraform-apply': ['backend-config'],
  'plan-comment': ['plans'],
};
/** Actions that work without AWS. */
const WITHOUT_AWS = ['plan-comment'];

function credentials(verb: string): string {
  const rest = 'The whole chain is in [docs/actions.md](../../docs/actions.md).';
  if (WITHOUT_AWS.includes(verb)) return `It needs no credentials of AWS. ${rest}`;
  return `Credentials are those that the step finds in its environment: run \`aws-actions/configure-aws-credentials\` before it. ${rest}`;
}

if (import.meta.main) {
  for (const verb of VERBS) writeFileSync(join(folderOf(verb), 'README.md'), await readme(verb));
}
