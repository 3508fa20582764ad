import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ExplainedError } from '../lake/explained-error.ts';
import type { TerraformEnvironment } from '../terraform/environment.ts';
import { atTheEdge, type EdgeOptions } from './edge.ts';
import { withJson } from './options.ts';

type TerraformOptions = EdgeOptions & {
  readonly environment: string;
  readonly terraformDirectory: string;
  readonly workspace?: string;
  readonly varFile: readonly string[];
  readonly var: readonly string[];
  readonly backendConfig: readonly string[];
};

/** What the workflows do with Terraform, for somebody who wants to see it first. */
export function registerTerraform(program: Command): void {
  onEnvironment(program.command('terraform-plan'))
    .description('plan an environment without locking its state, and say in plain words what would happen')
    .option('--out <file>', 'keeps the plan as a document without secrets')
    .action(async (options: TerraformOptions & { out?: string }) => {
      const { terraformPlan } = await import('../verbs/terraform-plan.ts');
      await atTheEdge(options, async (conversation) => {
        const plan = await terraformPlan(await environmentOf(options), conversation);
        if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(plan)}\n`);
        return plan;
      });
    });
  onEnvironment(program.command('terraform-apply'))
    .description('plan an environment again, and apply exactly the plan that was read')
    .requiredOption('--approved-digest <digest>', 'the digest that terraform-plan gave')
    .action(async (options: TerraformOptions & { approvedDigest: string }) => {
      const { terraformApply } = await import('../verbs/terraform-apply.ts');
      await atTheEdge(options, async (conversation) =>
        terraformApply(await environmentOf(options), { digest: options.approvedDigest }, conversation),
      );
    });
  withJson(program.command('plan-comment'))
    .description('print the comments that a pull request would get for plans, as Markdown')
    .argument('<plans>', 'a document of terraform-plan, or a folder with such')
    .action(async (path: string, options: EdgeOptions) => {
      const { plansAt } = await import('../verbs/plan-comment.ts');
      const { planComments } = await import('../report/plan/comments.ts');
      await atTheEdge(
        options,
        async () => {
          const plans = await plansAt(path);
          if (plans.length === 0) throw noPlans(path);
          return { comments: plans.flatMap(planComments) };
        },
        ({ comments }) => process.stdout.write(comments.map((comment) => `${comment}\n`).join('\n')),
      );
    });
}

function noPlans(path: string): ExplainedError {
  return new ExplainedError({
    what: 'there is no plan',
    where: path,
    why: 'the path is misspelt, or terraform-plan has not written its document there',
    cure: 'npx mydatahub terraform-plan --environment NAME --out NAME.plan.json',
    exitStatus: 2,
  });
}

function onEnvironment(command: Command): Command {
  const more = (value: string, before: readonly string[]) => [...before, value];
  return withJson(command)
    .requiredOption('--environment <name>', 'its workspace, and env/NAME.tfvars')
    .option('--terraform-directory <folder>', 'the configuration', 'terraform')
    .option('--workspace <name>', 'when it is not called like the environment')
    .option('--var-file <file>', 'in the place of env/NAME.tfvars; can be repeated', more, [])
    .option('--var <name=value>', 'wins over the files; can be repeated', more, [])
    .option('--backend-config <setting>', 'key=value or a file; can be repeated', more, []);
}

async function environmentOf(options: TerraformOptions): Promise<TerraformEnvironment> {
  const { varFilesOf } = await import('../terraform/environment.ts');
  const { commitOf } = await import('../verbs/commit.ts');
  const directory = resolve(options.terraformDirectory);
  const pairs = options.var.map((text) => {
    const at = text.indexOf('=');
    return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  });
  return {
    environment: options.environment,
    directory,
    workspace: options.workspace ?? options.environment,
    varFiles: varFilesOf(directory, options.environment, options.varFile),
    variables: Object.fromEntries(pairs) as Record<string, string>,
    backendConfig: options.backendConfig,
    env: process.env,
    commit: (await commitOf(directory))?.sha ?? '',
  };
}
