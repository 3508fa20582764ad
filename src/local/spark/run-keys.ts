import type { Credentials } from '../lake.ts';

/** What one run signs its requests with. */
export type RunKeys = {
  /** Temporary ones of the job's role: all that its script has. */
  readonly role: Credentials;
  /**
   * For the files of tables. With fine-grained access control they are those that Lake Formation lends: of the role
   * that the tables' location was registered with. Else the role's own.
   */
  readonly data: Credentials;
  /** Makes them worthless, when the run has ended. */
  revoke(): void;
};

/**
 * Gives a run its keys. `tablesAt`: S3 URL of the tables of a run with fine-grained access control. Throws with AWS's
 * message where the role does not trust Glue.
 */
export type KeysOfRuns = (role: string, tablesAt: string | undefined) => Promise<RunKeys>;
