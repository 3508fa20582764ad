import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scrubbed } from '../../../src/local/environment.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';
import { copyConfiguration } from '../../../src/terraform/configuration.ts';
import { installProvider, providerCache, writeCliConfiguration } from '../../../src/terraform/providers.ts';
import { terraform } from '../../../src/terraform/terraform.ts';

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

/** Formats, validates and tests the configuration in a folder of terraform/ (`.` for itself). The lines it said. */
async function check(folder: string): Promise<string[]> {
  const room = mkdtempSync(join(tmpdir(), 'terraform-test-'));
  const lines: string[] = [];
  try {
    await installProvider();
    const commands = terraform({
      directory: join(copyConfiguration(room), folder),
      dataDirectory: join(room, 'data'),
      env: scrubbed(process.env),
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

  it('is formatted, valid, and passes its own tests', { timeout: 240_000 }, async () => {
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
    const variables = configuration
      .split(/^(?=(?:variable|resource|data|locals|output|terraform|provider) )/m)
      .filter((block) => block.startsWith('variable '));
    expect(variables.length).toBeGreaterThan(8);
    for (const variable of variables) {
      expect(variable).toMatch(/^ {2}description = "/m);
      expect(variable).toMatch(/^ {2}type +=/m);
      if (!/^ {2}type +=\s*bool$/m.test(variable)) expect(variable).toMatch(/^ {2}validation \{/m);
    }
  });
});

describe('an environment', () => {
  it('sets no variable that is not declared', () => {
    const declared = captures(read(FOLDER, '.tf'), /^variable "([a-z0-9_]+)"/gm);
    const set = captures(read(join(FOLDER, 'env'), '.tfvars'), /^([a-z0-9_]+) += /gm);
    expect(declared).toEqual(expect.arrayContaining(set));
  });
});
