import type { LocalLake } from './lake.ts';

const FORBIDDEN = /^(AWS_|TF_VAR_|TF_CLI_ARGS|AMAZON_|BOTO|CLOUDSDK_CORE_ACCOUNT)/;
const KEPT = new Set(['AWS_CA_BUNDLE']);

/**
 * The environment of every process of a local lake: nothing of the user's AWS profiles, tokens or metadata endpoints,
 * and explicit endpoints instead, so that nothing started here can reach AWS.
 */
export function localEnvironment(lake: LocalLake, additions: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...scrubbed(process.env),
    AWS_ACCESS_KEY_ID: lake.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: lake.credentials.secretAccessKey,
    ...(lake.credentials.sessionToken === undefined
      ? {}
      : { AWS_SESSION_TOKEN: lake.credentials.sessionToken }),
    AWS_REGION: lake.region,
    AWS_DEFAULT_REGION: lake.region,
    AWS_ENDPOINT_URL: lake.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    NO_PROXY: '127.0.0.1,localhost',
    ...additions,
  };
}

/** An environment without anything that could point an AWS client somewhere. */
export function scrubbed(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => KEPT.has(name) || !FORBIDDEN.test(name)),
  );
}
