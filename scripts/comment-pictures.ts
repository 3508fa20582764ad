import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Marked } from 'marked';
import markedAlert from 'marked-alert';
import { REPOSITORY } from '../src/local/toolchain.ts';

/**
 * Draws docs/pictures/*.png, the comments and summaries as GitHub shows them, from the golden files that the tests compare
 * with: GitHub's own style sheet (github-markdown-css) in a real browser. Needs `chromium` and `pngquant` on the PATH (Debian:
 * apt-get install chromium pngquant). Usage: comment-pictures.ts
 */
const GOLDEN = join(REPOSITORY, 'test', 'unit');
const BOT = '<b>github-actions</b> <i>bot</i> commented';
const PICTURES = [
  { name: 'plan-comment', golden: 'report/golden/plan-comment.md', head: BOT },
  { name: 'data-preview', golden: 'report/golden/data-preview.md', head: BOT },
  {
    name: 'job-summary',
    golden: 'actions/golden/smoke-test-passed.md',
    head: '<b>Bring the data into the lake</b> summary',
  },
];
/** Entries that a reader has unfolded. */
const UNFOLDED = /<details>(?=<summary><code>(?:aws_glue_job\.ingestion|aws_s3_bucket\.lake)<)/g;
/** A comment's width on a pull request, and the frame around it. */
const WIDTH = 860;
/** Text on white needs no more, and takes a third of the bytes. */
const COLOURS = 64;
/** What lines of a diff look like, by their first character: the classes of GitHub's highlighter. */
const DIFF: Readonly<Record<string, string>> = { '+': 'pl-mi1', '-': 'pl-md', '!': 'pl-mc', '#': 'pl-c' };

const STYLE = `
body { margin: 16px; background: #fff; }
.comment { border: 1px solid #d1d9e0; border-radius: 6px; }
.author { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0;
  font: 14px "Noto Sans", Helvetica, Arial, sans-serif; color: #59636e; }
.author b { color: #1f2328; }
.author i { border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 6px; font-size: 12px; font-style: normal; }
.markdown-body { padding: 16px; font-size: 14px; }
.markdown-body code, .markdown-body pre { font-family: "Liberation Mono", monospace; }
`;

function main(): void {
  const room = mkdtempSync(join(tmpdir(), 'mydatahub-pictures-'));
  try {
    for (const { name, golden, head } of PICTURES) {
      const file = join(room, `${name}.html`);
      writeFileSync(file, page(readFileSync(join(GOLDEN, golden), 'utf8'), head));
      draw(file, join(REPOSITORY, 'docs', 'pictures', `${name}.png`), room);
    }
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

/** Markdown of GitHub below its head, as a page. It says its own height in its title. */
function page(markdown: string, head: string): string {
  const marked = new Marked(markedAlert(), { renderer: { code: codeBlock } });
  const style = readFileSync(
    createRequire(import.meta.url).resolve('github-markdown-css/github-markdown-light.css'),
    'utf8',
  );
  const body = marked.parse(markdown, { async: false }).replace(UNFOLDED, '<details open>');
  return `<!doctype html><meta charset="utf-8"><style>${style}${STYLE}</style>
<div class="comment"><div class="author">${head}</div>
<div class="markdown-body">${body}</div></div>
<script>document.title = String(document.documentElement.scrollHeight);</script>`;
}

/** A block of code; lines of a diff in their colours. */
function codeBlock({ text, lang }: { readonly text: string; readonly lang?: string | undefined }): string {
  const lines = text.split('\n').map((line) => {
    const shown = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const kind = lang === 'diff' ? DIFF[line[0] ?? ''] : undefined;
    return kind === undefined ? shown : `<span class="${kind}">${shown}</span>`;
  });
  return `<div class="highlight"><pre>${lines.join('\n')}</pre></div>`;
}

function draw(file: string, picture: string, room: string): void {
  const url = pathToFileURL(file).href;
  const browser = (...args: string[]) =>
    execFileSync(
      'chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--hide-scrollbars',
        `--user-data-dir=${join(room, 'profile')}`,
        ...args,
        url,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
  const [, height = '600'] =
    /<title>(\d+)<\/title>/.exec(browser(`--window-size=${WIDTH},100`, '--dump-dom')) ?? [];
  browser(`--window-size=${WIDTH},${height}`, `--screenshot=${picture}`);
  execFileSync('pngquant', ['--force', '--strip', '--output', picture, String(COLOURS), picture]);
}

main();
