import type { DataLakeSettingsStore } from '../aws/data-lake-settings.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Conversation } from './verb.ts';

export type AdministratorsOptions = {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** Those who see everything and change nothing, in place of those who grant. */
  readonly readOnly: boolean;
};
export type AdministratorsResult = {
  /** ARNs, in Lake Formation's order. */
  readonly administrators: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
};

const PRINCIPAL = /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/;
const ATTEMPTS = 5;
/** Long enough for another writer, who read before us, to have written over us. */
const SETTLED_AFTER = 1_000;

/**
 * Adds principals (ARNs of IAM roles or users) to the Lake Formation administrators of an account and region, or to the
 * read-only ones, and takes principals out; everybody else and all other settings stay. Writes nothing when all is so already. Lake Formation
 * has no conditional write: a change that somebody else writes at the same moment can overwrite this one, which is
 * seen and repeated, or be overwritten by it, which nobody sees. Throws ExplainedError.
 */
export async function administrators(
  store: DataLakeSettingsStore,
  options: AdministratorsOptions,
  conversation: Conversation,
): Promise<AdministratorsResult> {
  for (const arn of [...options.add, ...options.remove]) requirePrincipal(arn);
  const list = options.readOnly ? 'ReadOnlyAdmins' : 'DataLakeAdmins';
  const added = new Set<string>();
  const removed = new Set<string>();
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const settings = await store.read();
    const before = settings[list] ?? [];
    const there = before.map(({ DataLakePrincipalIdentifier }) => DataLakePrincipalIdentifier);
    const missing = options.add.filter((arn) => !there.includes(arn));
    const surplus = options.remove.filter((arn) => there.includes(arn));
    if (missing.length + surplus.length === 0) {
      for (const arn of there) conversation.say(`${added.has(arn) ? 'added   ' : '        '}${arn}`);
      for (const arn of removed) conversation.say(`removed ${arn}`);
      return { administrators: there, added: [...added], removed: [...removed] };
    }
    await store.write({
      ...settings,
      [list]: [
        ...before.filter(({ DataLakePrincipalIdentifier }) => !surplus.includes(DataLakePrincipalIdentifier)),
        ...missing.map((arn) => ({ DataLakePrincipalIdentifier: arn })),
      ],
    });
    for (const arn of missing) added.add(arn);
    for (const arn of surplus) removed.add(arn);
    await conversation.clock.sleep(SETTLED_AFTER, conversation.signal);
  }
  throw new ExplainedError({
    what: `the Lake Formation administrators were overwritten ${ATTEMPTS} times right after they were written`,
    where: 'Lake Formation, data lake settings of the account and region',
    why: 'something else keeps writing them, such as a Terraform configuration with aws_lakeformation_data_lake_settings',
    cure: 'add these administrators there, or stop it, and run the command again',
  });
}

function requirePrincipal(arn: string): void {
  if (PRINCIPAL.test(arn)) return;
  throw new ExplainedError({
    what: `${JSON.stringify(arn)} is not the ARN of an IAM role or user`,
    where: 'administrators',
    why: 'a person who assumes a role shows up as arn:aws:sts::…:assumed-role/…; Lake Formation wants the role itself',
    cure: 'use an ARN such as arn:aws:iam::123456789012:role/deployer (with the path of the role, if it has one)',
  });
}
