import { RequestError } from '@octokit/request-error';
import { ExplainedError } from '../lake/explained-error.ts';

/** The line of `permissions:` that a call needs. */
export type Permission = {
  readonly scope: 'contents' | 'issues' | 'pull-requests';
  readonly level: 'read' | 'write';
};

export type FailedCall = {
  /** Such as `POST /repos/{owner}/{repo}/issues`. */
  readonly route: string;
  /** owner/repo. */
  readonly repository: string;
  readonly permission: Permission;
  /** The event is of a pull request from a fork. */
  readonly fork: boolean;
};

/** GitHub's answer as an explained failure. Whatever came after several tries says so by `tries`. */
export function explainedAnswer(error: unknown, call: FailedCall, tries: number): unknown {
  if (!(error instanceof RequestError)) return error;
  const { why, cure } = explanationOf(error, call);
  const again = tries > 1 ? `, after ${tries} tries` : '';
  const answered = error.response === undefined ? 'GitHub did not answer' : `GitHub answered ${error.status}`;
  return new ExplainedError({
    what: `${answered}${again}: ${error.message}`,
    where: `${call.route} of ${call.repository}`,
    why,
    cure,
    cause: error,
  });
}

/** Whether an answer of 403 or 429 is about too many requests, not about what the token may do. */
export function isRateLimit({ status, message, response }: RequestError): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    response?.headers['retry-after'] !== undefined ||
    response?.headers['x-ratelimit-remaining'] === '0' ||
    /rate limit|abuse detection/i.test(message)
  );
}

function explanationOf(
  error: RequestError,
  call: FailedCall,
): { readonly why: string; readonly cure: string } {
  const { status, response } = error;
  if (response === undefined)
    return {
      why: 'the network is down, or GITHUB_API_URL names a server that is not there',
      cure: 'run the job again; nothing is written twice',
    };
  if (status === 401)
    return {
      why: 'the token is wrong, or has expired with its job',
      cure: `leave github-token out, or write this at the step:\nwith:\n  github-token: \${{ github.token }}`,
    };
  if (isRateLimit(error)) {
    const reset = Number(response.headers['x-ratelimit-reset'] ?? Number.NaN) * 1000;
    const asked = Number(response.headers['retry-after'] ?? Number.NaN);
    const later = Number.isNaN(asked) ? 'in some minutes' : `in ${Math.ceil(asked / 60)} min`;
    const when = Number.isNaN(reset) ? later : `after ${new Date(reset).toISOString()}`;
    return {
      why: 'GitHub takes no more requests of this token now: its limit is shared by all jobs of the repository',
      cure: `run the job again ${when}`,
    };
  }
  if (status === 403 && /locked/i.test(error.message))
    return {
      why: 'the conversation is locked, also for the job',
      cure: 'unlock it (Unlock conversation, on the right of the page) and run the job again',
    };
  if (status === 403 || status === 404) return lacking(status, call);
  if (status === 410)
    return { why: 'issues are switched off in this repository', cure: 'Settings, General, Features: Issues' };
  if (status === 422)
    return {
      why: 'GitHub understood the request and refuses its content: its message says which part',
      cure: 'see that the number of the pull request is right; else report this with the message above',
    };
  return {
    why: 'GitHub itself is disturbed (www.githubstatus.com)',
    cure: 'run the job again later; nothing is written twice',
  };
}

function lacking(status: number, { permission, fork, repository }: FailedCall) {
  const { scope, level } = permission;
  if (fork && level === 'write')
    return {
      why: 'the pull request comes from a fork: its token can only read, whatever permissions says',
      cure: 'nothing to mend: read the job summary; leave this step out for forks with\nif: github.event.pull_request.head.repo.full_name == github.repository',
    };
  const named = status === 404 ? 'see that the number is right; if it is, ' : '';
  const hidden =
    status === 404
      ? `${repository} has no such thing, or the token may not see it (GitHub says 404 for both)`
      : `the token may not do this (${scope}: ${level})`;
  return {
    why: hidden,
    cure: `${named}write this at the job of the workflow (naming one permission takes all others away, so name all it needs):\npermissions:\n  ${scope}: ${level}`,
  };
}
