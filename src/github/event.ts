import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What the runner says about the run. Everything that it does not say is `undefined`. */
export type RunContext = {
  readonly apiUrl: string;
  readonly owner: string | undefined;
  readonly repo: string | undefined;
  /** The commit that the workflow runs for; of a pull request the merge with its base. */
  readonly sha: string | undefined;
  /** Address of this run, for people. */
  readonly runUrl: string | undefined;
  readonly pullRequest: PullRequestOfEvent | undefined;
};

export type PullRequestOfEvent = {
  readonly number: number;
  /** The newest commit of its branch when the event happened. */
  readonly headSha: string;
  /** Whether its branch lies in another repository: its token can only read, whatever `permissions` says. */
  readonly fork: boolean;
};

const event = z.object({
  pull_request: z
    .object({
      number: z.number(),
      head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullish() }),
      base: z.object({ repo: z.object({ full_name: z.string() }) }).optional(),
    })
    .optional(),
});

/** Reads GITHUB_* variables and the event's file (GitHub docs, "Default environment variables"). */
export function runContext(env: NodeJS.ProcessEnv): RunContext {
  const [owner, repo] = (env.GITHUB_REPOSITORY ?? '').split('/');
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
  const run = env.GITHUB_RUN_ID;
  return {
    apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
    owner: owner || undefined,
    repo: repo || undefined,
    sha: env.GITHUB_SHA || undefined,
    runUrl: run && owner && repo ? `${server}/${owner}/${repo}/actions/runs/${run}` : undefined,
    pullRequest: pullRequestOf(env.GITHUB_EVENT_PATH, env.GITHUB_REPOSITORY),
  };
}

function pullRequestOf(file: string | undefined, repository: string | undefined) {
  if (!file) return undefined;
  const { pull_request: pull } = event.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (pull === undefined) return undefined;
  const home = pull.base?.repo.full_name ?? repository;
  // Only a fork can be deleted while a pull request from it is there.
  const head = pull.head.repo?.full_name;
  return { number: pull.number, headSha: pull.head.sha, fork: head !== home };
}
