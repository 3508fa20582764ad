import { describe, expect, it } from 'vitest';
import type { WorkflowRun } from '../../../src/aws/glue.ts';
import { coversWork } from '../../../src/verbs/running-run.ts';

const STATE = { covers: 'a' };
const AGAIN = { ...STATE, refresh: 'true', origin: 'https://github.com/acme/lake/actions/runs/1' };

function run(properties: Record<string, string>, more: Partial<WorkflowRun> = {}): WorkflowRun {
  return {
    id: 'wr_1',
    status: 'RUNNING',
    error: null,
    startedOn: 0,
    unsuccessful: 0,
    jobs: [],
    properties,
    ...more,
  };
}

describe('a run under way does what is wanted', () => {
  it.each([
    ['when it was started for the same state of the lake', STATE, STATE],
    ['when it does more than that', { ...STATE, full: 'true', confirm_removals: 'true' }, STATE],
    ['when the same GitHub run has started it to do something again', AGAIN, AGAIN],
    ['when it takes the table back to the same snapshot', { rollback_to: '7' }, { rollback_to: '7' }],
  ])('%s', (_, has, wanted) => {
    expect(coversWork(run(has), wanted)).toBe(true);
  });
});

describe('a run under way does not do what is wanted', () => {
  it.each([
    ['when files were pushed since', { covers: 'b' }, STATE],
    ['when somebody started it by hand, so that nobody knows what it covers', {}, STATE],
    ['when it only refreshes the views', AGAIN, STATE],
    ['when the views are wanted alone', STATE, AGAIN],
    ['when it may not remove as much', STATE, { ...STATE, confirm_removals: 'true' }],
    ['when somebody else wants the same done again', AGAIN, { ...AGAIN, origin: 'https://other' }],
    [
      'when nobody knows who wants it done again',
      { ...STATE, refresh: 'true' },
      { ...STATE, refresh: 'true' },
    ],
    ['when it takes the table back', { ...STATE, rollback_to: '7' }, STATE],
    ['when it takes the table back to another snapshot', { rollback_to: '7' }, { rollback_to: '8' }],
  ])('%s', (_, has, wanted) => {
    expect(coversWork(run(has), wanted)).toBe(false);
  });

  it('when it is being stopped, or one of its jobs has failed', () => {
    expect(coversWork(run(STATE, { status: 'STOPPING' }), STATE)).toBe(false);
    expect(coversWork(run(STATE, { unsuccessful: 1 }), STATE)).toBe(false);
  });
});
