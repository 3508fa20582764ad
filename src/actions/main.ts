import { join } from 'node:path';
import { systemClock } from '../aws/poller.ts';
import { type RunnerFiles, runnerFiles } from '../github/runner-files.ts';
import { commandLine, harmless } from '../github/workflow-commands.ts';
import { explained } from '../verbs/failure.ts';
import { interrupts } from '../verbs/interrupts.ts';
import { VerbFailure } from '../verbs/verb.ts';
import type { Action, Salvage, Surroundings } from './action.ts';
import { WORKFLOW_CURES } from './cures.ts';
import {
  failureLine,
  failureLines,
  failureSummary,
  successNotice,
  successSummary,
  warningLines,
} from './report.ts';
import { type RunnerConversation, runnerConversation } from './runner-conversation.ts';

/** Every action. Each is loaded only when it runs, and the verb behind it only when its inputs are in order. */
export const ACTIONS = {
  'upload-assets': async () => (await import('./upload-assets.ts')).action,
  'upload-data': async () => (await import('./upload-data.ts')).action,
  'terraform-validate': async () => (await import('./terraform-validate.ts')).action,
  'terraform-plan': async () => (await import('./terraform-plan.ts')).action,
  'terraform-apply': async () => (await import('./terraform-apply.ts')).action,
  'plan-comment': async () => (await import('./plan-comment.ts')).action,
  history: async () => (await import('./history.ts')).action,
  rollback: async () => (await import('./rollback.ts')).action,
  release: async () => (await import('./release.ts')).action,
  'find-environment': async () => (await import('./find-environment.ts')).action,
  'preview-data': async () => (await import('./preview-data.ts')).action,
  'run-ingestion': async () => (await import('./run-ingestion.ts')).action,
  'wait-for-views': async () => (await import('./wait-for-views.ts')).action,
  'smoke-test': async () => (await import('./smoke-test.ts')).action,
} satisfies Record<string, () => Promise<Action>>;

/** The shortest secret that is masked: a shorter one would blacken words that are none. */
const SHORTEST_SECRET = 8;

/**
 * Runs an action as its `main` and sets the exit status; never throws.
 *
 * @param directory the folder of its action.yml, absolute
 */
export async function run(verb: keyof typeof ACTIONS, directory: string): Promise<void> {
  await guarded(async () => {
    const { env } = process;
    const files = runnerFiles(env);
    maskSecrets(env);
    const conversation = runnerConversation(write, files, systemClock, interrupts());
    const surroundings = {
      env,
      workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
      repository: join(directory, '..', '..'),
    };
    await perform(await ACTIONS[verb](), files, conversation, surroundings);
  });
}

/** Runs the `post` step of an action: stops what its `main` started and did not stop. */
export async function post(verb: keyof typeof ACTIONS): Promise<void> {
  await guarded(async () => {
    const { stopStarted } = await import('./stop-started.ts');
    await stopStarted(verb, process.env, (line) => write(`${harmless(line)}\n`));
  });
}

async function perform(
  action: Action,
  files: RunnerFiles,
  conversation: RunnerConversation,
  surroundings: Surroundings,
): Promise<void> {
  const { verb } = action;
  try {
    const done = await action.perform(files, conversation, surroundings);
    for (const line of warningLines(done)) conversation.print(line);
    conversation.print(successNotice(verb, done, conversation));
    files.summary(successSummary(verb, done, conversation.stages(), conversation.elapsed()));
  } catch (thrown) {
    const error = explained(thrown, WORKFLOW_CURES);
    process.exitCode = error.exitStatus;
    const salvage = await salvaged(action, error, files, conversation, surroundings);
    for (const line of failureLines(error, salvage)) conversation.print(line);
    showTrace(thrown, conversation.say);
    files.summary(failureSummary(verb, error, salvage, conversation.stages()));
  }
}

/** What can still be shown of a failure. A further failure here is said and does not hide the first. */
async function salvaged(
  action: Action,
  error: Error,
  files: RunnerFiles,
  conversation: RunnerConversation,
  surroundings: Surroundings,
): Promise<Salvage> {
  if (!(error instanceof VerbFailure)) return { summary: '', places: [] };
  try {
    return await action.salvage(error, files, surroundings);
  } catch (further) {
    conversation.say(`its places cannot be shown: ${further instanceof Error ? further.message : further}`);
    return { summary: '', places: [] };
  }
}

async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = explained(thrown, WORKFLOW_CURES);
    process.exitCode = error.exitStatus;
    write(`${failureLine(error)}\n`);
    showTrace(thrown, (text) => write(`${harmless(text)}\n`));
  }
}

/** The stack trace, where somebody asked for it: `Enable debug logging` of GitHub, or MYDATAHUB_DEBUG. */
function showTrace(thrown: unknown, say: (text: string) => void): void {
  const asked = process.env.RUNNER_DEBUG === '1' || process.env.MYDATAHUB_DEBUG === '1';
  if (asked && thrown instanceof Error) say(thrown.stack ?? thrown.message);
}

/** Keys that reached the environment unmasked, and could be in what a job prints, never show in the log. */
function maskSecrets(env: NodeJS.ProcessEnv): void {
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
    const secret = env[name] ?? '';
    if (secret.length >= SHORTEST_SECRET) write(`${commandLine('add-mask', {}, secret)}\n`);
  }
}

function write(text: string): void {
  process.stdout.write(text);
}
