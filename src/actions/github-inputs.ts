import { type GitHub, github } from '../github/api.ts';
import { runContext } from '../github/event.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Conversation } from '../verbs/verb.ts';
import { required } from './inputs.ts';

/** The token of the job; action.yml gives it where the caller does not. */
export const TOKEN = required(`\${{ github.token }}`, /^\S+$/, 'not a token');

/** GitHub's API for the repository that the workflow runs in. Throws ExplainedError outside of one. */
export function githubOf(token: string, env: NodeJS.ProcessEnv, conversation: Conversation): GitHub {
  const { apiUrl, owner, repo, pullRequest } = runContext(env);
  if (owner === undefined || repo === undefined)
    throw new ExplainedError({
      what: 'the variable GITHUB_REPOSITORY is not set',
      why: 'this program is the inside of an action and needs the runner of GitHub Actions',
      cure: 'use the action in a workflow',
    });
  const { say, clock, signal } = conversation;
  return github({ apiUrl, token, owner, repo, fork: pullRequest?.fork === true, say, clock, signal });
}
