import { describe, expect, it } from 'vitest';
import type { JobRun } from '../../../src/aws/glue.ts';
import { commandLine } from '../../../src/lake/lake.ts';
import { jobFailure } from '../../../src/verbs/job-failure.ts';

const RUN: JobRun = {
  id: 'jr_1',
  job: 'create-views-dual-engine',
  state: 'FAILED',
  error: 'JobFailure: 1 of 2 views failed',
  logGroup: '/aws-glue/jobs/x',
  seconds: 1,
  dpuSeconds: 1,
};
const cureOf = (run: Partial<JobRun>) => jobFailure({ ...RUN, ...run }, commandLine('dev'), {}).cure;

describe('the cure of a job that failed', () => {
  it('is to start it again once the reason is mended', () => {
    expect(cureOf({})).toBe(
      'mend what the message names, then start it again: npx mydatahub run-ingestion --lake dev; nothing is ingested twice',
    );
  });

  it('sends the rules of views first, where they are the reason', () => {
    expect(cureOf({ error: 'entity_view_a: config/views.yml:9: reads tail, which is no column here' })).toBe(
      'mend what the message names, npx mydatahub upload-assets --lake dev, then start it again: ' +
        'npx mydatahub run-ingestion --lake dev; nothing is ingested twice',
    );
  });

  it('is the one that the job itself has said, with its verbs on this lake, and is no part of the reason', () => {
    const reasons = [
      '1 of 2 views failed; the others are published.',
      'a: refused. To cure it: nothing of it is asked here.',
      'b: config/views.yml:9: reads tail',
    ];
    const cure =
      'mend config/views.yml where it is named, then npx mydatahub upload-assets, then npx mydatahub run-ingestion; ' +
      'the next run takes up only what is missing';
    const said = `${reasons.join('\n')}\nTo cure it: ${cure}.`;
    // As Python tells it, and with what Glue may write before.
    for (const before of [
      '',
      'Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 81; ',
      'mydatahub_glue.failure.',
    ]) {
      const failure = jobFailure({ ...RUN, error: `${before}JobFailure: ${said}` }, commandLine('dev'), {});
      expect(failure.why).toBe(reasons.join('\n'));
      expect(failure.cure).toBe(
        cure
          .replace('upload-assets', 'upload-assets --lake dev')
          .replace('run-ingestion', 'run-ingestion --lake dev'),
      );
    }
  });

  it('says how the job starts again, where its own cure does not', () => {
    expect(cureOf({ error: 'JobFailure: it was edited. To cure it: apply terraform/ again.' })).toBe(
      'apply terraform/ again. Start it again by npx mydatahub run-ingestion --lake dev; nothing is ingested twice',
    );
    const back =
      'JobFailure: not undone. To cure it: npx mydatahub rollback --to 7, then npx mydatahub run-ingestion.';
    expect(cureOf({ error: back })).toBe(
      'npx mydatahub rollback --lake dev --to 7, then npx mydatahub run-ingestion --lake dev',
    );
    const meant =
      'JobFailure: many. To cure it: if this is meant, npx mydatahub run-ingestion --confirm-removals.';
    expect(cureOf({ error: meant })).toBe(
      'if this is meant, npx mydatahub run-ingestion --confirm-removals --lake dev',
    );
  });

  it('leaves what nobody expected as Glue tells it', () => {
    const failure = jobFailure({ ...RUN, error: 'KeyError: 1' }, commandLine('dev'), {});
    expect([failure.why, failure.cure]).toEqual([
      'KeyError: 1',
      expect.stringMatching(/^mend what the message names/),
    ]);
  });

  it('names what a time-out needs', () => {
    expect(cureOf({ state: 'TIMEOUT' })).toMatch(/^raise job_timeout_minutes/);
  });
});
