import { describe, expect, it } from 'vitest';
import { explained } from '../../../src/verbs/failure.ts';

function refused(name: string, message: string) {
  return explained(Object.assign(new Error(message), { name, $metadata: {} }));
}

describe('a refusal of AWS is explained', () => {
  it('with the statement that grants what was missing', () => {
    const error = refused(
      'AccessDeniedException',
      'User: arn:aws:sts::123456789012:assumed-role/ci/x is not authorized to perform: glue:StartWorkflowRun on resource: ' +
        'arn:aws:glue:eu-central-1:123456789012:workflow/data-lake because no identity-based policy allows the ' +
        'glue:StartWorkflowRun action',
    );
    expect(error.cure).toContain(
      '{"Effect":"Allow","Action":"glue:StartWorkflowRun","Resource":"arn:aws:glue:eu-central-1:123456789012:workflow/data-lake"}',
    );
  });

  it('with the grant of Lake Formation', () => {
    const error = refused(
      'AccessDeniedException',
      'Insufficient Lake Formation permission(s): Required Select on entity_view_a',
    );
    expect(error.cure).toContain('add it to analysts');
  });

  it('with the role to use, where AWS does not say what was missing', () => {
    expect(refused('AccessDenied', 'Access Denied').cure).toContain(
      'use the role that Terraform made for this environment',
    );
  });
});
