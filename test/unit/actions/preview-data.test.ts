import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { action } from '../../../src/actions/preview-data.ts';
import { VerbFailure } from '../../../src/verbs/verb.ts';
import { FakeGitHub } from '../../support/fake-github.ts';
import { endOf, spawnStep } from '../../support/step.ts';
import { recordedConversation } from '../verbs/support.ts';

const HEADER = 'entity1,entity2,entity3,entity4,key,value\n';
const PULL = 7;
const HEAD = 'a'.repeat(40);
let fake: FakeGitHub;
let workspace: string;

beforeEach(async () => {
  fake = await FakeGitHub.start();
  workspace = mkdtempSync(join(tmpdir(), 'mydatahub-preview-action-'));
  git('init', '--quiet');
  write('data/a.csv', `${HEADER}o,x,y,1,k,v\n`);
  write('terraform/env/dev.tfvars', 'removed_files = "remove"\n');
  git('add', '--all');
  git('commit', '--quiet', '-m', 'base');
  git('commit', '--quiet', '--allow-empty', '-m', 'merge');
});
afterEach(async () => {
  rmSync(workspace, { recursive: true });
  await fake[Symbol.asyncDispose]();
});

function git(...args: string[]): void {
  execFileSync('git', ['-C', workspace, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args]);
}
function write(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}

/** Runs the action on a pull request; `inputs` without INPUT_. */
async function preview(
  inputs: Record<string, string> = {},
  event: 'own' | 'fork' | 'none' = 'own',
  into = 'main',
) {
  const full_name = event === 'fork' ? 'somebody/lake' : 'acme/lake';
  const pull_request = {
    number: PULL,
    head: { sha: HEAD, repo: { full_name } },
    base: { repo: { full_name: 'acme/lake' } },
  };
  write('event.json', JSON.stringify(event === 'none' ? {} : { pull_request }));
  const given = Object.entries({ 'github-token': fake.token, ...inputs });
  const env = {
    GITHUB_API_URL: fake.url,
    GITHUB_REPOSITORY: 'acme/lake',
    GITHUB_BASE_REF: into,
    GITHUB_EVENT_PATH: join(workspace, 'event.json'),
    ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  };
  const outputs: Record<string, string> = {};
  const files = {
    output: (name: string, value: string) => {
      outputs[name] = value;
    },
    state: () => {},
    summary: () => {},
  };
  const conversation = recordedConversation();
  const surroundings = { env, workspace, repository: workspace };
  const done = await action.perform(files, conversation, surroundings).catch(async (error: unknown) => {
    if (!(error instanceof VerbFailure)) throw error;
    return { headline: 'broken', ...(await action.salvage(error, files, surroundings)) };
  });
  return { outputs, said: conversation.said.join('\n'), places: [], ...done };
}

describe('the action preview-data', () => {
  it('writes one comment on the pull request, and changes the same one the next time', async () => {
    write('data/b.csv', `${HEADER}otters,x,y,1,k,v\n`);
    const first = await preview();
    expect(first.outputs).toEqual({
      files: '1',
      'rows-added': '1',
      'rows-changed': '0',
      'rows-removed': '0',
      'new-views': 'entity_view_otters',
      conflicts: '0',
      broken: '0',
    });
    expect(first.headline).toBe('1 file differs; rows: 1 added. The view entity_view_otters appears.');
    expect(first.summary).toContain('| `b.csv` | new |');
    expect(fake.bodies(PULL)).toEqual([expect.stringContaining('| `b.csv` | new |')]);
    write('data/b.csv', `${HEADER}otters,x,y,1,k,v\notters,x,y,2,k,v\n`);
    await preview();
    expect(fake.bodies(PULL)).toEqual([expect.stringContaining('rows: 2 added')]);
    expect(fake.requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
  });

  it('writes nothing on a pull request without data, and takes back what it said before', async () => {
    await preview();
    expect(fake.bodies(PULL)).toEqual([]);
    write('data/b.csv', `${HEADER}otters,x,y,1,k,v\n`);
    await preview();
    rmSync(join(workspace, 'data/b.csv'));
    await preview();
    expect(fake.bodies(PULL)).toEqual([expect.stringContaining('No source file changes.')]);
  });

  it('asks nothing of GitHub for a fork: the job summary has it all', async () => {
    write('data/b.csv', `${HEADER}otters,x,y,1,k,v\n`);
    const { summary, said } = await preview({}, 'fork');
    expect(summary).toContain('| `b.csv` | new |');
    expect(said).toContain('see the job summary');
    expect(fake.requests).toEqual([]);
  });

  it('annotates each broken line, and comments on them', async () => {
    write('data/b.csv', `${HEADER}otters,x,y,1,,v\n`);
    const { places, outputs } = await preview();
    expect(places).toMatchObject([{ file: 'data/b.csv', line: 2, column: 14 }]);
    expect(outputs).toMatchObject({ files: '0', broken: '1' });
    expect(fake.bodies(PULL)).toEqual([expect.stringContaining('1 file breaks the contract')]);
  });

  it('comments on rules of views that change, though no source file does', async () => {
    write('config/views.yml', "views:\n  - pattern: '*'\n    rename:\n      k: code\n");
    const { headline } = await preview();
    expect(headline).toBe('No source file changes. config/views.yml changes the view entity_view_o.');
    expect(fake.bodies(PULL)).toEqual([expect.stringContaining('| `k` becomes `code` |')]);
  });

  it('says of rules that go into a branch of data when they take effect', async () => {
    write('config/views.yml', "views:\n  - pattern: '*'\n    rename:\n      k: code\n");
    write('data/b.csv', `${HEADER}o,x,y,2,k,v\n`);
    const { headline, summary } = await preview({}, 'own', 'data/dev');
    expect(headline).toBe(
      '1 file differs; rows: 1 added. config/views.yml changes, which takes effect once it is merged into main.',
    );
    expect(summary).not.toContain('code');
  });

  it.each(['own', 'fork'] as const)(
    'fails on rules that are broken, with an annotation on each place (%s)',
    async (event) => {
      write('config/views.yml', "views:\n  - pattern: '*'\n    rename:\n      k: Code\n    casts: {}\n");
      const { places, headline, summary } = await preview({}, event);
      expect(headline).toBe('broken');
      expect(places.map(({ file, line, column }) => [file, line, column])).toEqual([
        ['config/views.yml', 4, 7],
        ['config/views.yml', 5, 5],
      ]);
      expect(summary).toContain('| `config/views.yml` | 5 | 5 |');
      expect(fake.bodies(PULL)).toHaveLength(event === 'own' ? 1 : 0);
    },
  );

  it('marks each place for the runner that has started it, and still leaves its outputs, summary and comment', async () => {
    write('config/views.yml', "views:\n  - pattern: '*'\n    renames: {}\n");
    write('data/b.csv', `${HEADER}otters,x,y,1,k,v\notters,x,y,1,,v\n`);
    const pull_request = { number: PULL, head: { sha: HEAD, repo: { full_name: 'acme/lake' } } };
    write('event.json', JSON.stringify({ pull_request }));
    const env = {
      GITHUB_API_URL: fake.url,
      GITHUB_REPOSITORY: 'acme/lake',
      GITHUB_EVENT_PATH: join(workspace, 'event.json'),
    };
    const step = spawnStep('preview-data', { workspace, inputs: { 'github-token': fake.token }, env });
    const { log, outputs, summary } = await endOf('preview-data', step, 1);
    expect(log).toContain('::error file=data/b.csv,line=3,col=14,');
    expect(log).toContain('::error file=config/views.yml,line=3,col=5,');
    expect(outputs).toMatchObject({ broken: '1', files: '0' });
    expect(summary).toContain('| `config/views.yml` | 3 | 5 |');
    expect(fake.bodies(PULL)).toEqual([expect.stringContaining('| `b.csv` | 3 | key |')]);
  });

  it('takes what the lake does with removed files from the variables of the environment', async () => {
    write('data/b.csv', `${HEADER}o,x,y,2,k,v\n`);
    rmSync(join(workspace, 'data/a.csv'));
    expect((await preview()).outputs).toMatchObject({ 'rows-removed': '0' });
    expect((await preview({ environment: 'dev' })).outputs).toMatchObject({ 'rows-removed': '1' });
    expect(fake.bodies(PULL)).toHaveLength(2);
  });

  it('names inputs that do not go together, each with its line', async () => {
    await expect(preview({ bucket: 'my-lake' })).rejects.toMatchObject({
      why: expect.stringContaining('aws-region'),
    });
    await expect(preview({}, 'none')).rejects.toMatchObject({
      cure: expect.stringContaining('base: HEAD^1'),
    });
  });
});
