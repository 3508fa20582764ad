import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { endOf, spawnStep } from '../../support/step.ts';

const workspace = mkdtempSync(join(tmpdir(), 'mydatahub-validate-'));
afterAll(() => rmSync(workspace, { recursive: true }));

describe('the configuration of a pull request', { timeout: 60_000 }, () => {
  const validate = (text: string, status: number) => {
    const infrastructure = join(workspace, 'infrastructure');
    mkdirSync(infrastructure, { recursive: true });
    writeFileSync(join(infrastructure, 'main.tf'), text);
    const inputs = { 'terraform-directory': 'infrastructure' };
    return endOf('terraform-validate', spawnStep('terraform-validate', { workspace, inputs }), status);
  };

  it('is checked without credentials, with the list of JARs that comes along', async () => {
    const reads = `output "jars" {\n  value = length(file("\${path.module}/../jars/pom.xml"))\n}\n`;
    const valid = await validate(reads, 0);
    expect(valid.outputs).toEqual({ 'terraform-version': expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    expect(valid.log).toContain('jar list: jars/pom.xml that comes with the action');
  });

  it('fails when it is not valid, or not in its form, with the place', async () => {
    expect((await validate('output "x" {\n  value = var.nothing\n}\n', 1)).log).toContain(
      'on main.tf line 2',
    );
    expect((await validate('output "x" {\nvalue = 1\n}\n', 1)).log).toContain('+  value = 1');
  });
});
