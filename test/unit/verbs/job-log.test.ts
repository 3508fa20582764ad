import { describe, expect, it } from 'vitest';
import type { JobRun } from '../../../src/aws/glue.ts';
import type { Logs } from '../../../src/aws/logs.ts';
import { followLog, lastLines } from '../../../src/verbs/job-log.ts';
import type { Conversation } from '../../../src/verbs/verb.ts';

const RUN: JobRun = {
  id: 'jr_1',
  job: 'create-views-dual-engine',
  state: 'RUNNING',
  error: null,
  logGroup: '/aws-glue/jobs/x',
  seconds: 1,
  dpuSeconds: 1,
};
const FAILED: JobRun = { ...RUN, state: 'FAILED' };
const FRAMES = [
  'Traceback (most recent call last):',
  '  File "glue_create_views_dual_engine.py", line 81, in <module>',
  '    main()',
];
const MESSAGE = [
  '1 of 2 views failed; the others are published.',
  'a: config/views.yml:5: no',
  'To cure it: mend it.',
];
const THROWN = [`mydatahub_glue.failure.JobFailure: ${MESSAGE[0]}`, ...MESSAGE.slice(1)];
const ERROR = `JobFailure: ${MESSAGE.join('\n')}`;
const SUMMARY = ['SUMMARY', '  failed: 1: a'];

/** What is said of a log that comes in these pages; `run` is the job's end. */
async function said(run: JobRun, ...pages: string[][]): Promise<string[]> {
  const lines: string[] = [];
  const conversation = { log: (_: string, line: string) => lines.push(line) };
  const logs: Pick<Logs, 'read'> = {
    read: async (_group, _stream, token = '0') => ({
      lines: pages[Number(token)] ?? [],
      token: `${Number(token) + 1}`,
    }),
  };
  const say = followLog(logs, conversation as Pick<Conversation, 'log'>);
  for (const _ of pages.slice(1)) await say(RUN);
  await say(run);
  return lines;
}

describe('the log of a job that failed', () => {
  it('is said without the traceback and the message that the run has, whenever they come', async () => {
    const run = { ...FAILED, error: ERROR };
    expect(await said(run, [...SUMMARY, ...FRAMES, ...THROWN])).toEqual(SUMMARY);
    expect(await said(run, [...SUMMARY, ...FRAMES.slice(0, 2)], [FRAMES[2] ?? '', ...THROWN])).toEqual(
      SUMMARY,
    );
    expect(await said(run, SUMMARY, [...FRAMES, ...THROWN], [])).toEqual(SUMMARY);
  });

  it('is said without the failure that led to it, and with what comes behind', async () => {
    const run = { ...FAILED, error: ERROR };
    const chain = ['', 'The above exception was the direct cause of the following exception:', ''];
    const lines = [...SUMMARY, ...FRAMES, 'KeyError: 1', ...chain, ...FRAMES, ...THROWN, 'closed'];
    expect(await said(run, lines)).toEqual([...SUMMARY, 'closed']);
  });

  it('keeps of a message what the run has not: it was cut', async () => {
    const cut = { ...FAILED, error: `JobFailure: ${MESSAGE[0]}\na: config...` };
    expect(await said(cut, [...FRAMES, ...THROWN])).toEqual(MESSAGE.slice(1));
  });

  it('keeps every other traceback', async () => {
    const thread = ['Exception in thread 1:', ...FRAMES, 'KeyError: 1', 'it goes on'];
    const unexpected = { ...FAILED, error: 'KeyError: 1' };
    expect(await said(unexpected, SUMMARY, [...FRAMES, 'KeyError: 1'])).toEqual([
      ...SUMMARY,
      ...FRAMES,
      'KeyError: 1',
    ]);
    expect(await said({ ...FAILED, error: ERROR }, [...thread, ...FRAMES, ...THROWN])).toEqual(thread);
    expect(await said({ ...FAILED, state: 'SUCCEEDED' }, thread)).toEqual(thread);
  });

  it('ends with its last lines, for whoever comes late', async () => {
    const lines = [...Array.from({ length: 30 }, (_, n) => `line ${n}`), ...FRAMES, ...THROWN];
    const logs: Pick<Logs, 'tail'> = {
      tail: async (group, _, count) => (group.endsWith('/output') ? lines.slice(-count) : []),
    };
    const told = await lastLines(logs, { ...FAILED, error: ERROR });
    expect([told.length, told.at(-1)]).toEqual([20, 'line 29']);
  });
});
