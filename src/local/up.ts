import { applyLocal } from '../terraform/apply-local.ts';
import { install } from './install/install.ts';
import { step } from './install/progress.ts';
import { lakeOption, localLakeName, runningLake } from './lakes.ts';
import { mydatahub } from './mydatahub.ts';
import { type StartedLake, startLake } from './start.ts';
import { stopLake } from './stop.ts';

export type UpResult = {
  readonly name: string;
  readonly lake: string;
  readonly endpoint: string;
  readonly directory: string;
};

/**
 * Brings a local lake up: engines running, Terraform applied, assets uploaded. With `keep` it then lives until `down`;
 * without, it ends with this process. Throws, with the lake gone again, when a step fails.
 */
export async function up(lakeName: string, options: { readonly keep: boolean }): Promise<UpResult> {
  const name = localLakeName(lakeName);
  await install();
  const started = await step(`lake ${name}: gateway, moto, Trino`, () => startLake(name));
  const result = await furnish(name).catch(async (error: unknown) => {
    await stopLake(name);
    throw error;
  });
  if (options.keep) release(started, result);
  return result;
}

/** Applies Terraform and uploads the assets: what makes running engines a lake. Changes nothing when done before. */
export async function furnish(name: string): Promise<UpResult> {
  const lake = runningLake(name);
  await step(`lake ${name}: Terraform`, () => applyLocal(lake));
  await step(`lake ${name}: scripts and JARs`, async () => {
    const { status } = await mydatahub(['upload-assets', '--lake', lakeOption(name), '--json']);
    if (status !== 0) throw new Error('the assets could not be uploaded; see above');
  });
  return { name, lake: lakeOption(name), endpoint: lake.endpoint, directory: lake.directory };
}

function release(started: StartedLake, result: UpResult): void {
  started.release();
  process.stderr.write(
    `lake ${result.name} is up at ${result.endpoint}\n` +
      `  use it:  npx mydatahub upload-data --lake ${result.lake}\n` +
      `  end it:  npx mydatahub local down --lake ${result.lake}\n`,
  );
}
