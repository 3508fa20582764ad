import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitHub, github } from '../../../src/github/api.ts';
import type { Permission } from '../../../src/github/api-error.ts';
import {
  COMMENT_LIMIT,
  marker,
  markerOf,
  markOutdated,
  stickyComments,
  syncComments,
} from '../../../src/github/sticky-comments.ts';
import { FakeGitHub } from '../../support/fake-github.ts';

const WRITE: Permission = { scope: 'pull-requests', level: 'write' };
const PULL = 7;
let fake: FakeGitHub;
let api: GitHub;
let pauses: number[];
let said: string[];

beforeEach(async () => {
  fake = await FakeGitHub.start();
  pauses = [];
  said = [];
  const clock = { now: () => 1_000_000, sleep: async (pause: number) => void pauses.push(pause) };
  const { url: apiUrl, token, owner, repo } = fake;
  api = github({ apiUrl, token, owner, repo, fork: false, clock, say: (line) => said.push(line) });
});
afterEach(() => fake[Symbol.asyncDispose]());

const bodies = (name: string, ...texts: string[]) =>
  texts.map((text, index) => `${marker({ name, part: index + 1, commit: 'abc' })}${text}`);
const sync = async (name: string, ...texts: string[]) =>
  syncComments(api, PULL, name, await stickyComments(api, PULL, WRITE), bodies(name, ...texts), WRITE);

describe('sticky comments', () => {
  it('are created once, changed where they differ, and removed when they are surplus', async () => {
    expect(await sync('plan:dev', 'one', 'two', 'three')).toMatchObject({ written: 3, removed: 0 });
    fake.requests.length = 0;
    expect(await sync('plan:dev', 'one', 'other')).toMatchObject({ written: 1, removed: 1 });
    expect(fake.bodies(PULL)).toEqual(bodies('plan:dev', 'one', 'other'));
    expect(fake.requests.map((line) => line.split(' ')[0])).toEqual(['GET', 'PATCH', 'DELETE']);
    expect(await sync('plan:dev', 'one', 'other')).toMatchObject({ written: 0, removed: 0 });
  });

  it('of one name never touch those of another, nor those that somebody else wrote', async () => {
    await sync('plan:dev', 'dev');
    await sync('plan:prod', 'prod');
    const [quoted = ''] = bodies('plan:dev', 'what is this?');
    fake.comment(PULL, quoted, { login: 'ada', type: 'User' });
    expect(await sync('plan:dev')).toMatchObject({ written: 0, removed: 1 });
    expect(fake.bodies(PULL)).toEqual([...bodies('plan:prod', 'prod'), quoted]);
  });

  it('are found on every page of a long conversation', async () => {
    for (let count = 0; count < 250; count++) fake.comment(PULL, `talk ${count}`);
    await sync('plan:dev', 'dev');
    fake.requests.length = 0;
    await sync('plan:dev', 'changed');
    expect(fake.requests.map((line) => line.split(' ')[0])).toEqual(['GET', 'GET', 'GET', 'PATCH']);
  });

  it('are marked as outdated once, above all that they say', async () => {
    await sync('plan:dev', 'text');
    const mark = async () =>
      markOutdated(api, await stickyComments(api, PULL, WRITE), 'There is a newer commit.', WRITE);
    expect(await mark()).toBe(1);
    const [body = ''] = fake.bodies(PULL);
    expect(markerOf(body)).toEqual({ name: 'plan:dev', part: 1, commit: 'abc', outdated: true });
    expect(body.split('\n').slice(1)).toEqual(['> [!WARNING]', '> There is a newer commit.', '', 'text']);
    expect(await mark()).toBe(0);
    await sync('plan:dev', 'text');
    expect(fake.bodies(PULL)).toEqual(bodies('plan:dev', 'text'));
  });

  it('have a marker that nothing in it can end', () => {
    const name = 'plan:--> x';
    const line = marker({ name, part: 1, commit: 'c' });
    expect(line.match(/-->/g)).toHaveLength(1);
    expect(markerOf(`${line}text`)).toEqual({ name, part: 1, commit: 'c' });
    expect(markerOf('text')).toBeUndefined();
    expect(markerOf('<!-- mydatahub {"name":3} -->\n')).toBeUndefined();
  });
});

describe('an answer of GitHub', () => {
  it('is waited for when it says for how long, or is a disturbance', async () => {
    fake.refusals.push(
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 502 },
      {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1030' },
        message: 'API rate limit exceeded',
      },
    );
    await sync('plan:dev', 'one');
    expect(pauses).toEqual([7_000, 2_000, 31_000]);
    expect(said[0]).toContain('again in 7 s');
    expect(fake.bodies(PULL)).toHaveLength(1);
  });

  it.each([
    [{ status: 401 }, 'the token is wrong', `github-token: \${{ github.token }}`],
    [{ status: 404 }, 'acme/lake has no such thing', 'permissions:\n  pull-requests: write'],
    [
      { status: 403, message: 'Unable to create comment because issue is locked.' },
      'is locked',
      'Unlock conversation',
    ],
    [{ status: 422 }, 'refuses its content', 'number of the pull request'],
    [
      { status: 403, headers: { 'retry-after': '3600' } },
      'takes no more requests',
      'run the job again in 60 min',
    ],
  ])('of %j is explained, and not asked again', async (refusal, why, cure) => {
    fake.refusals.push(refusal);
    const failed = sync('plan:dev', 'one');
    await expect(failed).rejects.toMatchObject({
      why: expect.stringContaining(why),
      cure: expect.stringContaining(cure),
    });
    expect(pauses).toEqual([]);
  });

  it('of 500 is explained when it comes again and again', async () => {
    fake.refusals.push(...Array.from({ length: 4 }, () => ({ status: 500 })));
    await expect(sync('plan:dev', 'one')).rejects.toThrow(/^GitHub answered 500, after 4 tries/);
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
  });

  it('that never comes is explained', async () => {
    await fake[Symbol.asyncDispose]();
    await expect(sync('plan:dev', 'one')).rejects.toThrow(/^GitHub did not answer, after 4 tries/);
    fake = await FakeGitHub.start();
  });

  it('of a token without the permission names the line of YAML that grants it', async () => {
    fake.permissions['pull-requests'] = 'read';
    fake.permissions.issues = 'read';
    await expect(sync('plan:dev', 'one')).rejects.toMatchObject({
      message: 'GitHub answered 403: Resource not accessible by integration',
      where: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments of acme/lake',
      cure: expect.stringContaining('permissions:\n  pull-requests: write'),
    });
  });

  it('about a fork says that nothing is to be mended', async () => {
    fake.permissions['pull-requests'] = 'read';
    fake.permissions.issues = 'read';
    const { url: apiUrl, token, owner, repo } = fake;
    const clock = { now: () => 0, sleep: async () => {} };
    const ofFork = github({ apiUrl, token, owner, repo, fork: true, clock, say: () => {} });
    await expect(
      syncComments(ofFork, PULL, 'plan:dev', [], bodies('plan:dev', 'x'), WRITE),
    ).rejects.toMatchObject({
      why: expect.stringContaining('comes from a fork'),
      cure: expect.stringContaining('read the job summary'),
    });
  });

  it('to a comment that is too long is GitHub’s own refusal', async () => {
    const [body = ''] = bodies('plan:dev', 'x'.repeat(COMMENT_LIMIT));
    await expect(syncComments(api, PULL, 'plan:dev', [], [body], WRITE)).rejects.toThrow('Body is too long');
  });
});
