import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What GitHub says of a body that is longer than 65,536 characters. */
const TOO_LONG = 'Body is too long (maximum is 65536 characters)';
const COMMENT_LIMIT = 65_536;
const BOT = { login: 'github-actions[bot]', type: 'Bot' };

export type FakeComment = {
  id: number;
  body: string;
  user: { login: string; type: string };
  issue: number;
  html_url: string;
};
export type FakeIssue = {
  number: number;
  title: string;
  body: string;
  state: string;
  user: typeof BOT;
  html_url: string;
  pull_request?: object;
};
export type FakePull = {
  readonly number: number;
  readonly headSha: string;
  /** When it is merged: the commit that it became on its base, and the others that a rebase made. */
  readonly merged?: { readonly sha: string; readonly others?: readonly string[] };
};
type Scope = 'contents' | 'issues' | 'pull-requests';
type Refusal = {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly message?: string;
};
type Context = {
  readonly match: RegExpExecArray;
  readonly url: URL;
  readonly body: Record<string, unknown>;
};
type Reply = { readonly status: number; readonly json?: unknown; readonly link?: string };

/**
 * GitHub's REST API as far as this project calls it, for one repository `acme/lake`, over HTTP: issues, their comments and
 * pull requests, pages with `Link`, permissions of the token, the limit of a comment.
 */
export class FakeGitHub implements AsyncDisposable {
  readonly token = 'ghs_fake';
  readonly owner = 'acme';
  readonly repo = 'lake';
  readonly comments = new Map<number, FakeComment>();
  readonly issues = new Map<number, FakeIssue>();
  readonly pulls = new Map<number, FakePull>();
  /** `METHOD path` of every request that came. */
  readonly requests: string[] = [];
  /** What the job's `permissions:` grant. */
  readonly permissions: Partial<Record<Scope, 'read' | 'write'>> = {
    contents: 'read',
    issues: 'write',
    'pull-requests': 'write',
  };
  /** Answers for the next requests, whatever they ask. */
  readonly refusals: Refusal[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #last = 100;

  static async start(port = 0): Promise<FakeGitHub> {
    const fake = new FakeGitHub();
    await new Promise<void>((resolve) => fake.#server.listen(port, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A comment of somebody, by default of the job's bot. */
  comment(issue: number, body: string, user = BOT): FakeComment {
    const id = ++this.#last;
    const comment = { id, body, user, issue, html_url: `https://github.example/c/${id}` };
    this.comments.set(id, comment);
    return comment;
  }

  /** Bodies of an issue's comments, oldest first. */
  bodies(issue: number): string[] {
    return [...this.comments.values()].filter((one) => one.issue === issue).map(({ body }) => body);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let raw = '';
    for await (const chunk of request) raw += chunk;
    const url = new URL(request.url ?? '', this.url);
    const method = request.method ?? '';
    this.requests.push(`${method} ${url.pathname}`);
    const refusal = this.refusals.shift();
    const reply = refusal
      ? { status: refusal.status, json: { message: refusal.message ?? `refused with ${refusal.status}` } }
      : this.#answer(method, url, request.headers.authorization ?? '', raw);
    response.writeHead(reply.status, {
      'content-type': 'application/json; charset=utf-8',
      ...refusal?.headers,
      ...('link' in reply && reply.link !== undefined ? { link: reply.link } : {}),
    });
    response.end(reply.json === undefined ? '' : JSON.stringify(reply.json));
  }

  #answer(method: string, url: URL, authorization: string, raw: string): Reply {
    if (authorization.replace(/^(token|bearer) /i, '') !== this.token)
      return { status: 401, json: { message: 'Bad credentials' } };
    for (const [routeMethod, path, scopes, level, answer] of this.#routes) {
      const match = path.exec(url.pathname);
      if (match === null || routeMethod !== method) continue;
      const granted = scopes.map((scope) => this.permissions[scope]);
      if (!granted.some((has) => has === 'write' || (level === 'read' && has === 'read')))
        return { status: 403, json: { message: 'Resource not accessible by integration' } };
      return answer({ match, url, body: raw === '' ? {} : JSON.parse(raw) });
    }
    return { status: 404, json: { message: 'Not Found' } };
  }

  readonly #routes: readonly [
    string,
    RegExp,
    readonly Scope[],
    'read' | 'write',
    (context: Context) => Reply,
  ][] = [
    ['GET', route('/issues/(\\d+)/comments'), ['issues', 'pull-requests'], 'read', (c) => this.#list(c)],
    ['POST', route('/issues/(\\d+)/comments'), ['issues', 'pull-requests'], 'write', (c) => this.#create(c)],
    ['PATCH', route('/issues/comments/(\\d+)'), ['issues', 'pull-requests'], 'write', (c) => this.#change(c)],
    [
      'DELETE',
      route('/issues/comments/(\\d+)'),
      ['issues', 'pull-requests'],
      'write',
      (c) => this.#remove(c),
    ],
    ['GET', route('/issues'), ['issues'], 'read', (c) => this.#issueList(c)],
    ['POST', route('/issues'), ['issues'], 'write', (c) => this.#createIssue(c)],
    ['PATCH', route('/issues/(\\d+)'), ['issues'], 'write', (c) => this.#changeIssue(c)],
    ['GET', route('/pulls/(\\d+)'), ['pull-requests'], 'read', (c) => this.#pull(c)],
    ['GET', route('/pulls'), ['pull-requests'], 'read', (c) => this.#pullList(c)],
    ['GET', route('/commits/([0-9a-f]+)/pulls'), ['pull-requests'], 'read', (c) => this.#pullsOf(c)],
  ];

  #list({ match, url }: Context): Reply {
    const all = [...this.comments.values()].filter(({ issue }) => issue === Number(match[1]));
    return paged(all, url);
  }

  #create({ match, body }: Context): Reply {
    const text = String(body.body);
    if ([...text].length > COMMENT_LIMIT) return tooLong('IssueComment');
    return { status: 201, json: this.comment(Number(match[1]), text) };
  }

  #change({ match, body }: Context): Reply {
    const comment = this.comments.get(Number(match[1]));
    const text = String(body.body);
    if (comment === undefined) return { status: 404, json: { message: 'Not Found' } };
    if ([...text].length > COMMENT_LIMIT) return tooLong('IssueComment');
    comment.body = text;
    return { status: 200, json: comment };
  }

  #remove({ match }: Context): Reply {
    const there = this.comments.delete(Number(match[1]));
    return there ? { status: 204 } : { status: 404, json: { message: 'Not Found' } };
  }

  #issueList({ url }: Context): Reply {
    const state = url.searchParams.get('state') ?? 'open';
    return paged(
      [...this.issues.values()].filter((issue) => state === 'all' || issue.state === state),
      url,
    );
  }

  #createIssue({ body }: Context): Reply {
    if ([...String(body.body)].length > COMMENT_LIMIT) return tooLong('Issue');
    const number = ++this.#last;
    const html_url = `https://github.example/i/${number}`;
    const issue = { number, title: String(body.title), body: String(body.body), state: 'open', user: BOT };
    this.issues.set(number, { ...issue, html_url });
    return { status: 201, json: this.issues.get(number) };
  }

  #changeIssue({ match, body }: Context): Reply {
    const issue = this.issues.get(Number(match[1]));
    if (issue === undefined) return { status: 404, json: { message: 'Not Found' } };
    Object.assign(issue, body);
    return { status: 200, json: issue };
  }

  #pull({ match }: Context): Reply {
    const pull = this.pulls.get(Number(match[1]));
    return pull === undefined
      ? { status: 404, json: { message: 'Not Found' } }
      : { status: 200, json: shown(pull) };
  }

  #pullList({ url }: Context): Reply {
    return paged([...this.pulls.values()].filter(({ merged }) => merged !== undefined).map(shown), url);
  }

  #pullsOf({ match, url }: Context): Reply {
    const from = ({ headSha, merged }: FakePull) => [headSha, merged?.sha, ...(merged?.others ?? [])];
    return paged([...this.pulls.values()].filter((pull) => from(pull).includes(match[1])).map(shown), url);
  }
}

function route(path: string): RegExp {
  return new RegExp(`^/repos/acme/lake${path}$`);
}

function shown({ number, headSha, merged }: FakePull): object {
  return {
    number,
    state: merged === undefined ? 'open' : 'closed',
    head: { sha: headSha },
    merged_at: merged === undefined ? null : '2026-11-23T06:00:00Z',
    merge_commit_sha: merged?.sha ?? null,
    html_url: `https://github.example/p/${number}`,
  };
}

function paged(all: readonly unknown[], url: URL): Reply {
  const per = Number(url.searchParams.get('per_page') ?? 30);
  const page = Number(url.searchParams.get('page') ?? 1);
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  const more = page * per < all.length;
  const json = all.slice((page - 1) * per, page * per);
  return { status: 200, json, ...(more ? { link: `<${next}>; rel="next"` } : {}) };
}

function tooLong(resource: string): Reply {
  const errors = [{ resource, code: 'unprocessable', field: 'data', message: TOO_LONG }];
  return { status: 422, json: { message: 'Validation Failed', errors } };
}
