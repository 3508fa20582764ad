import type { Cures } from '../verbs/failure.ts';

/** What to do in a workflow about the answers of AWS that people meet most. */
export const WORKFLOW_CURES: Cures = {
  credentials: `sign in with OIDC before this step:
permissions:
  id-token: write
  contents: read
steps:
  - uses: aws-actions/configure-aws-credentials@v6
    with:
      role-to-assume: \${{ vars.AWS_ROLE_ARN }}
      aws-region: \${{ vars.AWS_REGION }}`,
  bucket: 'check the inputs bucket and aws-region of this step, and that Terraform was applied',
  network: 'run the job again; if AWS_ENDPOINT_URL is set for it, see that something listens there',
  absent: 'correct the name or id among the inputs of this step, or apply terraform/ for this lake',
};
