import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runContext } from '../github/event.ts';
import type { Lake } from '../lake/lake.ts';
import type { DataPreview } from '../lake/preview/preview.ts';
import { RULES_FILE } from '../lake/view-warnings.ts';
import { previewParts, previewSentence } from '../report/data-preview.ts';
import { parts } from '../report/markdown.ts';
import type { PreviewOptions } from '../verbs/preview-data.ts';
import { type Conversation, VerbFailure } from '../verbs/verb.ts';
import { defineLakelessAction, type Surroundings } from './action.ts';
import { breachAnnotations, ruleAnnotations } from './breach-annotations.ts';
import { ENVIRONMENT_NAME, NO_ENVIRONMENT } from './environment-name.ts';
import { githubOf, TOKEN } from './github-inputs.ts';
import { flag, leftOut, optional, path, type Values } from './inputs.ts';
import { LAKE_INPUTS, lakeOfInputs } from './lake-inputs.ts';

const VERB = 'preview-data';

const INPUTS = {
  'data-directory': path('data'),
  'views-file': path(RULES_FILE),
  base: optional('HEAD^1', /^[^-\s]\S*$/, 'not a commit'),
  environment: optional('dev', ENVIRONMENT_NAME, NO_ENVIRONMENT),
  'terraform-directory': path('terraform'),
  bucket: leftOut(LAKE_INPUTS.bucket),
  'aws-region': leftOut(LAKE_INPUTS['aws-region']),
  'show-values': flag(),
  'summary-only': flag(),
  'github-token': TOKEN,
} as const;
type Given = Values<typeof INPUTS>;

export const action = defineLakelessAction({
  verb: VERB,
  inputs: INPUTS,
  check: ({ base, bucket, 'aws-region': region }, { env }) => {
    const lake = bucket !== undefined && region !== undefined;
    if ((bucket === undefined) !== (region === undefined)) {
      const missing = bucket === undefined ? 'bucket' : 'aws-region';
      return [
        {
          problem: `${missing} is missing beside its other half`,
          line: `${missing}: ${LAKE_INPUTS[missing].example}`,
        },
      ];
    }
    if (lake || base !== undefined || runContext(env).pullRequest !== undefined) return [];
    return [
      {
        problem: 'base is missing: outside of a pull request nothing says what to compare with',
        line: 'base: HEAD^1',
      },
    ];
  },
  async run(values, conversation, surroundings): Promise<DataPreview> {
    const { env, workspace } = surroundings;
    const context = runContext(env);
    const lake = await lakeOf(values, env);
    const folder = resolve(workspace, values['data-directory']);
    const { commitBase, lakeBase } = await import('../verbs/base-folders.ts');
    const { previewData } = await import('../verbs/preview-data.ts');
    const commit =
      values.base ?? (lake === undefined || context.pullRequest !== undefined ? 'HEAD^1' : undefined);
    const base =
      commit === undefined && lake !== undefined
        ? await lakeBase(lake)
        : await commitBase(folder, commit ?? 'HEAD^1');
    const options = await optionsOf(values, lake, surroundings);
    const show = (preview: DataPreview) => comment(preview, values, env, conversation);
    try {
      const preview = await previewData(folder, base, options, conversation);
      await show(preview);
      return preview;
    } catch (error) {
      if (error instanceof VerbFailure && isPreview(error.result)) await show(error.result);
      throw error;
    }
  },
  isResult: isPreview,
  outputNames: ['files', 'rows-added', 'rows-changed', 'rows-removed', 'new-views', 'conflicts', 'broken'],
  outputs: ({ files, rows, views, conflicts, broken }) => ({
    files: files.length,
    'rows-added': rows.added,
    'rows-changed': rows.changed,
    'rows-removed': rows.removed,
    'new-views': views
      .filter(({ change }) => change === 'appears')
      .map(({ view }) => view)
      .join(' '),
    conflicts: conflicts.new,
    broken: broken.length,
  }),
  headline: (preview) => previewSentence(preview).replaceAll('`', ''),
  summary: (preview) => parts(...previewParts(preview, 'Data preview').slice(1)),
  async places(error, values, { workspace }) {
    const { result } = error;
    if (!isPreview(result)) return [];
    const folder = resolve(workspace, values['data-directory']);
    return [
      ...(await breachAnnotations(result.broken, folder, workspace)),
      ...ruleAnnotations(result.rules.problems, resolve(workspace, values['views-file']), workspace),
    ];
  },
});

function isPreview(result: object): result is DataPreview {
  return 'names_of_lake' in result;
}

async function lakeOf(
  { bucket, 'aws-region': region }: Given,
  env: NodeJS.ProcessEnv,
): Promise<Lake | undefined> {
  if (bucket === undefined || region === undefined) return undefined;
  return lakeOfInputs(VERB, { bucket, 'aws-region': region }, env);
}

/** How the lake ingests: it says so itself, else the variables of the environment do. */
async function optionsOf(
  values: Given,
  lake: Lake | undefined,
  { env, workspace }: Surroundings,
): Promise<PreviewOptions> {
  const { PLAIN_SETTINGS, settingsOfLake, settingsOfVariables } = await import(
    '../verbs/preview-settings.ts'
  );
  const { environment, 'show-values': showValues, 'views-file': name } = values;
  // Rules are sent from the main branch, by the workflow deploy; data also from data/NAME.
  const sent = env.GITHUB_BASE_REF?.startsWith('data/') !== true;
  const rest = { showValues, rules: { file: resolve(workspace, name), name, sent } };
  if (lake !== undefined) return { ...(await settingsOfLake(lake)), ...rest };
  if (environment === undefined) return { ...PLAIN_SETTINGS, ...rest };
  const file = join(workspace, values['terraform-directory'], 'env', `${environment}.tfvars`);
  return { ...settingsOfVariables(await readFile(file, 'utf8')), ...rest };
}

/** Shows the preview on the pull request, where there is one and its token may write. */
async function comment(
  preview: DataPreview,
  values: Given,
  env: NodeJS.ProcessEnv,
  conversation: Conversation,
): Promise<void> {
  const context = runContext(env);
  const { pullRequest } = context;
  if (values['summary-only'] || pullRequest === undefined) return;
  if (pullRequest.fork) {
    conversation.say('the pull request comes from a fork, whose token cannot comment: see the job summary');
    return;
  }
  const { commentPreview } = await import('./preview-comment.ts');
  const api = githubOf(values['github-token'], env, conversation);
  await commentPreview(api, preview, values.environment, { ...context, pullRequest }, conversation);
}
