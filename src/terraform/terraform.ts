import { z } from 'zod';
import { runTerraform } from './command.ts';
import { parseVersion, requireVersion } from './version.ts';

/** A variable's value; texts go as they are, everything else as JSON, which Terraform reads as its own syntax. */
export type VariableValue =
  | string
  | number
  | boolean
  | null
  | readonly VariableValue[]
  | { readonly [key: string]: VariableValue };
export type Variables = Readonly<Record<string, VariableValue>>;

export type InitOptions = {
  /** Settings of the backend, or `key=value` and files as Terraform takes them; `false` leaves the backend alone (to validate and test). */
  readonly backendConfig: Variables | readonly string[] | false;
};

export type InputOptions = {
  /** Paths relative to the configuration; later ones win. */
  readonly varFiles?: readonly string[];
  /** Win over the files. */
  readonly vars?: Variables;
};

const OUTPUTS = z.record(z.string(), z.object({ sensitive: z.boolean(), value: z.json() }));
export type Outputs = z.infer<typeof OUTPUTS>;

/** Terraform in one working directory. Every method throws a `TerraformError` when the command fails. */
export type Terraform = {
  /** The installed version, such as `1.11.4`. */
  version(): Promise<string>;
  /** Also throws when the installed version is too old. */
  init(options: InitOptions): Promise<void>;
  /** Works in the workspace of this name from now on; makes it when it is not there. */
  selectWorkspace(name: string): Promise<void>;
  /** Works in the workspace of this name from now on, if it is there. Says whether it is. */
  useWorkspace(name: string): Promise<boolean>;
  /** What tells this state from any other, known only to those who can read it; `undefined` while there is nothing in it. */
  lineage(): Promise<string | undefined>;
  /** Throws when a file is not in Terraform's canonical form. */
  formatCheck(): Promise<void>;
  validate(): Promise<void>;
  /** Runs tests/*.tftest.hcl. */
  test(): Promise<void>;
  /**
   * Whether there is anything to change; `out` keeps the plan in that file. `lock: false` is for callers that may not
   * write: a lock of the state is an object beside it.
   */
  plan(
    options: InputOptions & { readonly out?: string; readonly lock?: boolean },
  ): Promise<{ readonly changes: boolean }>;
  /** What a kept plan holds, as `terraform show -json` says it; values marked sensitive are in it. */
  show(plan: string): Promise<unknown>;
  /** Applies without asking: a kept plan, or what a plan made now says. */
  apply(options: InputOptions | { readonly plan: string }): Promise<void>;
  destroy(options: InputOptions): Promise<void>;
  output(): Promise<Outputs>;
};

export type TerraformOptions = {
  /** The configuration. */
  readonly directory: string;
  /** Where Terraform keeps providers and the backend's settings (TF_DATA_DIR). */
  readonly dataDirectory: string;
  /** The whole environment of the commands, credentials included. */
  readonly env: NodeJS.ProcessEnv;
  /** A Terraform CLI configuration (see providers.ts); without it the user's own holds. */
  readonly cliConfigFile?: string | undefined;
  /** Hears every line of output as it comes. */
  readonly onLine?: (line: string) => void;
  readonly onProcess?: (group: number) => void;
  /** Values of the plan are not to be heard: Terraform shows those that a provider has copied without their mark. */
  readonly quietPlan?: boolean;
  /** Ends the running command in good order. */
  readonly signal?: AbortSignal;
};

const STATE = z.object({
  lineage: z.string().min(1),
  resources: z.array(z.unknown()).default([]),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
const QUIET = ['-input=false', '-no-color'];
const LOCK = '-lock-timeout=60s';

export function terraform(options: TerraformOptions): Terraform {
  const env: NodeJS.ProcessEnv = {
    ...options.env,
    TF_DATA_DIR: options.dataDirectory,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    ...(options.cliConfigFile === undefined ? {} : { TF_CLI_CONFIG_FILE: options.cliConfigFile }),
  };
  const run = (args: readonly string[], accept?: readonly number[], secret = false) =>
    runTerraform({
      args,
      secret,
      directory: options.directory,
      env,
      onLine: options.onLine ?? (() => undefined),
      ...(accept === undefined ? {} : { accept }),
      ...(options.onProcess === undefined ? {} : { onProcess: options.onProcess }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  const version = async () => parseVersion((await run(['version', '-json'], [0], true)).stdout);

  return {
    version,
    async init({ backendConfig }) {
      requireVersion(await version());
      await run(['init', ...QUIET, ...backendOptions(backendConfig)]);
    },
    async selectWorkspace(name) {
      await run(['workspace', 'select', '-no-color', '-or-create', name]);
    },
    async useWorkspace(name) {
      // The one that is in use at first is there before its state is.
      const { stdout } = await run(['workspace', 'list', '-no-color'], [0], true);
      const names = stdout.split('\n').map((line) => line.replace(/^\*?\s+/, ''));
      if (!names.includes(name)) return false;
      await run(['workspace', 'select', '-no-color', name]);
      return true;
    },
    async lineage() {
      const { stdout } = await run(['state', 'pull'], [0], true);
      if (stdout.trim() === '') return undefined;
      const { lineage, resources, outputs } = STATE.parse(JSON.parse(stdout));
      return resources.length === 0 && Object.keys(outputs).length === 0 ? undefined : lineage;
    },
    async formatCheck() {
      await run(['fmt', '-check', '-diff', '-recursive', '-no-color']);
    },
    async validate() {
      await run(['validate', '-no-color']);
    },
    async test() {
      await run(['test', '-no-color']);
    },
    async plan(inputs) {
      const out = inputs.out === undefined ? [] : [`-out=${inputs.out}`];
      const { status } = await run(
        [
          'plan',
          ...QUIET,
          inputs.lock === false ? '-lock=false' : LOCK,
          '-detailed-exitcode',
          ...variables(inputs),
          ...out,
        ],
        [0, 2],
        options.quietPlan,
      );
      return { changes: status === 2 };
    },
    async show(plan) {
      const { stdout } = await run(['show', '-json', '-no-color', plan], [0], true);
      const shown: unknown = JSON.parse(stdout);
      return shown;
    },
    async apply(inputs) {
      const what = 'plan' in inputs ? [inputs.plan] : variables(inputs);
      await run(['apply', ...QUIET, LOCK, '-auto-approve', ...what]);
    },
    async destroy(inputs) {
      await run(['destroy', ...QUIET, LOCK, '-auto-approve', ...variables(inputs)]);
    },
    async output() {
      return OUTPUTS.parse(JSON.parse((await run(['output', '-json', '-no-color'])).stdout));
    },
  };
}

function backendOptions(settings: InitOptions['backendConfig']): string[] {
  if (settings === false) return ['-backend=false'];
  if (isLines(settings)) return settings.map((line) => `-backend-config=${line}`);
  return assignments('-backend-config', settings);
}

function isLines(settings: Variables | readonly string[]): settings is readonly string[] {
  return Array.isArray(settings);
}

function variables({ varFiles = [], vars = {} }: InputOptions): string[] {
  return [...varFiles.map((file) => `-var-file=${file}`), ...assignments('-var', vars)];
}

function assignments(option: string, values: Variables): string[] {
  return Object.entries(values).map(
    ([name, value]) => `${option}=${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}
