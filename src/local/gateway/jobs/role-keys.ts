import type { KeysOfRuns } from '../../spark/run-keys.ts';
import type { TemporaryCredentials } from '../identity/keys.ts';
import { servicePrincipal } from '../identity/principal.ts';
import { AwsError } from '../protocol.ts';
import type { Security } from '../security.ts';

/** The session of a job's role is called so on AWS. */
const SESSION = 'GlueJobRunnerSession';
/** Longer than any run may take; a run's keys are taken back when it ends. */
const SECONDS = 8 * 24 * 3600;

/** Glue assumes a job's role, and gives its run the role's keys. A role is named by its ARN, or by its name alone. */
export function keysOfRuns({ place, account, keys, roles }: Security): KeysOfRuns {
  const arnOf = async (role: string): Promise<string> => {
    if (role.startsWith('arn:')) return role;
    const found = await account.roleByName(role.slice(role.lastIndexOf('/') + 1));
    return found?.arn ?? `arn:aws:iam::${place.accountId}:role/${role}`;
  };
  const assumed = async (roleArn: string): Promise<TemporaryCredentials> => {
    try {
      const by = { service: 'glue.amazonaws.com' };
      return (await roles.assume({ roleArn, sessionName: SESSION, by, seconds: SECONDS })).credentials;
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'AccessDenied') throw error;
      throw new Error(`Role ${roleArn} should be given assume role permissions for Glue Service.`);
    }
  };
  return async (role, fineGrained) => {
    const own = await assumed(await arnOf(role));
    const holder = { principal: servicePrincipal('lakeformation.amazonaws.com'), userId: SESSION };
    const data = fineGrained ? keys.issue(holder, SECONDS) : own;
    return {
      role: own,
      data,
      revoke() {
        for (const { accessKeyId } of [own, data]) keys.remove(accessKeyId);
      },
    };
  };
}
