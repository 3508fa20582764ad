import type { Principal } from '../identity/principal.ts';
import type { Decision } from '../policy/evaluation.ts';
import { AwsError } from '../protocol.ts';

/** A permission that is missing, and for which policies' sake. */
export type Denial = Extract<Decision, { readonly allowed: false }> & {
  readonly action: string;
  readonly resource: string | undefined;
};

/** Services that refuse by another code or status than `AccessDeniedException` with 400. */
const FORMS: Readonly<Record<string, readonly [status: number, code: string]>> = {
  s3: [403, 'AccessDenied'],
  iam: [403, 'AccessDenied'],
  sts: [403, 'AccessDenied'],
  cloudwatch: [403, 'AccessDenied'],
  sns: [403, 'AuthorizationError'],
  lakeformation: [403, 'AccessDeniedException'],
};

/**
 * AWS's refusal of a permission, in AWS's words: the code is that of the called service, which may ask for a permission
 * of another one. Source: IAM User Guide, "Access denied error messages"; Athena and S3 have a form of their own.
 */
export function denied(principal: Principal, denial: Denial, calledService: string): AwsError {
  const [status, code] = FORMS[calledService] ?? [400, 'AccessDeniedException'];
  return new AwsError(code, message(principal, denial), { status });
}

/** The service that an action belongs to: `glue` of `glue:GetTable`. */
export function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'));
}

function message(principal: Principal, { action, resource = '*', explicit, by }: Denial): string {
  const service = serviceOf(action);
  if (service === 'athena') {
    return (
      `You are not authorized to perform: ${action} on the resource. After your AWS administrator or you have ` +
      'updated your permissions, please try again.'
    );
  }
  const what = service === 's3' ? `"${resource}"` : resource;
  const why = explicit
    ? `with an explicit deny in ${by.startsWith('i') ? 'an' : 'a'} ${by}`
    : `because no ${by} allows the ${action} action`;
  return `User: ${principal.sessionArn} is not authorized to perform: ${action} on resource: ${what} ${why}`;
}
