import { glueInput } from './input.ts';
import { AwsError, type Operations } from './protocol.ts';

export type TagMap = Readonly<Record<string, string>>;

/** Tags of Glue resources by ARN (`arn:aws:glue:<region>:<account>:{database|table|job|trigger|workflow|connection|session}/<name>`). */
export type Tags = {
  /**
   * Registers a resource with the tags it was created with, `{}` included: GetTags and TagResource answer
   * EntityNotFoundException for an ARN that was never registered.
   */
  set(arn: string, tags: TagMap): void;
  /** Adds or overwrites tags. Throws AwsError EntityNotFoundException. */
  add(arn: string, tags: TagMap): void;
  /** Removes tags; a key that is not there is no error. Throws AwsError EntityNotFoundException. */
  remove(arn: string, keys: readonly string[]): void;
  /** Throws AwsError EntityNotFoundException. */
  get(arn: string): TagMap;
  /** Forgets a deleted resource. */
  delete(arn: string): void;
  /** TagResource, UntagResource and GetTags of Glue. */
  readonly operations: Operations;
};

export function createTags(): Tags {
  const byArn = new Map<string, TagMap>();

  const get = (arn: string): TagMap => {
    const tags = byArn.get(arn);
    if (tags === undefined) throw new AwsError('EntityNotFoundException', `Resource ${arn} is not found.`);
    return tags;
  };
  const add = (arn: string, tags: TagMap): void => {
    byArn.set(arn, { ...get(arn), ...tags });
  };
  const remove = (arn: string, keys: readonly string[]): void => {
    byArn.set(arn, Object.fromEntries(Object.entries(get(arn)).filter(([key]) => !keys.includes(key))));
  };

  return {
    set: (arn, tags) => void byArn.set(arn, { ...tags }),
    add,
    remove,
    get,
    delete: (arn) => void byArn.delete(arn),
    operations: {
      GetTags: (input) => ({ Tags: get(glueInput.string(input, 'ResourceArn')) }),
      TagResource: (input) => {
        add(glueInput.string(input, 'ResourceArn'), glueInput.stringMap(input, 'TagsToAdd'));
        return {};
      },
      UntagResource: (input) => {
        remove(glueInput.string(input, 'ResourceArn'), glueInput.stringList(input, 'TagsToRemove'));
        return {};
      },
    },
  };
}
