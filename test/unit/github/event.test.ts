import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runContext } from '../../../src/github/event.ts';

/** The context of a run for a pull request whose branch lies in `home`; null: that repository was deleted. */
function contextOf(home: string | null) {
  const folder = mkdtempSync(join(tmpdir(), 'mydatahub-event-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'event.json');
  const repo = home === null ? null : { full_name: home };
  const pull_request = {
    number: 7,
    head: { sha: 'abc', repo },
    base: { repo: { full_name: 'acme/lake' } },
  };
  writeFileSync(file, JSON.stringify({ pull_request }));
  return runContext({ GITHUB_EVENT_PATH: file, GITHUB_REPOSITORY: 'acme/lake' });
}

describe('the context of a run', () => {
  it.each([
    ['acme/lake', false],
    ['somebody/lake', true],
    [null, true],
  ])('knows whether a branch of %s comes from a fork', (home, fork) => {
    expect(contextOf(home).pullRequest).toEqual({ number: 7, headSha: 'abc', fork });
  });
});
