import { describe, expect, it } from 'vitest';
import { flag, optional, path, readInputs, required, variableOf } from '../../../src/actions/inputs.ts';
import { ACTIONS } from '../../../src/actions/main.ts';
import { action as runIngestion } from '../../../src/actions/run-ingestion.ts';
import { ExplainedError } from '../../../src/lake/explained-error.ts';
import { recordedConversation } from '../verbs/support.ts';

const NO_FILES = { output() {}, state() {}, summary() {} };
const INPUTS = {
  bucket: required(`\${{ vars.BUCKET }}`, /^[a-z-]+$/, 'not a bucket'),
  'data-directory': path('data'),
  force: flag(),
  'run-id': optional('wr_1', /^wr_\d+$/, 'no id'),
};

function failureOf(work: () => unknown): ExplainedError {
  try {
    work();
  } catch (error) {
    if (error instanceof ExplainedError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('the inputs of an action', () => {
  it('come by the names that the runner gives them', () => {
    expect(variableOf('aws-region')).toBe('INPUT_AWS-REGION');
    const env = {
      INPUT_BUCKET: ' my-lake ',
      'INPUT_DATA-DIRECTORY': 'csv',
      INPUT_FORCE: 'True',
      'INPUT_RUN-ID': 'wr_7',
    };
    expect(readInputs('x', INPUTS, env)).toEqual({
      bucket: 'my-lake',
      'data-directory': 'csv',
      force: true,
      'run-id': 'wr_7',
    });
  });

  it('may be left out, or empty, where they are not required', () => {
    expect(
      readInputs('x', INPUTS, { INPUT_BUCKET: 'my-lake', INPUT_FORCE: '', 'INPUT_RUN-ID': ' ' }),
    ).toEqual({
      bucket: 'my-lake',
      'data-directory': 'data',
      force: false,
      'run-id': undefined,
    });
  });

  it('are refused all at once, each with the line of YAML that mends it', () => {
    const env = { INPUT_BUCKET: '', INPUT_FORCE: 'yes', 'INPUT_RUN-ID': 'jr_1' };
    const error = failureOf(() => readInputs('x', INPUTS, env));
    expect(error.message).toBe('x: 3 inputs are missing or wrong');
    expect(error.why).toBe(
      'bucket is missing\nforce is "yes": neither true nor false\nrun-id is "jr_1": no id',
    );
    expect(error.cure).toContain(`with:\n  bucket: \${{ vars.BUCKET }}\n  force: true\n  run-id: wr_1`);
    expect(error.exitStatus).toBe(2);
  });

  it.each([
    ['upload-assets', { 'scripts-directory': 'mine', 'jar-list': 'my.xml' }],
    ['upload-data', { 'data-directory': 'csv' }],
    ['run-ingestion', { full: 'true', refresh: 'true' }],
  ] as const)(
    'of %s that name nothing, or contradict each other, are told with those that are missing',
    async (verb, given) => {
      const action = await ACTIONS[verb]();
      const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [variableOf(name), value]));
      const { why, cure } = await action
        .perform(NO_FILES, recordedConversation(), { env, workspace: '/nowhere', repository: '/nowhere' })
        .then(
          () => ({ why: undefined, cure: '' }),
          (error: ExplainedError) => error,
        );
      for (const name of ['bucket', 'aws-region', ...Object.keys(given)]) expect(why).toContain(name);
      for (const name of ['bucket', 'aws-region', ...Object.keys(given)]) expect(cure).toContain(name);
    },
  );

  it.each(['s3://lake', 'Lake', 'l', 'a/b'])('refuse what no bucket is called: %s', (bucket) => {
    const env = { INPUT_BUCKET: bucket, 'INPUT_AWS-REGION': 'eu-central-1' };
    const error = failureOf(() => readInputs('x', runIngestion.inputs, env));
    expect(error.why).toContain('not the name of a bucket');
  });

  it.each(['us-gov-west-1', 'eu-central-1', 'cn-north-1', 'eusc-de-east-1'])(
    'know the region %s',
    (region) => {
      const env = { INPUT_BUCKET: 'my-lake', 'INPUT_AWS-REGION': region };
      expect(readInputs('x', runIngestion.inputs, env)).toMatchObject({ 'aws-region': region });
    },
  );
});
