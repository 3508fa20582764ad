import type { KeysOfRuns } from '../../spark/run-keys.ts';
import type { TemporaryCredentials } from '../identity/keys.ts';
import type { Locations } from '../lakeformation/locations.ts';
import { AwsError } from '../protocol.ts';
import type { Security } from '../security.ts';

/** The session of a job's role is called so on AWS. */
const SESSION = 'GlueJobRunnerSession';
/** That of a registered location's role, when Lake Formation lends it to a run. */
const LENT_SESSION = 'AWSLF-00-GL';
/** Longer than any run may take; a run's keys are taken back when it ends. */
const SECONDS = 8 * 24 * 3600;

/** Glue assumes a job's role, and gives its run the role's keys. A role is named by its ARN, or by its name alone. */
export function keysOfRuns(
  { place, account, keys, roles }: Security,
  locations: Pick<Locations, 'of'>,
): KeysOfRuns {
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
  /** Lake Formation's own session of the role that a location was registered with. */
  const lent = async (roleArn: string): Promise<TemporaryCredentials> => {
    const by = { service: 'lakeformation.amazonaws.com' };
    return (await roles.assume({ roleArn, sessionName: LENT_SESSION, by, seconds: SECONDS })).credentials;
  };
  return async (role, tablesAt) => {
    const own = await assumed(await arnOf(role));
    const location = tablesAt === undefined ? undefined : locations.of(tablesAt);
    const data = location === undefined ? own : await lent(location.roleArn);
    return {
      role: own,
      data,
      revoke() {
        for (const { accessKeyId } of [own, data]) keys.remove(accessKeyId);
      },
    };
  };
}
