import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { LakeFile } from '../../../src/local/lakes.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';
import { providerCache, writeCliConfiguration } from '../../../src/terraform/providers.ts';
import type { FakeGitHub } from '../../support/fake-github.ts';
import { installAct } from './install-act.ts';
import { type TestRepository, TOOLKIT } from './repository.ts';

const STUBS = join(import.meta.dirname, '..', 'stubs');

export type WorkflowRun = {
  readonly status: number;
  readonly log: string;
  /** Names of the steps that did not run, of jobs that did. */
  readonly skipped: readonly string[];
};

/** A GitHub of its own: the repository, its API and a runner (act, on this machine without containers). */
export class Runner {
  readonly #repository: TestRepository;
  readonly #github: FakeGitHub;
  readonly #lake: LakeFile;

  constructor(repository: TestRepository, github: FakeGitHub, lake: LakeFile) {
    this.#repository = repository;
    this.#github = github;
    this.#lake = lake;
  }

  /** Runs a workflow for an event to its end, whatever that is. */
  async run(
    workflow: string,
    event: string,
    payload: Readonly<Record<string, unknown>>,
    inputs: Readonly<Record<string, string>> = {},
    attempt = 1,
  ): Promise<WorkflowRun> {
    const act = await installAct();
    const room = mkdtempSync(join(this.#repository.folder, '..', 'run-'));
    const eventFile = join(room, 'event.json');
    writeFileSync(eventFile, JSON.stringify({ repository: REPOSITORY_OF_EVENT, ...payload, inputs }));
    const args = [
      event,
      ...['--workflows', join('.github', 'workflows', `${workflow}.yml`), '--eventpath', eventFile],
      ...['--platform', 'ubuntu-24.04=-self-hosted', '--no-skip-checkout', '--action-offline-mode'],
      ...this.#actions().flatMap((action) => ['--local-repository', action]),
      ...Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]),
      ...['--secret', `GITHUB_TOKEN=${this.#github.token}`],
      ...['--env', `GITHUB_RUN_ATTEMPT=${attempt}`],
      ...Object.entries(this.#environment(room)).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ];
    const begin = Date.now();
    const { status, log } = await this.#start(act, args, room);
    const seconds = ((Date.now() - begin) / 1000).toFixed(1);
    process.stderr.write(`${workflow}.yml on ${event}: ${seconds} s\n`);
    return { status, log, skipped: this.#skipped(workflow, log) };
  }

  /** Steps of the jobs that ended, without a line that says so of them. */
  #skipped(workflow: string, log: string): string[] {
    const { jobs } = workflowIn(this.#repository.folder, `${workflow}.yml`);
    const ran = new Set([...log.matchAll(/⭐ Run Main (.+)$/gm)].map(([, name]) => name));
    return Object.values(jobs).flatMap(({ steps = [] }) =>
      steps.map(({ name }) => name).filter((name) => !ran.has(name)),
    );
  }

  #start(act: string, args: readonly string[], room: string): Promise<{ status: number; log: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn(act, args, {
        cwd: this.#repository.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        // What act keeps lies in the run's own folder; its actions run on the pinned Node.
        env: {
          PATH: `${join(REPOSITORY, 'node_modules', '.bin')}:${process.env.PATH}`,
          HOME: process.env.HOME,
          XDG_CACHE_HOME: join(room, 'cache'),
          XDG_CONFIG_HOME: join(room, 'config'),
        },
      });
      let log = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          log += chunk.toString('utf8');
        });
      child.on('error', reject);
      child.on('close', (code) => {
        writeFileSync(join(room, 'log.txt'), log);
        resolve({ status: code ?? 1, log });
      });
    });
  }

  #environment(room: string): Record<string, string> {
    return {
      GITHUB_API_URL: this.#github.url,
      AWS_ENDPOINT_URL: this.#lake.endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
      TF_CLI_CONFIG_FILE: writeCliConfiguration(join(room, 'cli.tfrc'), providerCache()),
      GOGC: '400',
      TEST_REPOSITORY: this.#repository.folder,
      TEST_ARTIFACTS: join(room, 'artifacts'),
      TEST_ACCESS_KEY_ID: this.#lake.access_key_id,
      TEST_SECRET_ACCESS_KEY: this.#lake.secret_access_key,
    };
  }

  /** Where each `uses:` of the workflows is. Throws when somebody else's action has no stand-in. */
  #actions(): string[] {
    const { folder, toolkit } = this.#repository;
    const used = new Set(
      [folder, toolkit].flatMap((checkout) =>
        readdirSync(join(checkout, '.github', 'workflows')).flatMap((name) =>
          usesOf(workflowIn(checkout, name)),
        ),
      ),
    );
    return [...used].flatMap((uses) => {
      const [, repository = '', ref = ''] = /^([^/@]+\/[^/@]+)[^@]*@(.+)$/.exec(uses) ?? [];
      if (repository === TOOLKIT) return [`${TOOLKIT}@${ref}=${toolkit}`];
      const stub = join(STUBS, repository);
      // ci.yml is what runs these tests.
      if (!existsSync(stub)) return ONLY_OF_CI.includes(repository) ? [] : [missing(uses)];
      return [`${repository}@${ref}=${stub}`];
    });
  }
}

const REPOSITORY_OF_EVENT = {
  name: 'lake',
  full_name: 'acme/lake',
  owner: { login: 'acme' },
  default_branch: 'main',
};
const ONLY_OF_CI = ['actions/setup-node', 'actions/setup-python', 'actions/setup-java', 'actions/setup-go'];

function missing(uses: string): never {
  throw new Error(`${uses} has no stand-in\n  cure: add test/workflows/stubs/OWNER/REPOSITORY/action.yml`);
}

type Step = { readonly name: string; readonly uses?: string };
type Job = { readonly uses?: string; readonly steps?: readonly Step[] };
type Workflow = { readonly jobs: Readonly<Record<string, Job>> };

function workflowIn(checkout: string, name: string): Workflow {
  return parse(readFileSync(join(checkout, '.github', 'workflows', name), 'utf8')) as Workflow;
}

/** Every `uses:` of a workflow, of its jobs and of their steps. */
function usesOf({ jobs }: Workflow): string[] {
  const all = Object.values(jobs).flatMap(({ uses, steps = [] }) => [
    uses,
    ...steps.map((step) => step.uses),
  ]);
  return all.filter((found) => found !== undefined);
}
