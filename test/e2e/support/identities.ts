import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  EntityAlreadyExistsException,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { sharedLake } from './lake.ts';
import { policy } from './policy.ts';

const lake = sharedLake();
const iam = new IAMClient({
  endpoint: lake.endpoint,
  region: lake.region,
  credentials: { accessKeyId: lake.access_key_id, secretAccessKey: lake.secret_access_key },
});

export type Statement = {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
};

const GLUE_TRUST = policy({
  Effect: 'Allow',
  Principal: { Service: 'glue.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

/** A role for jobs that may do everything. Its ARN. */
export async function anyJobRole(): Promise<string> {
  const RoleName = 'e2e';
  await unlessThere(iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: GLUE_TRUST })));
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  return `arn:aws:iam::${lake.account_id}:role/${RoleName}`;
}

/** A role for jobs that may do what these statements say. Its ARN. */
export async function jobRole(
  RoleName: string,
  statements: readonly Statement[],
  AssumeRolePolicyDocument = GLUE_TRUST,
): Promise<string> {
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  if (statements.length > 0) {
    const PolicyDocument = policy(...statements);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  }
  return `arn:aws:iam::${lake.account_id}:role/${RoleName}`;
}

/** What an AWS client is made with to be a new user who may do what these statements say. */
export async function newUser(UserName: string, statements: readonly Statement[]) {
  await iam.send(new CreateUserCommand({ UserName }));
  if (statements.length > 0) {
    const PolicyDocument = policy(...statements);
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return clientOf(AccessKey?.AccessKeyId ?? '', AccessKey?.SecretAccessKey ?? '');
}

/** What an AWS client of the shared lake is made with to use this key. */
export function clientOf(accessKeyId: string, secretAccessKey: string, sessionToken?: string) {
  return {
    endpoint: lake.endpoint,
    region: lake.region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  };
}

async function unlessThere(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  }
}
