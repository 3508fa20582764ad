/** What a caller of AWS was not allowed to do, as a statement of a policy that allows it. */
export type MissingPermission = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
};

/** S3 says in which operation it refused, not which permission was missing; most bear the same name. */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  HeadBucket: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  HeadObject: 's3:GetObject',
  GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 's3:PutLifecycleConfiguration',
  DeleteBucketLifecycle: 's3:PutLifecycleConfiguration',
  GetBucketEncryption: 's3:GetEncryptionConfiguration',
  PutBucketEncryption: 's3:PutEncryptionConfiguration',
  DeleteBucketEncryption: 's3:PutEncryptionConfiguration',
  GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 's3:PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 's3:PutBucketPublicAccessBlock',
};

const NAMED = /^ ([a-z0-9-]+:[A-Za-z0-9*]+)(?: on resource: "?([^\s",]+))?/;
const S3_REFUSED = /operation error S3: (\w+), https response error StatusCode: 403[^│]*?AccessDenied/g;
const S3_BUCKET = /S3 (?:Bucket|Object)[^(]*\(([a-z0-9.-]{3,63})/;

/**
 * Finds in what AWS said the permissions that the caller lacks. `undefined` when it lacks none, or when it is kept from
 * them by a statement that denies, which nothing that is added can overrule.
 */
export function missingPermission(said: string): MissingPermission | undefined {
  const text = said.replace(/\s*\n[│|\s]*/g, ' ');
  const actions = new Set<string>();
  const resources = new Set<string>();
  for (const refusal of text.split('is not authorized to perform:').slice(1)) {
    const [, action, resource = '*'] = NAMED.exec(refusal) ?? [];
    if (action === undefined || refusal.includes('explicit deny')) continue;
    actions.add(action);
    resources.add(resource.replace(/\.$/, ''));
  }
  for (const match of text.matchAll(S3_REFUSED)) {
    const operation = match[1] ?? '';
    actions.add(S3_ACTIONS[operation] ?? `s3:${operation}`);
    const bucket = S3_BUCKET.exec(text.slice(0, match.index + match[0].length))?.[1];
    resources.add(bucket === undefined ? '*' : `arn:aws:s3:::${bucket}`);
    if (bucket !== undefined && /Object/.test(operation)) resources.add(`arn:aws:s3:::${bucket}/*`);
  }
  if (actions.size === 0) return undefined;
  return { actions: [...actions].sort(), resources: [...resources].sort() };
}

/** The statement to put into a policy of the caller, as JSON on one line. */
export function statementFor({ actions, resources }: MissingPermission): string {
  return JSON.stringify({ Effect: 'Allow', Action: alone(actions), Resource: alone(resources) });
}

function alone(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] ?? '') : values;
}
