/** Where the services of one AWS account are and who asks. Without an endpoint: AWS itself; without credentials: the default chain. */
export type Account = {
  readonly region: string;
  readonly endpoint?: string;
  /** Temporary ones have a session token. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

/** An account, and in it the bucket of one lake. */
export type Connection = Account & { readonly bucket: string };

/** What every client of the SDK is made with: the endpoint, and the SDK's own retries with full jitter for throttling. */
export function clientSettings(account: Account) {
  return {
    region: account.region,
    maxAttempts: 6,
    retryMode: 'standard',
    ...(account.endpoint === undefined ? {} : ownEndpoint(account.endpoint)),
    ...(account.credentials === undefined ? {} : { credentials: account.credentials }),
  };
}

/** An endpoint that is not AWS's: the user's FIPS and dual-stack settings name hosts of AWS and cannot apply to it. */
export function ownEndpoint(endpoint: string) {
  return { endpoint, useFipsEndpoint: false, useDualstackEndpoint: false };
}

/** The name that AWS gives an error, such as `AccessDeniedException`; empty when it is none of AWS's. */
export function awsErrorName(error: unknown): string {
  return error instanceof Error && '$metadata' in error ? error.name : '';
}

/** The HTTP status of AWS's answer; `undefined` when the error is none of AWS's. */
export function awsStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata as { httpStatusCode?: number };
  return metadata.httpStatusCode;
}
