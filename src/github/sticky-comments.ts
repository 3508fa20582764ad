import type { GitHub } from './api.ts';
import type { Permission } from './api-error.ts';

/** GitHub takes comments up to this many characters; counted here in bytes, which are never fewer. */
export const COMMENT_LIMIT = 65_536;

/**
 * Comments of ours on an issue or pull request are found again by their first line, a comment of HTML that nobody sees.
 * `name` tells one sticky comment from another; `part` counts from 1; `commit` is what it was made for.
 */
export type Marker = {
  readonly name: string;
  readonly part: number;
  readonly commit: string;
  readonly outdated?: boolean;
};
export type StickyComment = { readonly id: number; readonly url: string; readonly body: string } & Marker;

/** What a synchronisation did: numbers of comments, and the address of the first. */
export type Synced = { readonly written: number; readonly removed: number; readonly url: string };

const MARKER = /^<!-- mydatahub (\{[^\n]*?\}) -->\n/;

/** The first line of a comment. */
export function marker(of: Marker): string {
  // `>` would end the comment of HTML.
  return `<!-- mydatahub ${JSON.stringify(of).replaceAll('>', '\\u003e').replaceAll('--', '-\\u002d')} -->\n`;
}

/** The marker of a comment; `undefined` when it has none. */
export function markerOf(body: string): Marker | undefined {
  const json = MARKER.exec(body.replaceAll('\r\n', '\n'))?.[1];
  if (json === undefined) return undefined;
  try {
    const { name, part, commit, outdated } = JSON.parse(json) as Partial<Marker>;
    if (typeof name !== 'string' || typeof part !== 'number' || typeof commit !== 'string') return undefined;
    return { name, part, commit, ...(outdated === true ? { outdated } : {}) };
  } catch {
    return undefined;
  }
}

/**
 * The sticky comments of ours, the first part first. Somebody else's that quote a marker are left alone: those of a
 * job's token are written by a bot, and those of a person's token by that person.
 */
export async function stickyComments(
  github: GitHub,
  issue: number,
  permission: Permission,
): Promise<StickyComment[]> {
  const login = github.installation ? undefined : (await github.call('GET /user', {}, permission)).login;
  const ours = (user: { readonly login: string; readonly type: string } | null) =>
    login === undefined ? user?.type === 'Bot' : user?.login === login;
  const comments = await github.all(
    'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
    { issue_number: issue },
    permission,
  );
  return comments
    .flatMap(({ id, html_url: url, body = '', user }) => {
      const found = ours(user) ? markerOf(body) : undefined;
      return found === undefined
        ? []
        : [{ ...found, id: Number(id), url, body: body.replaceAll('\r\n', '\n') }];
    })
    .sort((a, b) => a.part - b.part || a.id - b.id);
}

/**
 * Brings the comments of one name to these bodies, in their order: comments that are there are changed, missing ones
 * created, surplus ones removed. What is the same already costs no call.
 *
 * @param there comments as {@link stickyComments} gives them; those of other names are left alone
 * @param bodies whole texts, each with its {@link marker} as first line
 */
export async function syncComments(
  github: GitHub,
  issue: number,
  name: string,
  there: readonly StickyComment[],
  bodies: readonly string[],
  permission: Permission,
): Promise<Synced> {
  const own = there.filter((comment) => comment.name === name);
  let written = 0;
  let url = '';
  for (const [index, whole] of bodies.entries()) {
    // GitHub drops white space at the end.
    const body = whole.trimEnd();
    const comment = own[index];
    if (comment === undefined) {
      const created = await github.call(
        'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
        { issue_number: issue, body },
        permission,
      );
      written++;
      url ||= created.html_url;
      continue;
    }
    if (comment.body.trimEnd() !== body) {
      await changeComment(github, comment.id, body, permission);
      written++;
    }
    url ||= comment.url;
  }
  const surplus = own.slice(bodies.length);
  for (const { id } of surplus) {
    const parameters = { comment_id: id };
    await github.call('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', parameters, permission);
  }
  return { written, removed: surplus.length, url };
}

/**
 * Marks comments as outdated, below their marker; those marked already are left alone. Gives how many it marked.
 *
 * @param note Markdown on one line that says why
 */
export async function markOutdated(
  github: GitHub,
  comments: readonly StickyComment[],
  note: string,
  permission: Permission,
): Promise<number> {
  const fresh = comments.filter(({ outdated }) => outdated !== true);
  for (const { id, body, name, part, commit } of fresh) {
    const text = body.replace(MARKER, '');
    const marked = `${marker({ name, part, commit, outdated: true })}> [!WARNING]\n> ${note}\n\n${text}`;
    await changeComment(github, id, marked, permission);
  }
  return fresh.length;
}

async function changeComment(
  github: GitHub,
  id: number,
  body: string,
  permission: Permission,
): Promise<void> {
  const parameters = { comment_id: id, body };
  await github.call('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', parameters, permission);
}
