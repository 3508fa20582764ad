import type { RunnerFiles } from '../github/runner-files.ts';
import type { Annotation } from '../github/workflow-commands.ts';
import type { Lake } from '../lake/lake.ts';
import type { Conversation, VerbFailure } from '../verbs/verb.ts';
import { type InputProblem, type Inputs, readInputs, type Values } from './inputs.ts';
import { LAKE_INPUTS, lakeOfInputs } from './lake-inputs.ts';

/** Where an action runs. Paths are absolute. */
export type Surroundings = {
  readonly env: NodeJS.ProcessEnv;
  /** The caller's checkout. */
  readonly workspace: string;
  /** The checkout that the action itself came with. */
  readonly repository: string;
};

/** One verb as an action. `I` are its inputs, `R` is the verb's result. */
type Definition<I extends Inputs, R extends object, N extends string> = {
  readonly verb: string;
  readonly inputs: I;
  /** What is wrong with inputs that are right one by one; those that are missing or wrong are not among `values`. */
  readonly check?: (values: Partial<Values<I>>, surroundings: Surroundings) => readonly InputProblem[];
  readonly run: (values: Values<I>, conversation: Conversation, surroundings: Surroundings) => Promise<R>;
  /** Tells a result from the other documents that a failure may carry. */
  readonly isResult: (result: object) => result is R;
  readonly outputNames: readonly N[];
  readonly outputs: (result: R) => Readonly<Record<N, string | number | boolean>>;
  /** What was done, in one sentence. */
  readonly headline: (result: R) => string;
  /** Markdown below the headline; also of a result that came with a failure. */
  readonly summary: (result: R, values: Values<I>) => string;
  /** What people ought to know though nothing failed. */
  readonly warnings?: (result: R) => readonly Annotation[];
  /** Places in the caller's files that a failure is about. */
  readonly places?: (
    error: VerbFailure,
    values: Values<I>,
    surroundings: Surroundings,
  ) => Promise<readonly Annotation[]>;
};

export type Done = {
  readonly headline: string;
  readonly summary: string;
  readonly warnings: readonly Annotation[];
};
/** What there is to show of an action that failed. */
export type Salvage = { readonly summary: string; readonly places: readonly Annotation[] };

export type Action = {
  readonly verb: string;
  readonly inputs: Inputs;
  readonly outputNames: readonly string[];
  /** Reads the inputs, does the work, writes the outputs. Throws what the verb throws. */
  perform(files: RunnerFiles, conversation: Conversation, surroundings: Surroundings): Promise<Done>;
  /** Writes the outputs that a failed verb still has, and says what can be shown of it. */
  salvage(error: VerbFailure, files: RunnerFiles, surroundings: Surroundings): Promise<Salvage>;
};

/** The same for a verb that works on a lake: it has the inputs `bucket` and `aws-region` beside those of `I`. */
type LakeDefinition<I extends Inputs, R extends object, N extends string> = Omit<
  Definition<I, R, N>,
  'run'
> & {
  readonly run: (
    lake: Lake,
    values: Values<I>,
    conversation: Conversation,
    surroundings: Surroundings,
  ) => Promise<R>;
};

/** An action that opens the lake which its inputs name. */
export function defineAction<I extends Inputs, R extends object, N extends string>(
  definition: LakeDefinition<I, R, N>,
): Action {
  const { verb, run, places, check, summary, ...same } = definition;
  // The inputs of both are read at once, so each part has all of its own.
  type All = Values<typeof LAKE_INPUTS> & Values<I>;
  return defineLakelessAction<Inputs, R, N>({
    ...same,
    verb,
    inputs: { ...LAKE_INPUTS, ...definition.inputs },
    async run(values, conversation, surroundings) {
      const all = values as All;
      return run(await lakeOfInputs(verb, all, surroundings.env), all, conversation, surroundings);
    },
    summary: (result, values) => summary(result, values as All),
    ...(check === undefined
      ? {}
      : { check: (values, surroundings) => check(values as Partial<All>, surroundings) }),
    ...(places === undefined
      ? {}
      : { places: (error, values, surroundings) => places(error, values as All, surroundings) }),
  });
}

/** Hides the kinds of a verb's inputs and result, so that all actions are run alike. */
export function defineLakelessAction<I extends Inputs, R extends object, N extends string>(
  definition: Definition<I, R, N>,
): Action {
  const { verb, inputs, outputNames } = definition;
  const read = (surroundings: Surroundings, check: typeof definition.check = () => []) =>
    readInputs(verb, inputs, surroundings.env, (values) => check(values, surroundings));
  const write = (files: RunnerFiles, result: R) => {
    const outputs = definition.outputs(result);
    for (const name of outputNames) files.output(name, String(outputs[name]));
  };
  return {
    verb,
    inputs,
    outputNames,
    async perform(files, conversation, surroundings) {
      const values = read(surroundings, definition.check);
      const result = await definition.run(values, conversation, surroundings);
      write(files, result);
      return {
        headline: definition.headline(result),
        summary: definition.summary(result, values),
        warnings: definition.warnings?.(result) ?? [],
      };
    },
    async salvage(error, files, surroundings) {
      const values = read(surroundings);
      const places = (await definition.places?.(error, values, surroundings)) ?? [];
      if (!definition.isResult(error.result)) return { summary: '', places };
      write(files, error.result);
      return { summary: definition.summary(error.result, values), places };
    },
  };
}
