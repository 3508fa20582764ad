import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { providerMirror, writeCliConfiguration } from '../../../src/terraform/providers.ts';

const room = mkdtempSync(join(tmpdir(), 'terraform-providers-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(room, { recursive: true, force: true });
});

describe('the mirror of providers', () => {
  it('is the folder that MYDATAHUB_TERRAFORM_MIRROR names', () => {
    vi.stubEnv('MYDATAHUB_TERRAFORM_MIRROR', tmpdir());
    expect(providerMirror()).toBe(tmpdir());
  });

  it('is refused when the named folder does not exist, instead of quietly using the network', () => {
    vi.stubEnv('MYDATAHUB_TERRAFORM_MIRROR', join(room, 'nowhere'));
    expect(() => providerMirror()).toThrow(/nowhere, which does not exist\n.*cure/);
  });

  it('serves the AWS provider alone; every other one comes from where it always does', () => {
    const file = writeCliConfiguration(join(room, 'deep', 'cli.tfrc'), '/a "quoted" folder');
    expect(readFileSync(file, 'utf8')).toBe(
      'provider_installation {\n' +
        '  filesystem_mirror {\n' +
        '    path    = "/a \\"quoted\\" folder"\n' +
        '    include = ["hashicorp/aws"]\n' +
        '  }\n' +
        '  direct {\n' +
        '    exclude = ["hashicorp/aws"]\n' +
        '  }\n' +
        '}\n',
    );
  });
});
