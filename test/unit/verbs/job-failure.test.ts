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

  it('names what a time-out needs', () => {
    expect(cureOf({ state: 'TIMEOUT' })).toMatch(/^raise job_timeout_minutes/);
  });
});
