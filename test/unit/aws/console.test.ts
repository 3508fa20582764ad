import { expect, it } from 'vitest';
import { jobRunPage, workflowPage } from '../../../src/aws/console.ts';

it('the page of a workflow, and of a job run, is that of the region in its partition', () => {
  expect(workflowPage({ region: 'eu-central-1' }, 'data-lake')).toBe(
    'https://eu-central-1.console.aws.amazon.com/glue/home?region=eu-central-1#/v2/etl-configuration/workflows/view/data-lake',
  );
  expect(jobRunPage({ region: 'cn-north-1' }, 'a job', 'jr_1')).toBe(
    'https://cn-north-1.console.amazonaws.cn/gluestudio/home?region=cn-north-1#/job/a%20job/run/jr_1',
  );
});

it('a local lake has no console', () => {
  expect(workflowPage({ region: 'eu-central-1', endpoint: 'http://127.0.0.1:1' }, 'data-lake')).toBeNull();
});
