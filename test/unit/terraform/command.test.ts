import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TerraformError } from '../../../src/terraform/errors.ts';
import { terraform } from '../../../src/terraform/terraform.ts';

let room: string;
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'terraform-command-'));
});
afterEach(() => rmSync(room, { recursive: true, force: true }));

/** A program called terraform that writes down its arguments and environment, says something, and exits. */
function standIn(status: number, stdout: string, stderr = '') {
  const program = join(room, 'terraform');
  writeFileSync(
    program,
    `#!/usr/bin/env node
const fs = require('node:fs');
if (process.argv[2] === 'version') { console.log('{"terraform_version":"1.11.4"}'); process.exit(0); }
fs.writeFileSync(${JSON.stringify(join(room, 'asked.json'))}, JSON.stringify({ args: process.argv.slice(2), env: process.env }));
process.stdout.write(${JSON.stringify(stdout)});
process.stderr.write(${JSON.stringify(stderr)});
process.exitCode = ${status};
`,
  );
  chmodSync(program, 0o755);
  const lines: string[] = [];
  const commands = terraform({
    directory: room,
    dataDirectory: join(room, 'data'),
    env: { PATH: `${room}${delimiter}${dirname(process.execPath)}${delimiter}/usr/bin${delimiter}/bin` },
    cliConfigFile: '/some/cli.tfrc',
    onLine: (line) => lines.push(line),
  });
  const asked = (): { args: string[]; env: Record<string, string> } =>
    JSON.parse(readFileSync(join(room, 'asked.json'), 'utf8'));
  return { commands, asked, lines };
}

describe('a command of Terraform', () => {
  it('gets values as they are, whatever a shell would make of them', async () => {
    const { commands, asked } = standIn(0, '');
    await commands.apply({
      varFiles: ['env/a b.tfvars'],
      vars: { name: `$(id) "x" 'y' ; \${a}`, ids: ['1', '2'], on: true },
    });
    expect(asked().args).toEqual([
      'apply',
      '-input=false',
      '-no-color',
      '-lock-timeout=60s',
      '-auto-approve',
      '-var-file=env/a b.tfvars',
      `-var=name=$(id) "x" 'y' ; \${a}`,
      '-var=ids=["1","2"]',
      '-var=on=true',
    ]);
  });

  it('runs with the given environment alone, its data folder and its command line configuration', async () => {
    const { commands, asked } = standIn(0, '');
    await commands.validate();
    expect(asked().env).toMatchObject({
      TF_DATA_DIR: join(room, 'data'),
      TF_CLI_CONFIG_FILE: '/some/cli.tfrc',
      TF_IN_AUTOMATION: '1',
    });
    expect(asked().env.HOME).toBeUndefined();
  });

  it.each([
    [0, false],
    [2, true],
  ])('tells by exit status %i of plan whether there is something to change', async (status, changes) => {
    const { commands } = standIn(status, '');
    await expect(commands.plan({})).resolves.toEqual({ changes });
  });

  it('takes no lock for a plan that may not write', async () => {
    const { commands, asked } = standIn(0, '');
    await commands.plan({ lock: false });
    expect(asked().args).toEqual(['plan', '-input=false', '-no-color', '-lock=false', '-detailed-exitcode']);
  });

  it('makes a workspace that is not there', async () => {
    const { commands, asked } = standIn(0, '');
    await commands.selectWorkspace('dev');
    expect(asked().args).toEqual(['workspace', 'select', '-no-color', '-or-create', 'dev']);
  });

  it('passes every line on as it comes', async () => {
    const { commands, lines } = standIn(0, 'one\ntwo\n', 'three\n');
    await commands.destroy({});
    expect(lines.sort()).toEqual(['one', 'three', 'two']);
  });

  it('gives the outputs with their values', async () => {
    const { commands } = standIn(0, '{"bucket":{"sensitive":false,"type":"string","value":"b"}}');
    await expect(commands.output()).resolves.toEqual({ bucket: { sensitive: false, value: 'b' } });
  });

  it('fails with what Terraform said, why most likely, and the cure', async () => {
    const { commands } = standIn(1, 'Refreshing…\n', 'Error: Error acquiring the state lock\nID: 42\n');
    const failure = await commands.apply({}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TerraformError);
    expect(String(failure)).toMatch(/terraform apply failed \(exit 1\)/);
    expect(String(failure)).toMatch(
      /\| ID: 42\n {2}why: {2}another run holds the lock.*\n {2}cure: .*force-unlock/,
    );
  });

  it.each([
    [
      'who may not grant, how to become an administrator',
      'api error AccessDeniedException: Insufficient Lake Formation permission(s): Required\n│ Create Table on iceberg_db',
      /no Lake Formation administrator.*\n {2}cure: .*mydatahub administrators --region REGION --add ARN/,
    ],
    [
      'who lacks a permission, the statement that grants it',
      'User: arn:aws:sts::123456789012:assumed-role/x/me is not authorized to perform:\n│ glue:CreateJob on resource: arn:aws:glue:us-east-1:123456789012:job/verify-views because no identity-based policy allows it',
      /no policy of the caller allows glue:CreateJob on arn:aws:glue:us-east-1:123456789012:job\/verify-views\n {2}cure: .*\{"Effect":"Allow","Action":"glue:CreateJob","Resource":"arn:aws:glue:us-east-1:123456789012:job\/verify-views"\}/,
    ],
    [
      'who lacks a permission that knows no resource, the statement too',
      'User: arn:aws:iam::123456789012:user/me is not authorized to perform: lakeformation:RegisterResource',
      /\{"Effect":"Allow","Action":"lakeformation:RegisterResource","Resource":"\*"\}/,
    ],
    [
      'who has no AWS CLI, what needs it',
      'Error running command: exec: "aws": executable file not found in $PATH',
      /the AWS CLI \(variable aws_cli\).*\n {2}cure: install the AWS CLI/,
    ],
  ])('tells %s', async (_, said, expected) => {
    const { commands } = standIn(1, '', `Error: ${said}\n`);
    await expect(commands.apply({})).rejects.toThrow(expected);
  });

  it('names no made-up reason for a failure that it does not know', async () => {
    const { commands } = standIn(1, '', 'Error: something new\n');
    await expect(commands.validate()).rejects.toThrow(
      /\| Error: something new\n {2}cure: mend what the last error/,
    );
  });

  it('says how to get Terraform when there is none', async () => {
    const commands = terraform({ directory: room, dataDirectory: room, env: { PATH: room } });
    await expect(commands.version()).rejects.toThrow(/not found on the PATH\n.*\n {2}cure: install it/);
  });
});
