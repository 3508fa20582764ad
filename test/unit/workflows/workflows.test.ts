import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { readActionFile, VERBS } from '../../../scripts/action-readmes.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';

type Step = {
  readonly name: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
};
type Concurrency = { readonly group: string; readonly 'cancel-in-progress': boolean | string };
type Job = {
  readonly if?: string;
  readonly 'timeout-minutes': number;
  readonly permissions: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly concurrency?: Concurrency;
  readonly steps: readonly Step[];
};
type Filter = { readonly branches?: readonly string[]; readonly paths?: readonly string[] } | null;
type Workflow = {
  readonly name: string;
  readonly on: Readonly<Record<string, Filter>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
};

const FOLDER = join(REPOSITORY, '.github', 'workflows');
const NAMES = readdirSync(FOLDER).sort();
const text = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const workflow = (name: string) => parse(text(name)) as Workflow;
const stepsOf = (name: string) => Object.values(workflow(name).jobs).flatMap(({ steps }) => steps);

/** GitHub's filter patterns (GitHub docs, "Filter pattern cheat sheet"): `*` stays within a name, `**` does not. */
function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replaceAll('**', '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0000', '.*');
  return new RegExp(`^${source}$`).test(path);
}
function startsAt(name: string, branch: string, changed: readonly string[]): boolean {
  const push = workflow(name).on.push;
  if (push === undefined) return false;
  const any = (patterns: readonly string[] | undefined, values: readonly string[]) =>
    patterns === undefined || values.some((value) => patterns.some((pattern) => matches(pattern, value)));
  return any(push?.branches, [branch]) && any(push?.paths, changed);
}

describe('a push', () => {
  it.each([
    ['main', ['data/penguins.csv'], ['ci.yml', 'data.yml']],
    ['main', ['data/birds/2026/a.csv', 'README.md'], ['ci.yml', 'data.yml']],
    ['data/dev', ['data/penguins.csv'], ['data.yml']],
    ['data/dev', ['README.md'], []],
    ['feature', ['data/penguins.csv'], []],
    ['main', ['README.md', 'docs/views.md'], ['ci.yml']],
    ['main', ['terraform/main.tf'], ['ci.yml', 'deploy.yml']],
    ['main', ['terraform/env/prod.tfvars'], ['ci.yml', 'deploy.yml']],
    ['main', ['glue-scripts/mydatahub_glue/pivot.py'], ['ci.yml', 'deploy.yml']],
    ['main', ['jars/pom.xml'], ['ci.yml', 'deploy.yml']],
    ['main', ['config/views.yml'], ['ci.yml', 'deploy.yml']],
    ['main', ['config/views.schema.json'], ['ci.yml']],
    ['data/dev', ['terraform/main.tf'], []],
    ['data/dev', ['config/views.yml'], []],
    ['main', ['src/data/a.csv'], ['ci.yml']],
  ])('to %s of %j starts %j', (branch, changed, expected) => {
    expect(NAMES.filter((name) => startsAt(name, branch, changed))).toEqual(expected);
  });
});

describe('a pull request', () => {
  it('is previewed and validated whatever it changes, so that nothing broken is merged', () => {
    expect(workflow('plan.yml').on.pull_request).toBeNull();
    const { data, validate } = workflow('plan.yml').jobs;
    for (const job of [data, validate]) expect(job).not.toHaveProperty('if');
    expect(data?.steps.map(({ uses }) => uses)).toContain('$/actions/preview-data');
  });
});

describe('a merge queue', () => {
  const { jobs, concurrency } = workflow('plan.yml');

  it('gets the checks that it waits for, and no group of it cancels another', () => {
    expect(workflow('plan.yml').on.merge_group).toBeNull();
    expect(concurrency?.group).toContain('github.event.pull_request.number || github.ref');
    const preview = jobs.data?.steps.find(({ uses }) => uses === '$/actions/preview-data');
    expect(preview?.with?.base).toBe('HEAD^1');
  });

  it('neither plans nor comments: there is no pull request to show it on', () => {
    const ofPull = 'github.event.pull_request.head.repo.full_name == github.repository';
    for (const job of [jobs.plan, jobs.comment]) expect(job?.if).toContain(ofPull);
  });
});

describe('rules of views that are merged', () => {
  it('are sent and then brought into the views by the same job', () => {
    const { steps = [] } = workflow('deploy.yml').jobs.deploy ?? {};
    const verbs = steps.flatMap(({ uses }) => uses?.match(/^\$\/actions\/(.*)$/)?.[1] ?? []);
    expect(verbs).toEqual([
      'terraform-apply',
      'upload-assets',
      'run-ingestion',
      'wait-for-views',
      'smoke-test',
    ]);
    const ingestion = steps.find(({ uses }) => uses === '$/actions/run-ingestion');
    expect(ingestion?.with?.refresh).toContain("steps.assets.outputs.uploaded != '0'");
  });
});

describe('what works on a lake', () => {
  const writers = NAMES.flatMap((name) =>
    Object.entries(workflow(name).jobs)
      .filter(([, { environment }]) => environment !== undefined)
      .map(([job, definition]) => [`${name} ${job}`, definition] as const),
  );

  it('is the jobs of four workflows', () => {
    expect(writers.map(([name]) => name)).toEqual([
      'data.yml data',
      'deploy.yml deploy',
      'refresh.yml refresh',
      'rollback.yml rollback',
    ]);
  });

  it.each(writers)(
    'queues with all the others of its environment, and is never cancelled by them: %s',
    (_, job) => {
      expect(job.concurrency?.group).toBe(`mydatahub-lake-${job.environment}`);
      expect(job.concurrency?.['cancel-in-progress']).toBe(false);
    },
  );

  it('asks for a token of OIDC nowhere but where somebody signs in', () => {
    for (const name of NAMES)
      for (const [job, { permissions, steps }] of Object.entries(workflow(name).jobs)) {
        const signsIn = steps.some(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@'));
        expect(permissions['id-token'], `${name} ${job}`).toBe(signsIn ? 'write' : undefined);
      }
  });

  it('takes the role that may apply only in jobs that name the environment', () => {
    for (const name of NAMES)
      for (const { environment, steps } of Object.values(workflow(name).jobs)) {
        const roles = steps.map((step) => String(step.with?.['role-to-assume'] ?? ''));
        if (roles.some((role) => role.includes('apply-role'))) expect(environment).toBeDefined();
        if (roles.some((role) => role.includes('plan-role'))) expect(environment).toBeUndefined();
      }
  });
});

describe.each(NAMES)('%s', (name) => {
  const { on, permissions, jobs, concurrency } = workflow(name);

  it('can be called from another repository', () => {
    expect(Object.keys(on)).toContain('workflow_call');
  });

  it('never runs the code of a pull request with the rights of its base', () => {
    expect(Object.keys(on)).not.toContain('pull_request_target');
    expect(Object.keys(on)).not.toContain('workflow_run');
    expect(text(name)).not.toContain('secrets.');
  });

  it('gives each job its own permissions, each with its reason, a timeout, and a place in a queue', () => {
    expect(permissions).toEqual({});
    for (const [job, definition] of Object.entries(jobs)) {
      expect(definition['timeout-minutes'], job).toBeGreaterThan(0);
      expect(definition.concurrency ?? concurrency, job).toBeDefined();
      for (const scope of Object.keys(definition.permissions))
        expect(text(name), `${job} ${scope}`).toMatch(
          new RegExp(`^      ${scope}: (read|write) # \\S+`, 'm'),
        );
    }
  });

  it('names every step', () => {
    for (const step of stepsOf(name)) expect(step.name).toMatch(/^[A-Z]/);
  });

  it("pins others' actions to a commit with its version beside it, the same in every workflow", () => {
    for (const { uses } of stepsOf(name)) {
      if (uses === undefined || uses.startsWith('$/')) continue;
      expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      const versions = new Set(
        NAMES.flatMap((file) =>
          [
            ...text(file).matchAll(
              new RegExp(`uses: ${uses.split('@')[0]}@(\\S+ # v\\d+\\.\\d+\\.\\d+)$`, 'gm'),
            ),
          ].map(([, version]) => version),
        ),
      );
      expect(versions.size, uses).toBe(1);
    }
  });

  it('gives our own actions the inputs that they have, and all that they require', () => {
    for (const [job, { steps }] of Object.entries(jobs)) {
      for (const step of steps) {
        const verb = VERBS.find((known) => step.uses === `$/actions/${known}`);
        if (step.uses?.startsWith('$/')) expect(verb, step.uses).toBeDefined();
        if (verb === undefined) continue;
        const { inputs } = readActionFile(verb);
        const given = Object.keys(step.with ?? {});
        expect(
          given.filter((input) => inputs[input] === undefined),
          `${job} ${verb}`,
        ).toEqual([]);
        const needed = Object.entries(inputs).filter(
          ([, input]) => input.required && input.default === undefined,
        );
        for (const [input] of needed) expect(given, `${job} ${verb}`).toContain(input);
      }
    }
  });

  it('reads outputs that the steps have', () => {
    const steps = new Map(stepsOf(name).map((step) => [step.id, step]));
    for (const [, id, output] of text(name).matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      const verb = VERBS.find((known) => steps.get(id)?.uses === `$/actions/${known}`);
      if (verb === undefined) throw new Error(`${id} is no step of an action of ours`);
      expect(Object.keys(readActionFile(verb).outputs), `${id}: ${verb}`).toContain(output);
    }
  });

  it('is YAML without a doubled key', () => {
    expect(parseDocument(text(name)).errors).toEqual([]);
  });
});
