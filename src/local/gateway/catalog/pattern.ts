import { AwsError } from '../protocol.ts';

/**
 * A name filter as GetTables and GetUserDefinedFunctions take it: a regular expression over the whole name, in
 * which `*` after a word character (or at the start) is Hive's wildcard, as `aws glue get-tables --expression 'a*'`
 * and awswrangler (`a*`, `*a`, `*a*`) use it. Throws AwsError InvalidInputException.
 */
export function namePattern(expression: string): RegExp {
  const source = expression.replace(/(^|[\w|])\*/g, '$1.*');
  try {
    return new RegExp(`^(?:${source})$`, 'i');
  } catch {
    throw new AwsError('InvalidInputException', `Expression is not a regular expression: ${expression}`);
  }
}
