import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scrubbed } from '../../src/local/environment.ts';
import { REPOSITORY } from '../../src/local/toolchain.ts';
import { copyConfiguration } from '../../src/terraform/configuration.ts';
import { installProvider, providerCache, writeCliConfiguration } from '../../src/terraform/providers.ts';
import { terraform } from '../../src/terraform/terraform.ts';

const FOLDER = join(REPOSITORY, 'terraform');

/** How the name of a resource or data source begins, and the service that the provider calls for it. */
const SERVICES = [
  ['athena_', 'athena'],
  ['budgets_', 'budgets'],
  ['caller_identity', 'sts'],
  ['cloudwatch_event_', 'events'],
  ['cloudwatch_log_', 'logs'],
  ['cloudwatch_', 'cloudwatch'],
  ['glue_', 'glue'],
  ['iam_', 'iam'],
  ['kms_', 'kms'],
  ['lakeformation_', 'lakeformation'],
  ['s3_', 's3'],
  ['sns_', 'sns'],
] as const;

function read(folder: string, ending: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

function captures(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, found = '']) => found))].sort();
}

/** The text of each block of a kind. */
function blocks(configuration: string, kind: string): string[] {
  return configuration
    .split(/^(?=(?:variable|resource|data|locals|output|terraform|provider|module) )/m)
    .filter((block) => block.startsWith(`${kind} `));
}

/** Formats, validates and tests the configuration in a folder of terraform/ (`.` for itself). The lines it said. */
async function check(folder: string): Promise<string[]> {
  const room = mkdtempSync(join(tmpdir(), 'terraform-test-'));
  const lines: string[] = [];
  try {
    await installProvider();
    const commands = terraform({
      directory: join(copyConfiguration(room), folder),
      dataDirectory: join(room, 'data'),
      // Reading the provider's schema is most of the time: see apply-local.ts.
      env: { ...scrubbed(process.env), GOGC: '400' },
      cliConfigFile: writeCliConfiguration(join(room, 'cli.tfrc'), providerCache()),
      onLine: (line) => lines.push(line),
    });
    await commands.formatCheck();
    await commands.init({ backendConfig: false });
    await commands.validate();
    await commands.test();
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
  return lines;
}

describe.each([
  ['the lake', '.'],
  ['what comes before the lakes', 'bootstrap'],
])('the configuration of %s', (_, name) => {
  const folder = join(FOLDER, name);
  const configuration = read(folder, '.tf');

  it('is formatted, valid, and passes its own tests', { timeout: 480_000 }, async () => {
    const files = readdirSync(join(folder, 'tests'))
      .filter((file) => file.endsWith('.tftest.hcl'))
      .map((file) => `tests/${file}... pass`);
    expect(files.length).toBeGreaterThan(0);
    expect(await check(name)).toEqual(expect.arrayContaining(files));
  });

  it('gives every AWS service that it calls an endpoint, so that a local lake never asks AWS', () => {
    const kinds = captures(configuration, /^(?:resource|data) "aws_(?!partition")([a-z0-9_]+)"/gm);
    const services = kinds.map((kind) => SERVICES.find(([start]) => kind.startsWith(start))?.[1] ?? kind);
    const endpoints = captures(configuration, /^ {6}([a-z0-9]+) += endpoints\.value$/gm);
    expect(endpoints).toEqual([...new Set(services)].sort());
  });

  it('describes, types and validates every variable; a switch needs no validation', () => {
    const variables = blocks(configuration, 'variable');
    expect(variables.length).toBeGreaterThan(8);
    for (const variable of variables) {
      expect(variable).toMatch(/^ {2}description = "/m);
      expect(variable).toMatch(/^ {2}type +=/m);
      if (!/^ {2}type +=\s*bool$/m.test(variable)) expect(variable).toMatch(/^ {2}validation \{/m);
    }
  });

  it('has a test that shows each refusal of a variable', () => {
    const refused = read(join(folder, 'tests'), '.tftest.hcl')
      .split('expect_failures = [')
      .slice(1)
      .flatMap((text) => captures(text.slice(0, text.indexOf(']')), /\bvar\.([a-z0-9_]+)/g));
    const untested = blocks(configuration, 'variable').filter((variable) => {
      const rules = variable.split(/^ {2}validation \{/m).length - 1;
      return refused.filter((name) => name === variable.split('"')[1]).length < rules;
    });
    expect(untested.map((variable) => variable.split('"')[1])).toEqual([]);
  });

  it('gives a reason for every check of checkov that it passes over', () => {
    const reasons = captures(configuration, /#checkov:skip=(.*)/g);
    for (const reason of reasons) expect(reason).toMatch(/^CKV2?_AWS_\d+: [A-Z].{15,}\.$/);
  });
});

describe('the guard of the lake', () => {
  it('stands before every resource: what it does not name could be destroyed before it refuses', () => {
    const configuration = read(FOLDER, '.tf');
    const made = blocks(configuration, 'resource').map((block) => block.split('"').slice(1, 4).join(''));
    const resources = made
      .map((name) => name.replace(' ', '.'))
      .filter((name) => name !== 'terraform_data.guard');
    const [guard = ''] = blocks(configuration, 'resource').filter((block) =>
      block.startsWith('resource "terraform_data" "guard"'),
    );
    const named = captures(guard.slice(guard.indexOf('depends_on')), /^ {4}([a-z0-9_.]+),$/gm);
    expect(named).toEqual(resources.sort());
  });
});

describe('an environment', () => {
  it('sets no variable that is not declared', () => {
    const declared = captures(read(FOLDER, '.tf'), /^variable "([a-z0-9_]+)"/gm);
    const set = captures(read(join(FOLDER, 'env'), '.tfvars'), /^([a-z0-9_]+) += /gm);
    expect(declared).toEqual(expect.arrayContaining(set));
  });
});
