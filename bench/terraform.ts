import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { runningLake } from '../src/local/lakes.ts';
import { startLake } from '../src/local/start.ts';
import { stopLake } from '../src/local/stop.ts';
import { localInputs, localTerraform } from '../src/terraform/apply-local.ts';
import { startGuard } from '../src/terraform/guard.ts';
import type { Terraform, Variables } from '../src/terraform/terraform.ts';
import { median, seconds } from './measure.ts';

/**
 * How long Terraform takes on a lake that has nothing yet: init and plan, apply, a second plan, which must find nothing
 * to change, and destroy. Everything is switched on but the rules of the bucket, for which the provider waits 55 s
 * whatever the server answers. Other work on the machine slows it: the load is told. Usage: terraform.ts [rounds]. The
 * last line is one JSON object of all figures (medians of the rounds).
 */
const rounds = Number(process.argv[2] ?? 3);
const name = `bench-terraform-${process.pid}`;
const variables: Variables = {
  enable_lifecycle: false,
  ingestion_schedule: 'cron(15 3 1 1 ? *)',
  alarm_emails: ['data-team@example.org'],
  monthly_budget_usd: 50,
  allow_destroy: true,
};

async function round() {
  await startLake(name);
  const lake = runningLake(name);
  const folder = mkdtempSync(join(tmpdir(), 'mydatahub-bench-'));
  const room = { folder, stateKey: 'lake.tfstate', onLine: () => undefined };
  const inputs = localInputs(lake, variables);
  await using guard = startGuard();
  try {
    let terraform: Terraform | undefined;
    const planned = async () => {
      terraform = await localTerraform(lake, { ...room, guard });
      await terraform.plan(inputs);
    };
    const load_at_start = Math.round((loadavg()[0] ?? 0) * 10) / 10;
    const init_and_plan_s = await seconds(planned);
    if (terraform === undefined) throw new Error('there is no Terraform');
    const commands: Terraform = terraform;
    const apply_s = await seconds(() => commands.apply(inputs));
    let changes = true;
    const second_plan_s = await seconds(async () => {
      changes = (await commands.plan(inputs)).changes;
    });
    const destroy_s = await seconds(() => commands.destroy(inputs));
    return {
      init_and_plan_s,
      apply_s,
      second_plan_s,
      second_plan_changes: Number(changes),
      destroy_s,
      load_at_start,
    };
  } finally {
    await stopLake(name);
    rmSync(folder, { recursive: true });
  }
}

const figures: Record<string, number>[] = [];
for (let i = 0; i < rounds; i += 1) {
  const result = await round();
  console.error(`round ${i + 1}: ${JSON.stringify(result)}`);
  figures.push(result);
}
const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
const medians = Object.fromEntries(
  Object.keys(figures[0] ?? {}).map((key) => [
    key,
    median(figures.map((figure) => figure[key] ?? Number.NaN)),
  ]),
);
console.log(JSON.stringify({ bench: 'terraform', machine, rounds, ...medians }));
