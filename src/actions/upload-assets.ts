import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { ExplainedError } from '../lake/explained-error.ts';
import { code, table } from '../report/markdown.ts';
import { counted } from '../verbs/progress.ts';
import type { UploadAssetsResult } from '../verbs/upload-assets.ts';
import type { Conversation } from '../verbs/verb.ts';
import { defineAction, type Surroundings } from './action.ts';
import { path } from './inputs.ts';

const SCRIPTS = 'glue-scripts';
const JAR_LIST = 'jars/pom.xml';

export const action = defineAction({
  verb: 'upload-assets',
  inputs: {
    'scripts-directory': path(SCRIPTS),
    'jar-list': path(JAR_LIST),
    'views-file': path('config/views.yml'),
  },
  async run(lake, values, conversation, surroundings) {
    const { uploadAssets } = await import('../verbs/upload-assets.ts');
    const ownOr = (input: 'scripts-directory' | 'jar-list', fallback: string) =>
      ownOrBrought(input, values[input], fallback, conversation, surroundings);
    const files = {
      scripts: ownOr('scripts-directory', SCRIPTS),
      pom: ownOr('jar-list', JAR_LIST),
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
    const file = relative(workspace, resolve(error.file)).split(sep).join('/');
    return error.problems.map(({ line, column, problem }) => ({
      title: 'The rules of the views are broken',
      message: problem,
      file,
      line,
      column,
    }));
  },
});

/** The caller's file or folder where there is one, else the one that came with the action. */
function ownOrBrought(
  input: string,
  value: string,
  fallback: string,
  conversation: Conversation,
  { workspace, repository }: Surroundings,
): string {
  const own = resolve(workspace, value);
  if (existsSync(own)) {
    conversation.say(`${input}: ${relative(workspace, own) || '.'} of this repository`);
    return own;
  }
  if (value === fallback) {
    conversation.say(`${input}: ${fallback} that comes with the action`);
    return join(repository, fallback);
  }
  throw new ExplainedError({
    what: `upload-assets: ${input} names something that is not there`,
    where: own,
    why: 'the path is misspelt, or actions/checkout has not run before this step',
    cure: `correct ${input}, or leave it out to use what comes with the action`,
  });
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
