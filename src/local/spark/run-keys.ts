import type { Credentials } from '../lake.ts';

/** What one run signs its requests with. */
export type RunKeys = {
  /** Temporary ones of the job's role: all that its script has. */
  readonly role: Credentials;
  /** For the files of tables. With fine-grained access control they are Lake Formation's, else the role's. */
  readonly data: Credentials;
  /** Makes them worthless, when the run has ended. */
  revoke(): void;
};

/** Gives a run its keys. Throws with AWS's message where the role does not trust Glue. */
export type KeysOfRuns = (role: string, fineGrained: boolean) => Promise<RunKeys>;
