import { glueInput } from '../input.ts';
import { AwsError, type JsonObject } from '../protocol.ts';

/** AWS's page size for the list operations of the Data Catalog when MaxResults is not given. */
const DEFAULT_PAGE_SIZE = 100;

/**
 * One page of a list by the input's MaxResults and NextToken. The token is a position: AWS promises no more than
 * that a list which does not change meanwhile is seen whole.
 */
export function page<T>(items: readonly T[], input: JsonObject): { items: readonly T[]; next: JsonObject } {
  const size = glueInput.optionalNumber(input, 'MaxResults') ?? DEFAULT_PAGE_SIZE;
  if (!Number.isInteger(size) || size < 1) {
    throw new AwsError(
      'InvalidInputException',
      `MaxResults must be a whole number of at least 1, not ${size}.`,
    );
  }
  const start = position(glueInput.optionalString(input, 'NextToken'));
  const end = start + size;
  return {
    items: items.slice(start, end),
    next: end < items.length ? { NextToken: Buffer.from(String(end)).toString('base64') } : {},
  };
}

function position(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  const text = Buffer.from(token, 'base64').toString();
  if (!/^\d{1,9}$/.test(text)) {
    throw new AwsError('InvalidInputException', 'NextToken is not one that this operation gave out.');
  }
  return Number(text);
}
