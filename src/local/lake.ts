/** What every part of one running local lake knows. URLs have no trailing slash, paths are absolute. */
export type LocalLake = {
  /** `local`, or NAME of `local:NAME`. */
  readonly name: string;
  /** This lake's own folder: logs, Terraform state and copies, job run folders. Removed by `down`. */
  readonly directory: string;
  readonly region: string;
  readonly accountId: string;
  /** The gateway: the endpoint of every AWS service. */
  readonly endpoint: string;
  /** moto, behind the gateway. */
  readonly motoEndpoint: string;
  readonly trinoEndpoint: string;
  readonly credentials: Credentials;
};

/** What requests are signed with; temporary ones have a token. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** The access key that Trino's catalog uses: the gateway shows views to it in the form Trino reads. */
export const TRINO_ACCESS_KEY = 'trino-engine';

export const LOCAL_REGION = 'us-east-1';
/** moto's account. */
export const LOCAL_ACCOUNT_ID = '123456789012';

/** Data bucket of a local lake. */
export function localBucket(name: string): string {
  return `mydatahub-${name}`;
}
