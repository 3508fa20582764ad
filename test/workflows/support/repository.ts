import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { ADMINISTRATOR } from '../../../src/local/gateway/identity/administrator.ts';
import type { LakeFile } from '../../../src/local/lakes.ts';
import { REPOSITORY, toolchain } from '../../../src/local/toolchain.ts';

/** `uses:` of this project's own actions and workflows under act, which does not know `$/` (GitHub changelog, 2026-07-30). */
export const TOOLKIT = 'mydatahub/toolkit';
const CALLER = ['.github', 'terraform', 'jars', 'data'];
/** What an action brings along, and the workflows that others call. */
const BROUGHT = ['actions', 'dist', 'glue-scripts', 'jars', '.github'];

/** A repository on GitHub, `acme/lake`: the shipped workflows and configuration, with the environment dev set up. */
export type TestRepository = {
  readonly folder: string;
  /** Checkout that its actions come from. */
  readonly toolkit: string;
  write(path: string, text: string): void;
  append(path: string, text: string): void;
  remove(path: string): void;
  /** Commits everything, and says the commit. */
  commit(message: string): string;
  git(...args: string[]): string;
  /** Removes it, and the folders of its runs. */
  end(): void;
};

/** A fork of this repository, which has all of it. */
export function testRepository(lake: LakeFile): TestRepository {
  const room = mkdtempSync(join(tmpdir(), 'mydatahub-workflows-'));
  const repository = emptyRepository(room, 'lake');
  copyTracked(CALLER, repository.folder);
  copyTracked(BROUGHT, repository.toolkit);
  for (const checkout of [repository.folder, repository.toolkit]) nameActions(checkout);
  setUp(repository, lake);
  repository.remove('terraform/env/prod.tfvars');
  repository.commit('Set up the lake');
  return repository;
}

/**
 * A repository of somebody's own beside `other`, which calls the workflows of that one's toolkit: the same configuration lies in
 * `infrastructure/`, the same source files in `csv/`, the same rules of views in `config/`, and it has neither scripts nor a list of JARs.
 */
export function callingRepository(other: TestRepository): TestRepository {
  const repository = emptyRepository(join(other.folder, '..'), 'caller');
  cpSync(join(other.folder, 'terraform'), join(repository.folder, 'infrastructure'), { recursive: true });
  cpSync(join(other.folder, 'data'), join(repository.folder, 'csv'), { recursive: true });
  cpSync(join(other.folder, 'config'), join(repository.folder, 'config'), { recursive: true });
  const folders = { 'data-directory': 'csv', 'terraform-directory': 'infrastructure' };
  const { 'data-directory': _, ...configuration } = folders;
  for (const [workflow, given] of [
    ['data', folders],
    ['deploy', configuration],
  ] as const) {
    const call = { uses: `${TOOLKIT}/.github/workflows/${workflow}.yml@v1`, with: given };
    const text = stringify({ name: workflow, on: 'push', jobs: { lake: call } });
    repository.write(`.github/workflows/${workflow}.yml`, text);
  }
  repository.commit('Call the workflows');
  return repository;
}

function emptyRepository(room: string, name: string): TestRepository {
  const folder = join(room, name);
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    }).trim();
  mkdirSync(folder);
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', 'https://github.com/acme/lake.git');
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  return {
    folder,
    toolkit: join(room, 'toolkit'),
    git,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    append: (path, text) => appendFileSync(join(folder, path), text),
    remove: (path) => rmSync(join(folder, path)),
    end: () => rmSync(room, { recursive: true, force: true }),
    commit(message) {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', message);
      return git('rev-parse', 'HEAD');
    },
  };
}

/** Files of the work tree, without what git ignores. */
function copyTracked(parts: readonly string[], to: string): void {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...parts];
  const list = execFileSync('git', ['-C', REPOSITORY, ...args], { encoding: 'utf8' });
  for (const path of list.split('\0').filter((name) => name !== '' && existsSync(join(REPOSITORY, name)))) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(REPOSITORY, path), join(to, path));
  }
}

/** The one change of the shipped workflow files: act is told where `$/actions/NAME` is. */
function nameActions(folder: string): void {
  const workflows = join(folder, '.github', 'workflows');
  for (const name of readdirSync(workflows)) {
    const file = join(workflows, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/uses: \$\/(actions\/[\w-]+)$/gm, `uses: ${TOOLKIT}/$1@running`));
  }
}

/** What a person does who sets the lake up: the environment's variables and the backend of its state. */
function setUp({ write }: TestRepository, lake: LakeFile): void {
  const administrator = `arn:aws:iam::${lake.account_id}:user/${ADMINISTRATOR}`;
  write(
    'terraform/env/dev.tfvars',
    `s3_bucket_name      = "${lake.bucket}"
aws_region          = "${lake.region}"
aws_endpoint_url    = "${lake.endpoint}"
allowed_account_ids = ["${lake.account_id}"]
aws_cli             = "${join(toolchain().pythonHome, 'bin', 'aws')}"
analysts            = [{ principal = "${administrator}", base_table = true }]
enable_lifecycle    = false
tags                = { Environment = "local" }
`,
  );
  write(
    'terraform/backend.hcl',
    `bucket                      = "mydatahub-state-${lake.name}"
key                         = "lake.tfstate"
region                      = "${lake.region}"
endpoints                   = { s3 = "${lake.endpoint}" }
use_path_style              = true
skip_credentials_validation = true
skip_requesting_account_id  = true
skip_metadata_api_check     = true
skip_region_validation      = true
`,
  );
}
