/**
 * The lines by which an action talks to the runner, `::name key=value::message` (GitHub docs, "Workflow commands for
 * GitHub Actions"). Escaping is the runner's own: actions/runner, src/Runner.Common/ActionCommand.cs.
 */
const ZERO_WIDTH_SPACE = '\u200b';

export type Annotation = {
  readonly title: string;
  readonly message: string;
  /** Relative to the repository, `/` between names. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** Character of the line, from 1. */
  readonly column?: number;
};

/** A command as one line. A property that is `undefined` is left out. */
export function commandLine(
  name: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  message: string,
): string {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  const list = given.map(([key, value]) => `${key}=${escapedProperty(String(value))}`).join(',');
  return `::${name}${list === '' ? '' : ` ${list}`}::${escapedData(message)}`;
}

/** What GitHub shows beside the step and, with a file, beside the line of a pull request's diff. */
export function annotation(level: 'error' | 'warning' | 'notice', shown: Annotation): string {
  const { title, message, file, line, column } = shown;
  return commandLine(level, { file, line, col: column, title }, message);
}

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * A text as the runner shows it and never obeys it. What jobs print and files are called is not ours: a line of theirs
 * that begins with `::`, or holds the older `##[`, would be a command. The runner ends lines at CR, too.
 */
export function harmless(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) =>
      line.replace(/^(\s*)::/, `$1${ZERO_WIDTH_SPACE}::`).replaceAll('##[', `##${ZERO_WIDTH_SPACE}[`),
    )
    .join('\n');
}
