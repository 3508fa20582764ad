/** Arguments of a job run by their key (`--conf`), after defaults and overrides were merged. */
export type JobArguments = Readonly<Record<string, string>>;

/**
 * The arguments of a script, as Glue appends them: each key, then its value. A flag without a value comes alone, which
 * is why getResolvedOptions refuses an own argument whose value is empty.
 */
export function scriptArguments(values: JobArguments): string[] {
  return Object.entries(values).flatMap(([key, value]) => (value === '' ? [key] : [key, value]));
}

/** Glue's switches are on by `true`, and those documented as "do not pass a value" by being there. */
export function isOn(values: JobArguments, key: string): boolean {
  const value = values[key];
  return value !== undefined && ['', 'true', '1'].includes(value.trim().toLowerCase());
}

/** Comma-separated S3 URLs, as in `--extra-jars` and `--extra-py-files`. */
export function urls(values: JobArguments, key: string): string[] {
  return (values[key] ?? '')
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
}

/**
 * The Spark settings of `--conf`. Glue takes one such argument, so several settings are chained in its value:
 * `a=b --conf c=d` (AWS Glue, "Using job parameters").
 */
export function sparkSettings(values: JobArguments): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const setting of (values['--conf'] ?? '').split(/(?:^|\s)--conf[\s=]+/)) {
    const equals = setting.indexOf('=');
    if (equals > 0) settings[setting.slice(0, equals).trim()] = setting.slice(equals + 1).trim();
  }
  return settings;
}
