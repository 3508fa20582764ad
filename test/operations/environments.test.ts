import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient, ListWorkGroupsCommand } from '@aws-sdk/client-athena';
import { GetDatabasesCommand, GlueClient, ListJobsCommand, ListWorkflowsCommand } from '@aws-sdk/client-glue';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAthena } from '../../src/aws/athena.ts';
import { systemClock } from '../../src/aws/poller.ts';
import { assetsOf } from '../../src/lake/assets.ts';
import { REPOSITORY, toolchain } from '../../src/local/toolchain.ts';
import type { Outputs } from '../../src/terraform/terraform.ts';
import { history } from '../../src/verbs/history.ts';
import { runIngestion } from '../../src/verbs/run-ingestion.ts';
import { smokeTest } from '../../src/verbs/smoke-test.ts';
import { uploadAssets } from '../../src/verbs/upload-assets.ts';
import { uploadData } from '../../src/verbs/upload-data.ts';
import { inLines } from '../../src/verbs/verb.ts';
import { waitForViews } from '../../src/verbs/wait-for-views.ts';
import { allowedOf, attempts } from '../e2e/support/attempts.ts';
import { account, type Credentials } from '../e2e/support/environments.ts';
import { clientEnvironment, program, sharedLake } from '../e2e/support/lake.ts';
import { writeSourceFile } from '../e2e/support/source-files.ts';

const ENVIRONMENTS = ['dev', 'prod'];
const LONG = 1_800_000;
const folder = mkdtempSync(join(tmpdir(), 'environments-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const here = account(sharedLake().name, folder);
const conversation = { ...inLines(() => {}), clock: systemClock, signal: new AbortController().signal };

let made: Outputs;
let analyst: Credentials;
const roleOf = (output: string, environment: string) =>
  z.record(z.string(), z.string()).parse(made[output]?.value)[environment] ?? '';
const boundary = () => String(made.permissions_boundary_arn?.value);

const applier = (environment: string): Promise<Credentials> =>
  here.assume(roleOf('apply_role_arns', environment), {
    sub: `repo:my-org@4711/my-lake@815:environment:${environment}`,
  });
const planner = (environment: string): Promise<Credentials> =>
  here.assume(roleOf('plan_role_arns', environment), { sub: 'repo:my-org/my-lake:pull_request' });
const sender = (environment: string): Promise<Credentials> =>
  here.assume(`arn:aws:iam::123456789012:role/mydatahub/mydatahub-github-data-${environment}`, {
    sub: 'repo:my-org/my-lake:ref:refs/heads/main',
  });

beforeAll(async () => {
  const { commands, inputs } = await here.bootstrap();
  await commands.apply(inputs);
  await expect(commands.plan(inputs)).resolves.toEqual({ changes: false });
  made = await commands.output();
  analyst = await here.analyst();
  for (const environment of ENVIRONMENTS) {
    const lake = await here.environment(environment, await applier(environment), boundary());
    await lake.commands.apply(lake.inputs);
  }
  await here.attachAthenaAccess('dev');
}, LONG);

describe('what comes before a lake', () => {
  const administrators = async (...options: string[]): Promise<string[]> => {
    const call = [join(REPOSITORY, 'bin', 'mydatahub.js'), 'administrators', '--json', ...options];
    const { stdout } = await program(process.execPath, call, { env: clientEnvironment() });
    return (JSON.parse(stdout) as { administrators: string[] }).administrators.sort();
  };

  it('makes the apply roles Lake Formation administrators, the plan roles read-only ones, and removes nobody', async () => {
    expect(await administrators('--read-only')).toEqual([
      roleOf('plan_role_arns', 'dev'),
      roleOf('plan_role_arns', 'prod'),
    ]);
    expect(await administrators()).toEqual([
      roleOf('apply_role_arns', 'dev'),
      roleOf('apply_role_arns', 'prod'),
      'arn:aws:iam::123456789012:user/local-administrator',
    ]);
  });

  it.each([
    ['another repository', { sub: 'repo:my-org/my-lake-2:environment:dev' }],
    ['who took the names when they were free', { sub: 'repo:my-org@4712/my-lake@816:environment:dev' }],
    ['another environment', { sub: 'repo:my-org/my-lake:environment:prod' }],
    ['a pull request', { sub: 'repo:my-org/my-lake:pull_request' }],
    ['a job that names no environment', { sub: 'repo:my-org/my-lake:ref:refs/heads/main' }],
    ['a token for others', { sub: 'repo:my-org/my-lake:environment:dev', aud: 'https://github.com/my-org' }],
  ])('keeps %s from applying', async (_, claims) => {
    await expect(here.assume(roleOf('apply_role_arns', 'dev'), claims)).rejects.toThrow(
      /Not authorized to perform sts:AssumeRoleWithWebIdentity|Incorrect token audience/,
    );
  });
});

describe('two environments that their own apply roles have applied', () => {
  it.each(ENVIRONMENTS)(
    'leave nothing to change, as the plan role of %s finds without a lock',
    async (environment) => {
      const plan = await here.environment(environment, await planner(environment), boundary());
      await expect(plan.commands.plan({ ...plan.inputs, lock: false })).resolves.toEqual({ changes: false });
    },
    LONG,
  );

  it('stand side by side with each other and with a lake without a suffix', async () => {
    const client = { ...here.endpoint, credentials: here.lake.credentials };
    const glue = new GlueClient(client);
    const [databases, jobs, workflows, workgroups, roles] = await Promise.all([
      glue.send(new GetDatabasesCommand({})),
      glue.send(new ListJobsCommand({})),
      glue.send(new ListWorkflowsCommand({})),
      new AthenaClient(client).send(new ListWorkGroupsCommand({})),
      new IAMClient(client).send(new ListRolesCommand({ PathPrefix: '/mydatahub/' })),
    ]);
    const of = (start: string, names: (string | undefined)[] = []) =>
      names.filter((name) => name?.startsWith(start)).sort();
    expect(
      of(
        'iceberg_db',
        databases.DatabaseList?.map(({ Name }) => Name),
      ),
    ).toEqual(['iceberg_db', 'iceberg_db_dev', 'iceberg_db_prod']);
    expect(of('data-lake', workflows.Workflows)).toEqual(['data-lake', 'data-lake-dev', 'data-lake-prod']);
    expect(
      of(
        'mydatahub',
        workgroups.WorkGroups?.map(({ Name }) => Name),
      ),
    ).toEqual(['mydatahub', 'mydatahub-dev', 'mydatahub-prod']);
    for (const suffix of ['', '-dev', '-prod']) {
      expect(jobs.JobNames).toEqual(expect.arrayContaining([`verify-views${suffix}`]));
      expect(roles.Roles?.map(({ RoleName }) => RoleName)).toContain(`mydatahub-view-definer${suffix}`);
    }
  });
});

/** Of everything in support/attempts.ts, what each role may do; all the rest AWS refuses. */
const MAY: Readonly<Record<string, { as: () => Promise<Credentials>; may: readonly string[] }>> = {
  'github-plan': { as: () => planner('dev'), may: ['read its Terraform state'] },
  'github-data': {
    as: () => sender('dev'),
    may: [
      ...['write raw-data/', 'read raw-data/', 'delete in raw-data/'],
      ...['write state/', 'read state/', 'delete in state/', 'read config/'],
      ...['write athena-results/', 'read athena-results/'],
      ...['stop a run of the workflow', 'ask Athena in its workgroup'],
    ],
  },
  'github-apply': {
    as: () => applier('dev'),
    may: [
      ...['write scripts/', 'read scripts/', 'delete in scripts/'],
      ...['write jars/', 'read jars/', 'delete in jars/'],
      ...['write config/', 'read config/', 'delete in config/'],
      ...['read its Terraform state', "write its Terraform state's lock", 'ask Lake Formation to grant'],
    ],
  },
  ingestion: {
    as: () => here.assumeAsService('mydatahub-ingestion-dev'),
    may: [
      ...['read raw-data/', 'write state/', 'read state/', 'read scripts/', 'read jars/', 'read config/'],
      ...['write iceberg-data/', 'read iceberg-data/', 'delete in iceberg-data/'],
    ],
  },
  'view-definer': {
    as: () => here.assumeAsService('mydatahub-view-definer-dev'),
    may: [
      ...['write state/', 'read state/', 'read scripts/', 'read config/', 'read iceberg-data/'],
      ...['write athena-results/', 'read athena-results/', 'ask Athena in its workgroup'],
    ],
  },
  'view-reader': {
    as: () => here.assumeAsService('mydatahub-view-reader-dev'),
    may: ['read state/', 'read scripts/'],
  },
  'table-location': {
    as: () => here.assumeAsService('mydatahub-table-location-dev'),
    may: ['write iceberg-data/', 'read iceberg-data/', 'delete in iceberg-data/'],
  },
  analyst: {
    as: async () => analyst,
    may: ['write athena-results/', 'read athena-results/', 'ask Athena in its workgroup'],
  },
  optimizer: { as: () => here.assumeAsService('mydatahub-optimizer-dev'), may: [] },
};

describe('a role', () => {
  it.each(Object.entries(MAY))('%s may do its own work and is refused all else', async (_, role) => {
    const tried = attempts(await here.ground('dev'), await role.as());
    expect((await allowedOf(tried)).sort()).toEqual([...role.may].sort());
  });
});

describe('the roles of GitHub', () => {
  it(
    'do all that their verbs do: assets by the one that applies, data, runs and the test by the one for data',
    async () => {
      const { jars } = toolchain();
      const applied = await here.lakeOf('dev', await applier('dev'));
      const { sent } = await uploadAssets(applied, assetsOf(REPOSITORY), async () => jars, conversation);
      expect(sent.length).toBeGreaterThan(3);

      const data = join(folder, 'data');
      writeSourceFile(data, 'one.csv', [
        ['environments', 'a', '', '', 'k', '1'],
        ['environments', 'b', '', '', 'k', '2'],
      ]);
      const lake = await here.lakeOf('dev', await sender('dev'));
      await uploadData(lake, data, { confirmRemovals: false }, conversation);
      const options = { refresh: false, full: false, confirmRemovals: false, republish: false };
      await runIngestion(lake, { ...options, waitForRunning: false }, conversation);
      await waitForViews(lake, undefined, conversation);
      const { ok, views } = await smokeTest(lake, undefined, conversation);
      expect({ ok, views: views.map(({ view, rows }) => [view, rows]) }).toEqual({
        ok: true,
        views: [['entity_view_environments', 2]],
      });

      const { snapshots } = await history(lake);
      expect(snapshots.map(({ files }) => files)).toHaveLength(1);

      const asAnalyst = { ...lake.connection, credentials: analyst };
      const athena = openAthena(asAnalyst, lake.config, conversation.clock);
      const counted = 'SELECT count(*) FROM iceberg_db_dev.';
      const { rows } = await athena.query(`${counted}entity_view_environments`, conversation.signal);
      expect(rows).toEqual([['2']]);
      await expect(athena.query(`${counted}entity_data`, conversation.signal)).rejects.toThrow(
        'TABLE_NOT_FOUND',
      );
    },
    LONG,
  );

  it(
    'take a lake away again, when that was allowed before',
    async () => {
      const lake = await here.environment('prod', await applier('prod'), boundary());
      await expect(lake.commands.destroy(lake.inputs)).rejects.toThrow(/REFUSED/);
      const allowed = { ...lake.inputs, vars: { ...lake.inputs.vars, allow_destroy: true } };
      await lake.commands.apply(allowed);
      await lake.commands.destroy(allowed);
      await expect(here.assumeAsService('mydatahub-view-reader-prod')).rejects.toThrow(/not found/i);
    },
    LONG,
  );
});
