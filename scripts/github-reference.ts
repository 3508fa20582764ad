import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { REPOSITORY } from '../src/local/toolchain.ts';
import { code, parts, plain, table } from '../src/report/markdown.ts';
import { readActionFile, VERBS } from './action-readmes.ts';

/**
 * Writes docs/github-reference.md, every action and workflow with what it takes and may do, from action.yml and the
 * workflow files. With `--check` it writes nothing, and fails when the page differs. Usage: github-reference.ts [--check]
 */
const FOLDER = join(REPOSITORY, '.github', 'workflows');
export const PAGE = join(REPOSITORY, 'docs', 'github-reference.md');

const input = z.object({ description: z.string(), default: z.union([z.string(), z.boolean()]).optional() });
const filter = z
  .object({ branches: z.array(z.string()).optional(), paths: z.array(z.string()).optional() })
  .loose();
const workflowFile = z.object({
  name: z.string(),
  on: z.object({
    push: filter.nullish(),
    pull_request: z.unknown().optional(),
    merge_group: z.unknown().optional(),
    schedule: z.array(z.object({ cron: z.string() })).optional(),
    workflow_dispatch: z
      .object({ inputs: z.record(z.string(), z.object({ description: z.string() }).loose()).optional() })
      .nullish(),
    workflow_call: z.object({ inputs: z.record(z.string(), input).optional() }).nullish(),
  }),
  jobs: z.record(z.string(), z.object({ name: z.string(), permissions: z.record(z.string(), z.string()) })),
});
type WorkflowFile = z.infer<typeof workflowFile>;

/** The whole page. */
export function page(): string {
  const names = readdirSync(FOLDER).sort();
  return `${parts(
    '<!-- Generated from actions/*/action.yml and .github/workflows/ by scripts/github-reference.ts (make github-reference). -->',
    '# Actions and workflows: the reference',
    'For whoever changes a workflow of theirs. How to set a repository up: [github.md](github.md).',
    '## Actions',
    table(
      ['Action', 'Inputs', 'Outputs', 'What it does'],
      VERBS.map((verb) => {
        const { description, inputs, outputs } = readActionFile(verb);
        const marked = Object.entries(inputs).map(([name, about]) =>
          about.required ? `**${code(name)}**` : code(name),
        );
        const first = description.split(/(?<=\.)\s/)[0] ?? '';
        return [
          `[${verb}](../actions/${verb}/README.md)`,
          marked.join(' '),
          Object.keys(outputs).map(code).join(' '),
          plain(first),
        ];
      }),
    ),
    'Inputs in bold must be given. Each action has a page of its own behind its name.',
    '## Workflows',
    ...names.map(section),
  )}\n`;
}

function section(file: string): string {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const document = parseDocument(text);
  const { name, on, jobs } = workflowFile.parse(document.toJS());
  const about = /^((?:# .*\n)+)/.exec(text)?.[1]?.replace(/^# /gm, '').trim().replaceAll('\n', ' ') ?? '';
  const inputs = Object.entries(on.workflow_call?.inputs ?? {}).map(
    ([key, { description, default: value }]) => [
      code(key),
      value === undefined || value === '' ? '' : code(String(value)),
      plain(description),
    ],
  );
  return parts(
    `### [${name}](../.github/workflows/${file})`,
    plain(about),
    `Starts: ${starts(on).join('; ')}.`,
    table(
      ['Job', 'Permissions, and what for'],
      Object.keys(jobs).map((job) => [
        plain((jobs[job]?.name ?? job).replace(/\$\{\{.*\}\}/, 'ENVIRONMENT')),
        permissions(document, job),
      ]),
    ),
    inputs.length === 0 ? '' : table(['Input when called', 'Default', 'What it is'], inputs),
  );
}

function starts({
  push,
  pull_request,
  merge_group,
  schedule,
  workflow_dispatch,
}: WorkflowFile['on']): string[] {
  const found: string[] = [];
  if (push != null) {
    const paths = push.paths === undefined ? '' : ` that changes ${push.paths.map(code).join(', ')}`;
    found.push(`a push to ${(push.branches ?? []).map(code).join(', ')}${paths}`);
  }
  if (pull_request !== undefined) found.push('each commit of a pull request');
  if (merge_group !== undefined) found.push('each group of a merge queue');
  for (const { cron } of schedule ?? []) found.push(`by the clock (${code(cron)}, UTC)`);
  if (workflow_dispatch !== undefined) {
    const asks = Object.keys(workflow_dispatch?.inputs ?? {}).map(code);
    found.push(`the button "Run workflow"${asks.length === 0 ? '' : `, which asks for ${asks.join(', ')}`}`);
  }
  return [...found, 'a call from another workflow'];
}

/** `contents: read` with the reason that stands beside it. */
function permissions(document: ReturnType<typeof parseDocument>, job: string): string {
  const map = document.getIn(['jobs', job, 'permissions'], true) as YAMLMap<
    { value: string },
    { value: string; comment?: string }
  >;
  return map.items
    .map(
      ({ key, value }) => `${code(`${key.value}: ${value?.value}`)} ${plain(value?.comment?.trim() ?? '')}`,
    )
    .join('<br>');
}

if (import.meta.main) {
  if (!process.argv.includes('--check')) writeFileSync(PAGE, page());
  else if (readFileSync(PAGE, 'utf8') !== page()) {
    console.error(
      'docs/github-reference.md differs from the actions and workflows\n  cure: node scripts/github-reference.ts',
    );
    process.exitCode = 1;
  }
}
