import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
 * @param lock whether to lock the state, which writes beside it
 */
export async function makePlan(
  of: TerraformEnvironment,
  lock: boolean,
  conversation: Conversation,
): Promise<MadePlan> {
  const room = mkdtempSync(join(of.env.RUNNER_TEMP ?? tmpdir(), 'mydatahub-terraform-'));
  const dispose = () => rmSync(room, { recursive: true, force: true });
  let betrays: Betrays = () => false;
  try {
    const commands = terraform({
      directory: of.directory,
      dataDirectory: join(room, 'data'),
      // A workspace of the caller's environment would win over the one that is asked for.
      env: { ...of.env, TF_WORKSPACE: undefined },
      quietPlan: true,
      onLine: (line) => conversation.log('Terraform', betrays(line) ? HIDDEN : line),
      signal: conversation.signal,
    });
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

async function plan(commands: Terraform, of: TerraformEnvironment, file: string, lock: boolean) {
  await commands.init({ backendConfig: of.backendConfig });
  await commands.useWorkspace(of.workspace);
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
