import { AthenaQueryError } from '../aws/athena-query-error.ts';
import { ExplainedError, explanation } from '../lake/explained-error.ts';
import { missingPermission, statementFor } from '../terraform/missing-permission.ts';

/** Any failure as people read it: what, where, why most likely, and the cure. */
export function failureText(error: unknown): string {
  return explanation(explained(error));
}

/** What an edge would rather have people do about an answer of AWS or of the network. */
export type Cures = Partial<Record<(typeof KNOWN)[number]['kind'], string>>;

/**
 * The failure with its cure: as it was thrown, or by what AWS's answer or the network usually means; `cures` of the edge
 * go first.
 */
export function explained(error: unknown, cures: Cures = {}): ExplainedError {
  if (error instanceof ExplainedError) return error;
  if (!(error instanceof Error)) return new ExplainedError({ what: String(error), cure: REPORT });
  const cause = error;
  const what = `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}`;
  if (error instanceof AthenaQueryError) {
    return new ExplainedError({
      what: error.message,
      where: `${error.queryId === null ? '' : `query ${error.queryId}: `}${error.sql.length > 300 ? `${error.sql.slice(0, 300)}…` : error.sql}`,
      cure: 'mend the statement; the views and tables there are: SHOW TABLES',
      cause,
    });
  }
  const known = KNOWN.find(({ name }) => name.test(error.name) || name.test(codeOf(error)));
  if (known !== undefined) {
    const cure = known.kind === 'denied' ? permissionCure(error.message) : undefined;
    return new ExplainedError({
      what,
      why: known.why,
      cure: cure ?? cures[known.kind] ?? known.cure,
      cause,
    });
  }
  // Parts beside the verbs write their own cure into the message.
  if (/^\s*cure:/m.test(error.message)) {
    const [first = '', ...rest] = error.message.split('\n');
    const part = (label: string) =>
      rest.find((line) => line.trim().startsWith(label))?.replace(/^\s*\w+:\s*/, '');
    return new ExplainedError({
      what: first,
      where: part('where:'),
      why: part('why:'),
      cure: part('cure:') ?? REPORT,
      cause,
    });
  }
  return new ExplainedError({ what, cure: REPORT, cause });
}

/** What grants the permission that AWS names; `undefined` when it names none. */
function permissionCure(message: string): string | undefined {
  if (/Lake Formation permission/.test(message))
    return (
      'use the role that Terraform made for this environment; to let another one read, add it to analysts in the tfvars and ' +
      'apply (docs/lake-formation-permissions.md)'
    );
  const missing = missingPermission(message);
  if (missing === undefined) return undefined;
  return `use the role that Terraform made for this environment, or put this statement into the policy of yours: ${statementFor(missing)}`;
}

const REPORT = 'run it again with MYDATAHUB_DEBUG=1 to see where it comes from';

const KNOWN = [
  {
    kind: 'credentials',
    name: /^(CredentialsProviderError|ExpiredToken(Exception)?|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch)$/,
    why: 'there are no AWS credentials here, or they have expired',
    cure: 'sign in (aws sso login, or aws-actions/configure-aws-credentials in a workflow), then run it again',
  },
  {
    kind: 'denied',
    name: /^(AccessDenied(Exception)?|Forbidden|UnauthorizedException)$/,
    why: 'the role you use may not do this',
    cure: 'use the role that Terraform made for this environment, or let it be allowed what the message names',
  },
  {
    kind: 'bucket',
    name: /^(NoSuchBucket|PermanentRedirect)$/,
    why: 'the bucket is not there, or in another region',
    cure: 'check s3_bucket_name and aws_region in the tfvars of the environment, and that Terraform was applied',
  },
  {
    kind: 'network',
    name: /^(ECONNREFUSED|ENOTFOUND|ECONNRESET|ETIMEDOUT|TimeoutError)$/,
    why: 'nothing answers there: the local lake has ended, or the network is down',
    cure: 'npx mydatahub local status says whether the lake runs; npx mydatahub local up starts it',
  },
  {
    kind: 'throttled',
    name: /^(ThrottlingException|TooManyRequestsException|SlowDown|RequestLimitExceeded)$/,
    why: 'AWS asks to slow down, and went on after several tries',
    cure: 'wait a minute and run it again; what is done already is not done twice',
  },
  {
    kind: 'absent',
    name: /^EntityNotFoundException$/,
    why: 'the name or id is wrong, or Terraform has not been applied to this lake',
    cure: 'correct the name or id, or leave it out; otherwise apply terraform/ for this lake',
  },
] as const satisfies readonly { kind: string; name: RegExp; why: string; cure: string }[];

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
