import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runnerConversation } from '../../../src/actions/runner-conversation.ts';
import { type RunnerFiles, runnerFiles } from '../../../src/github/runner-files.ts';
import { annotation, commandLine, harmless } from '../../../src/github/workflow-commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'mydatahub-runner-'));
const env = {
  GITHUB_OUTPUT: join(folder, 'output'),
  GITHUB_STATE: join(folder, 'state'),
  GITHUB_STEP_SUMMARY: join(folder, 'summary'),
};
let files: RunnerFiles;
beforeEach(() => {
  files = runnerFiles(env);
});
afterEach(() => {
  for (const file of Object.values(env)) rmSync(file, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a command to the runner', () => {
  it('escapes what the runner would take for syntax, in the message and in properties', () => {
    const shown = { title: 'a:b,c%', message: '100 %\r\nnext', file: 'data/a,b:c.csv', line: 3, column: 7 };
    expect(annotation('error', shown)).toBe(
      '::error file=data/a%2Cb%3Ac.csv,line=3,col=7,title=a%3Ab%2Cc%25::100 %25%0D%0Anext',
    );
  });

  it('has no properties when there are none', () => {
    expect(commandLine('endgroup', {}, '')).toBe('::endgroup::');
  });

  it.each(['::add-mask::x', '  ::error::x', 'a ##[error]x', 'one\r::error::x', 'one\n::error::x'])(
    'is never what somebody else printed: %j',
    (text) => {
      for (const line of harmless(text).split(/\r|\n/)) {
        expect(line).not.toMatch(/^\s*::/);
        expect(line).not.toContain('##[');
      }
    },
  );
});

describe('the files of the runner', () => {
  it('take values of any content', () => {
    files.output('note', 'a\nb=c\nEOF');
    const text = readFileSync(env.GITHUB_OUTPUT, 'utf8');
    const [, delimiter = ''] = /^note<<(\S+)\n/.exec(text) ?? [];
    expect(text).toBe(`note<<${delimiter}\na\nb=c\nEOF\n${delimiter}\n`);
  });

  it('take no summary beyond the limit of GitHub, and say so', () => {
    files.summary('ü'.repeat(100).concat('\n').repeat(6000));
    const text = readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024);
    expect(text).toMatch(/ü\n\nThe rest does not fit[^\n]+\n$/);
    expect(text).not.toContain('\ufffd');
  });

  it('are missed by name outside of GitHub Actions', () => {
    expect(() => runnerFiles({})).toThrow('GITHUB_OUTPUT is not set');
  });
});

describe('the log of a step', () => {
  function conversation() {
    let now = 0;
    let text = '';
    const clock = { now: () => now, sleep: async () => {} };
    const write = (more: string) => {
      text += more;
    };
    const talk = runnerConversation(write, files, clock, new AbortController().signal);
    return { talk, text: () => text, pass: (milliseconds: number) => (now += milliseconds) };
  }

  it('holds what a job prints in a group, and all else outside of it', () => {
    const { talk, text, pass } = conversation();
    talk.say('started');
    pass(12_000);
    talk.stage('ingest', 'RUNNING', 'jr_1');
    talk.log('ingest', 'one');
    talk.log('ingest', '::error::two');
    pass(173_000);
    talk.stage('ingest', 'SUCCEEDED', 'jr_1');
    expect(text()).toBe(
      [
        'started',
        '[12 s] ingest: RUNNING (job run jr_1)',
        '::group::Log of ingest',
        'one',
        '\u200b::error::two',
        '::endgroup::',
        '[3 min 5 s] ingest: SUCCEEDED (job run jr_1)',
        '',
      ].join('\n'),
    );
    expect(talk.stages()).toEqual([{ job: 'ingest', state: 'SUCCEEDED', took: 173_000 }]);
  });

  it('keeps what was started for the post step, with the newest queries only', () => {
    const { talk } = conversation();
    talk.started({ kind: 'workflow-run', name: 'data-lake', id: 'wr_1' });
    for (let id = 0; id < 50; id++) talk.started({ kind: 'query', id: `q${id}` });
    const state = readFileSync(env.GITHUB_STATE, 'utf8').trimEnd().split('\n').at(-2) ?? '';
    const work = JSON.parse(state) as { id: string }[];
    expect(work.map(({ id }) => id)).toEqual(['wr_1', ...Array.from({ length: 20 }, (_, i) => `q${i + 30}`)]);
  });
});
