import { request } from '@octokit/request';
import { RequestError } from '@octokit/request-error';
import type { Endpoints } from '@octokit/types';
import type { Clock } from '../aws/poller.ts';
import { explainedAnswer, isRateLimit, type Permission } from './api-error.ts';

/** Times that a call is made before its failure is told. */
const TRIES = 4;
/** First pause after a disturbance, in milliseconds; doubled each time. */
const FIRST_PAUSE = 1_000;
/** What GitHub asks to wait after its secondary limit without saying how long (GitHub docs, "Best practices for using the REST API"). */
const SECONDARY_PAUSE = 60_000;
/** A step does not stand still for longer than this. */
const LONGEST_PAUSE = 5 * 60_000;
/** The most that GitHub gives at once. */
const PER_PAGE = 100;

export type GitHubOptions = {
  readonly apiUrl: string;
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  /** The event is of a pull request from a fork. */
  readonly fork: boolean;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Hears of waiting. */
  readonly say: (line: string) => void;
};

type Route = keyof Endpoints;
type Own<R extends Route> = Omit<Endpoints[R]['parameters'], 'owner' | 'repo'>;
type Answer<R extends Route> = Endpoints[R]['response']['data'];
type Item<R extends Route> = Answer<R> extends readonly (infer T)[] ? T : never;

/** GitHub's REST API for one repository. */
export type GitHub = {
  /** Whether the token is one of an app's installation, as the token of a job is: what it writes is a bot's. */
  readonly installation: boolean;
  /**
   * One call. Disturbances, limits and lost connections are waited out; what is left is thrown as ExplainedError with
   * the `permissions:` line that grants what was missing.
   */
  call<R extends Route>(route: R, parameters: Own<R>, permission: Permission): Promise<Answer<R>>;
  /** All items of a list, page after page. */
  all<R extends Route>(route: R, parameters: Own<R>, permission: Permission): Promise<Item<R>[]>;
};

export function github(options: GitHubOptions): GitHub {
  const { owner, repo, token, apiUrl } = options;
  const send = request.defaults({
    baseUrl: apiUrl,
    headers: {
      authorization: `token ${token}`,
      'x-github-api-version': '2022-11-28',
      'user-agent': 'mydatahub',
    },
  });

  async function answer<R extends Route>(route: R, parameters: Own<R>, permission: Permission) {
    for (let tries = 1; ; tries++) {
      try {
        const { signal } = options;
        const given = { ...parameters, owner, repo, request: signal === undefined ? {} : { signal } };
        const { data, headers } = await send(route as string, given);
        // The route decides the answer's type; octokit's own overloads cannot follow a generic one.
        return { data: data as Answer<R>, last: !/rel="next"/.test(headers.link ?? '') };
      } catch (error) {
        options.signal?.throwIfAborted();
        const pause = tries < TRIES ? pauseAfter(error, tries, options.clock.now()) : undefined;
        if (pause === undefined) {
          const { fork } = options;
          throw explainedAnswer(error, { route, permission, fork, repository: `${owner}/${repo}` }, tries);
        }
        options.say(`GitHub: ${(error as Error).message}; again in ${Math.ceil(pause / 1000)} s`);
        await options.clock.sleep(pause, options.signal);
      }
    }
  }

  return {
    installation: token.startsWith('ghs_'),
    call: async (route, parameters, permission) => (await answer(route, parameters, permission)).data,
    async all<R extends Route>(route: R, parameters: Own<R>, permission: Permission) {
      const items: Item<R>[] = [];
      for (let page = 1; ; page++) {
        const { data, last } = await answer(route, { ...parameters, per_page: PER_PAGE, page }, permission);
        if (!Array.isArray(data)) throw new Error(`${route} answered no list`);
        items.push(...data);
        if (last) return items;
      }
    },
  };
}

/** How long to wait before the same call again, in milliseconds; `undefined` when that would not help. */
function pauseAfter(error: unknown, tries: number, now: number): number | undefined {
  if (!(error instanceof RequestError)) return undefined;
  const headers = error.response?.headers ?? {};
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  const asked = Number.isNaN(seconds) ? undefined : seconds * 1000;
  if (isRateLimit(error)) {
    const reset =
      headers['x-ratelimit-remaining'] === '0' ? Number(headers['x-ratelimit-reset']) : Number.NaN;
    const until = Number.isNaN(reset) ? undefined : Math.max(reset * 1000 - now, 0) + 1000;
    const pause = asked ?? until ?? SECONDARY_PAUSE;
    return pause <= LONGEST_PAUSE ? pause : undefined;
  }
  if (error.status < 500) return undefined;
  return Math.min(asked ?? FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE);
}
