import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { planLines } from '../report/plan/lines.ts';
import type { TerraformEnvironment } from '../terraform/environment.ts';
import { type PlanDocument, planDocument } from '../terraform/plan/document.ts';
import { type Betrays, betrayal } from '../terraform/plan/secrets.ts';
import { readShownPlan } from '../terraform/plan/shown.ts';
import { type Terraform, terraform } from '../terraform/terraform.ts';
import type { Conversation } from './verb.ts';

const HIDDEN = '(a line with a sensitive value)';

/** A plan that was made, and what can be done with it. Its file holds secrets: it is removed when this is disposed of. */
export type MadePlan = Disposable & {
  readonly document: PlanDocument & { readonly text: string };
  /** The plan as `terraform show -json` gives it, secrets included. */
  readonly shown: unknown;
  /** The lineage of the state, as key of the document; empty while there is no state. */
  readonly key: string;
  apply(): Promise<void>;
};

/**
 * Plans an environment. What Terraform says goes into the conversation; what holds secrets does not. Throws a
 * `TerraformError` when a command fails.
 *
 * @param lock whether to lock the state, which writes beside it, and to make a workspace that is not there yet
 */
export async function makePlan(
  of: TerraformEnvironment,
  lock: boolean,
  conversation: Conversation,
): Promise<MadePlan> {
  const room = mkdtempSync(join(of.env.RUNNER_TEMP ?? tmpdir(), 'mydatahub-terraform-'));
  const dispose = () => rmSync(room, { recursive: true, force: true });
  let betrays: Betrays = () => false;
  const commandsIn = (directory: string, data: string) =>
    terraform({
      directory,
      dataDirectory: join(room, data),
      // A workspace of the caller's environment would win over the one that is asked for.
      env: { ...of.env, TF_WORKSPACE: undefined },
      quietPlan: true,
      onLine: (line) => conversation.log('Terraform', betrays(line) ? HIDDEN : line),
      signal: conversation.signal,
    });
  try {
    let commands = commandsIn(of.directory, 'data');
    await commands.init({ backendConfig: of.backendConfig });
    if (lock) await commands.selectWorkspace(of.workspace);
    else if (!(await commands.useWorkspace(of.workspace))) {
      conversation.say(`there is no workspace ${of.workspace} yet: this is the plan of a first apply`);
      commands = commandsIn(withoutBackend(of.directory, room), 'first');
      await commands.init({ backendConfig: [] });
    }
    const made = await plan(commands, of, join(room, 'plan'), lock);
    // Applying prints what providers say, and outputs.
    betrays = betrayal(readShownPlan(made.shown));
    for (const line of planLines(made.document)) conversation.log('the plan', line);
    return { ...made, [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * The configuration with its state in a folder that is thrown away: whoever only reads cannot make a workspace. Links
 * stand for its files and for what lies beside it, so that the checkout stays as it is. Returns where it is.
 */
function withoutBackend(directory: string, room: string): string {
  const beside = join(room, 'first-plan');
  const copy = join(beside, basename(directory));
  mkdirSync(copy, { recursive: true });
  const parent = dirname(directory);
  for (const name of readdirSync(parent))
    if (name !== basename(directory)) symlinkSync(join(parent, name), join(beside, name));
  for (const name of readdirSync(directory)) symlinkSync(join(directory, name), join(copy, name));
  writeFileSync(join(copy, 'mydatahub_override.tf'), 'terraform {\n  backend "local" {}\n}\n');
  return copy;
}

async function plan(commands: Terraform, of: TerraformEnvironment, file: string, lock: boolean) {
  const key = await commands.lineage();
  const { varFiles, variables: vars } = of;
  const { changes } = await commands.plan({ varFiles, vars, out: file, lock });
  const shown = await commands.show(file);
  const { environment, commit, runUrl } = of;
  return {
    document: planDocument(shown, { environment, commit, runUrl, key, changes }),
    shown,
    key: key ?? '',
    apply: () => commands.apply({ plan: file }),
  };
}
