import { ExplainedError } from '../lake/explained-error.ts';

/** One input of an action: how its text is understood. The text is trimmed, and empty when nothing was given. */
export type Input<T> = {
  readonly required: boolean;
  /** A value for the line of YAML that mends a missing or wrong input. */
  readonly example: string;
  readonly read: (text: string) => { readonly value: T } | { readonly wrong: string };
};
export type Inputs = Readonly<Record<string, Input<unknown>>>;
/** What is wrong, and the line below `with:` that mends it. */
export type InputProblem = { readonly problem: string; readonly line: string };
export type Values<I extends Inputs> = { readonly [K in keyof I]: I[K] extends Input<infer T> ? T : never };

/** A text that must be given. `wrong` says what it is when it does not match. */
export function required(example: string, pattern: RegExp, wrong: string): Input<string> {
  return { required: true, example, read: (text) => (pattern.test(text) ? { value: text } : { wrong }) };
}

/** A text that may be left out: then it is `undefined`. */
export function optional(example: string, pattern: RegExp, wrong: string): Input<string | undefined> {
  return leftOut(required(example, pattern, wrong));
}

/** The same input where it need not be given. */
export function leftOut<T>(input: Input<T>): Input<T | undefined> {
  return {
    ...input,
    required: false,
    read: (text) => (text === '' ? { value: undefined } : input.read(text)),
  };
}

/** A path below the workspace, or an absolute one; left out it is `fallback`. */
export function path(fallback: string): Input<string> {
  return { required: false, example: fallback, read: (text) => ({ value: text === '' ? fallback : text }) };
}

/** A price: a decimal number that is not negative; left out it is `fallback`. */
export function price(fallback: number): Input<number> {
  return {
    required: false,
    example: String(fallback),
    read: (text) => {
      if (text === '') return { value: fallback };
      return /^\d+(\.\d+)?$/.test(text)
        ? { value: Number(text) }
        : { wrong: 'not a number such as 0.44, without a currency' };
    },
  };
}

/** One item a line; empty lines are left out. */
export function lines(example: string): Input<readonly string[]> {
  return { required: false, example, read: (text) => ({ value: linesOf(text) }) };
}

/** One `name=value` a line. */
export function pairs(example: string): Input<Readonly<Record<string, string>>> {
  return {
    required: false,
    example,
    read: (text) => {
      const entries = linesOf(text).map((line) => /^([A-Za-z_][\w-]*)\s*=\s*(.*)$/.exec(line));
      if (entries.includes(null)) return { wrong: 'not name=value on each line' };
      return { value: Object.fromEntries(entries.map((entry) => [entry?.[1] ?? '', entry?.[2] ?? ''])) };
    },
  };
}

/** One of a few words; left out it is the first. */
export function choice<T extends string>(...words: readonly [T, ...T[]]): Input<T> {
  const [fallback] = words;
  return {
    required: false,
    example: fallback,
    read: (text) => {
      const value = text === '' ? fallback : words.find((word) => word === text);
      return value === undefined ? { wrong: `none of ${words.join(', ')}` } : { value };
    },
  };
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** A switch, off when it is left out, spelt as YAML 1.2 spells booleans (core schema). */
export function flag(): Input<boolean> {
  return {
    required: false,
    example: 'true',
    read: (text) => {
      if (/^(true|True|TRUE)$/.test(text)) return { value: true };
      if (/^(false|False|FALSE|)$/.test(text)) return { value: false };
      return { wrong: 'neither true nor false' };
    },
  };
}

/**
 * The inputs of an action from the runner's variables. Throws one ExplainedError that names all that are missing or
 * wrong, with the lines of YAML that mend them.
 *
 * @param check finds what is wrong with the inputs that are right one by one
 */
export function readInputs<I extends Inputs>(
  verb: string,
  inputs: I,
  env: NodeJS.ProcessEnv,
  check: (values: Partial<Values<I>>) => readonly InputProblem[] = () => [],
): Values<I> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  const lines: string[] = [];
  for (const [name, input] of Object.entries(inputs)) {
    const text = env[variableOf(name)]?.trim() ?? '';
    const read = input.required && text === '' ? { wrong: 'missing' } : input.read(text);
    if ('value' in read) {
      values[name] = read.value;
      continue;
    }
    problems.push(`${name} ${text === '' ? 'is missing' : `is ${JSON.stringify(text)}: ${read.wrong}`}`);
    lines.push(`${name}: ${input.example}`);
  }
  for (const { problem, line } of check(values as Partial<Values<I>>)) {
    problems.push(problem);
    lines.push(line);
  }
  if (problems.length > 0) throw badInputs(verb, problems, lines);
  // Every name of `inputs` has a value of its own kind: the loop left none out.
  return values as Values<I>;
}

/** The runner's name for an input (actions/runner, Handler.cs: spaces to underscores, upper case, hyphens stay). */
export function variableOf(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

/** The error about wrong inputs; `lines` are what belongs below `with:`. */
export function badInputs(
  verb: string,
  problems: readonly string[],
  lines: readonly string[],
): ExplainedError {
  const count = problems.length === 1 ? '1 input is' : `${problems.length} inputs are`;
  return new ExplainedError({
    what: `${verb}: ${count} missing or wrong`,
    why: problems.join('\n'),
    cure: `write this at the step of the workflow:\nwith:\n${lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`).join('\n')}`,
    exitStatus: 2,
  });
}
