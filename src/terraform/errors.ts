import { missingPermission, statementFor } from './missing-permission.ts';

const KEPT_LINES = 40;

type Explanation = { readonly why: string; readonly cure: string };

/** What Terraform says when it fails for a reason that a person can cure, and the cure. */
const KNOWN: readonly ({ readonly says: RegExp } & Explanation)[] = [
  {
    says: /Error acquiring the state lock/,
    why: 'another run holds the lock of this state, or was killed while it did',
    cure: 'wait for the other run; if there is none any more: terraform force-unlock <ID shown above>',
  },
  {
    says: /Failed to query available provider packages|Failed to install provider/,
    why: 'the AWS provider could not be fetched: no way to the registry, and no mirror of it here',
    cure: 'allow the download, or set MYDATAHUB_TERRAFORM_MIRROR to a folder made by `terraform providers mirror`',
  },
  {
    says: /AWS account ID not allowed|AWS Account ID not allowed/i,
    why: 'the credentials belong to another account than the one this environment names in allowed_account_ids',
    cure: 'sign in to the right account, or correct allowed_account_ids in the environment’s tfvars',
  },
  {
    says: /No valid credential sources found|ExpiredToken|InvalidClientTokenId/,
    why: 'there are no AWS credentials here, or they have expired',
    cure: 'sign in (for example `aws sso login`) and run the command again',
  },
  {
    says: /Invalid value for variable|No value for required variable/,
    why: 'a variable has a value that is not allowed, or none',
    cure: 'correct it in the environment’s tfvars; the message above says what is allowed',
  },
  {
    // GetDataLakeSettings and the others are refused by IAM in its own words, below.
    says: /Insufficient Lake Formation permission|requester is not authorized to access requested permissions/,
    why:
      'whoever applies is no Lake Formation administrator in this account and region, so it may not grant ' +
      '(or the database was made by somebody else)',
    cure:
      'an administrator of the account runs, once, with the ARN of the role or user that applies: ' +
      'npx mydatahub administrators --region REGION --add ARN (bootstrap/ does this for the roles it makes); then apply ' +
      'again. More: docs/troubleshooting-lakeformation.md',
  },
  {
    says: /executable file not found|fork\/exec \S+: no such file/,
    why: 'a program that the configuration calls is not there: the AWS CLI (variable aws_cli), or mydatahub in bootstrap/',
    cure: 'install the AWS CLI (https://docs.aws.amazon.com/cli/), or set aws_cli to its path',
  },
  {
    says: /REFUSED: this would destroy or replace/,
    why: 'allow_destroy is false, and everything is to be destroyed or the bucket, database or table replaced',
    cure: 'take the change back; or, if you want it: apply with allow_destroy = true first, then do this again',
  },
  {
    says: /BucketNotEmpty/,
    why: 'Terraform never empties the bucket: what is in it is data',
    cure: 'remove its objects and their versions yourself (terraform/README.md, "Taking a lake down"), then do this again',
  },
  {
    says: /Table Optimizer[\s\S]*EntityNotFoundException/i,
    why: 'the table is not there yet: the first ingestion makes it',
    cure: 'apply with enable_table_optimizers = false, run the ingestion, then apply with true',
  },
  {
    says: /with an explicit deny/,
    why: 'a policy denies it: of the caller, its permissions boundary, the resource or the organization; no statement that allows can overrule that',
    cure: 'have the statement that denies changed, or apply as somebody whom it does not meet',
  },
  {
    says: /connection refused/,
    why: 'the endpoint does not answer: the local lake is not up, or has just gone down',
    cure: 'npx mydatahub local up',
  },
];

/** A command of Terraform that failed: which, where, what it said last, why most likely, and what to do. */
export class TerraformError extends Error {
  readonly command: string;
  /** Exit status, or the name of the signal that ended it. */
  readonly status: string;
  /** What it said, its last {@link KEPT_LINES} lines. */
  readonly output: string;

  constructor(failure: { command: string; status: string; directory: string; output: string }) {
    const output = failure.output.trim().split('\n').slice(-KEPT_LINES).join('\n');
    const known = explanationOf(failure.output);
    super(
      [
        `terraform ${failure.command} failed (exit ${failure.status}) in ${failure.directory}`,
        ...output.split('\n').map((line) => `  | ${line}`.trimEnd()),
        ...(known === undefined ? [] : [`  why:  ${known.why}`]),
        `  cure: ${known?.cure ?? 'mend what the last error above names, and run the command again'}`,
      ].join('\n'),
    );
    this.name = 'TerraformError';
    this.command = failure.command;
    this.status = failure.status;
    this.output = output;
  }
}

function explanationOf(output: string): Explanation | undefined {
  // Terraform breaks long messages into lines of its own.
  const text = output.replace(/\s*\n[│|\s]*/g, ' ');
  return KNOWN.find(({ says }) => says.test(text)) ?? lackingPermission(text);
}

function lackingPermission(text: string): Explanation | undefined {
  const missing = missingPermission(text);
  if (missing === undefined) return undefined;
  return {
    why: `no policy of the caller allows ${missing.actions.join(', ')} on ${missing.resources.join(', ')}`,
    cure:
      `give the caller this statement, then run the command again: ${statementFor(missing)} ` +
      '(a role that terraform/bootstrap made gets it there, in github_plan.tf or github_apply.tf)',
  };
}

/** The error of a program that could not be started. */
export function missing(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT') return new Error(`terraform could not be started: ${error.message}`);
  return new Error(
    'terraform was not found on the PATH\n' +
      '  why:  the lake is set up by Terraform 1.10 or newer\n' +
      '  cure: install it (https://developer.hashicorp.com/terraform/install) and open a new shell',
  );
}
