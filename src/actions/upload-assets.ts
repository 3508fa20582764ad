import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { RULES_FILE } from '../lake/view-warnings.ts';
import { code, table } from '../report/markdown.ts';
import { counted } from '../verbs/progress.ts';
import type { UploadAssetsResult } from '../verbs/upload-assets.ts';
import type { Conversation } from '../verbs/verb.ts';
import { defineAction, type Surroundings } from './action.ts';
import { ruleAnnotations } from './breach-annotations.ts';
import { path } from './inputs.ts';

/** What comes with the action, at the same place of its own repository. */
const FALLBACKS = { 'scripts-directory': 'glue-scripts', 'jar-list': 'jars/pom.xml' } as const;

export const action = defineAction({
  verb: 'upload-assets',
  inputs: {
    'scripts-directory': path(FALLBACKS['scripts-directory']),
    'jar-list': path(FALLBACKS['jar-list']),
    'views-file': path(RULES_FILE),
  },
  check: (values, surroundings) =>
    (['scripts-directory', 'jar-list'] as const)
      .filter((input) => isAbsent(values[input] ?? FALLBACKS[input], FALLBACKS[input], surroundings))
      .map((input) => ({
        problem: `${input} is ${JSON.stringify(values[input])}: nothing is there (is it checked out before this step?)`,
        line: `${input}: ${FALLBACKS[input]}   # or leave it out to use what comes with the action`,
      })),
  async run(lake, values, conversation, surroundings) {
    const { uploadAssets } = await import('../verbs/upload-assets.ts');
    const ownOr = (input: keyof typeof FALLBACKS) =>
      ownOrBrought(input, values[input], conversation, surroundings);
    const files = {
      scripts: ownOr('scripts-directory'),
      pom: ownOr('jar-list'),
      views: resolve(surroundings.workspace, values['views-file']),
    };
    const jars = () => fetchJars(files.pom, conversation, surroundings.env);
    return uploadAssets(lake, files, jars, conversation);
  },
  isResult: (result): result is UploadAssetsResult => 'sent' in result,
  outputNames: ['uploaded', 'unchanged'],
  outputs: ({ sent, unchanged }) => ({ uploaded: sent.length, unchanged: unchanged.length }),
  headline: ({ sent, unchanged }) => `${counted(sent.length, 'asset')} sent, ${unchanged.length} unchanged`,
  summary: ({ sent }) =>
    sent.length === 0
      ? ''
      : table(
          ['Object', 'SHA-256'],
          sent.map(({ key, sha256 }) => [code(key), code(sha256.slice(0, 12))]),
        ),
  async places(error, _, { workspace }) {
    const { BrokenRules } = await import('../lake/custom-views/read.ts');
    if (!(error instanceof BrokenRules)) return [];
    return ruleAnnotations(error.problems, resolve(error.file), workspace);
  },
});

/** Whether an input names something of one's own that is not there. */
function isAbsent(value: string, fallback: string, { workspace }: Surroundings): boolean {
  return value !== fallback && !existsSync(resolve(workspace, value));
}

/** The caller's file or folder where there is one, else the one that came with the action. */
function ownOrBrought(
  input: keyof typeof FALLBACKS,
  value: string,
  conversation: Conversation,
  { workspace, repository }: Surroundings,
): string {
  const own = resolve(workspace, value);
  if (existsSync(own)) {
    conversation.say(`${input}: ${relative(workspace, own) || '.'} of this repository`);
    return own;
  }
  conversation.say(`${input}: ${FALLBACKS[input]} that comes with the action`);
  return join(repository, FALLBACKS[input]);
}

/** The JARs of the POM, fetched by Maven, which GitHub's runners have. Their checksums are taken while they are sent. */
async function fetchJars(pom: string, conversation: Conversation, env: NodeJS.ProcessEnv): Promise<string> {
  const { copyDependencies } = await import('../lake/jars.ts');
  const hash = createHash('sha256').update(await readFile(pom));
  const folder = join(env.RUNNER_TEMP ?? tmpdir(), `mydatahub-jars-${hash.digest('hex').slice(0, 16)}`);
  await mkdir(folder, { recursive: true });
  conversation.say('fetching the JARs with Maven');
  await copyDependencies(pom, folder, withoutSecrets(env));
  return folder;
}

/** What Maven and its plugins have no business to see. */
function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(AWS_|INPUT_|ACTIONS_|STATE_|GITHUB_TOKEN$)/.test(name)),
  );
}
