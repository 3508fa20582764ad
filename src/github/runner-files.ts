import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { ExplainedError } from '../lake/explained-error.ts';

/** GitHub takes job summaries up to this size for each step (GitHub docs, "Adding a job summary"). */
const SUMMARY_LIMIT = 1024 * 1024;

/** The files by which an action hands results to the runner; it reads them when the action ends. */
export type RunnerFiles = {
  output(name: string, value: string): void;
  /** For this action's own `post` step, as STATE_name. The last value counts. */
  state(name: string, value: string): void;
  /** Adds Markdown to the job summary; what is beyond GitHub's limit is left out, at the end of a line, and that is said. */
  summary(markdown: string): void;
};

/** Throws ExplainedError outside of GitHub Actions. */
export function runnerFiles(env: NodeJS.ProcessEnv): RunnerFiles {
  const file = (name: string): string => {
    const path = env[name];
    if (path !== undefined && path !== '') return path;
    throw new ExplainedError({
      what: `the variable ${name} is not set`,
      why: 'this program is the inside of an action and needs the runner of GitHub Actions',
      cure: 'use the action in a workflow; on your own machine the same verbs are there as npx mydatahub',
    });
  };
  const outputs = file('GITHUB_OUTPUT');
  const states = file('GITHUB_STATE');
  const summaries = file('GITHUB_STEP_SUMMARY');
  return {
    output: (name, value) => appendFileSync(outputs, assignment(name, value)),
    state: (name, value) => appendFileSync(states, assignment(name, value)),
    summary: (markdown) => appendFileSync(summaries, withinLimit(markdown)),
  };
}

/** `name<<DELIMITER`, the value, `DELIMITER`: the form for values of any content. The delimiter cannot be guessed. */
function assignment(name: string, value: string): string {
  const delimiter = `end-of-value-${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

function withinLimit(markdown: string): string {
  const text = `${markdown.trimEnd()}\n\n`;
  if (Buffer.byteLength(text) <= SUMMARY_LIMIT) return text;
  const note = '\n\nThe rest does not fit into a job summary: it is in the log of the step.\n';
  const bytes = Buffer.from(text).subarray(0, SUMMARY_LIMIT - note.length);
  return bytes.subarray(0, bytes.lastIndexOf('\n')).toString('utf8') + note;
}
