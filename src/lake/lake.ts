import type { Connection } from '../aws/connection.ts';
import type { Bucket } from '../aws/s3.ts';
import { openBucket } from '../aws/s3.ts';
import { connectionOf } from './choice.ts';
import { ExplainedError } from './explained-error.ts';
import { LAKE_CONFIG_KEY, type LakeConfig, parseLakeConfig } from './lake-config.ts';

/** The options of verbs that cures name. */
export type CallOption = 'full' | 'refresh' | 'republish' | 'confirm-removals' | 'wait-for-running';
/** `folder`: of source files, for a push of another one than `data`. */
export type Call = (verb: string, option?: CallOption, folder?: string) => string;

/** A lake ready for a verb. */
export type Lake = {
  /** As the person named it. */
  readonly name: string;
  /** How whoever asks calls a verb on this lake, for cures. */
  readonly call: Call;
  readonly connection: Connection;
  readonly config: LakeConfig;
  readonly bucket: Bucket;
};

/** Finds the lake by its name and reads its configuration: one GET. Throws ExplainedError. */
export async function openLake(name: string | undefined, repository: string): Promise<Lake> {
  const connection = await connectionOf(name, repository);
  return lakeAt(name ?? '', connection, commandLine(name ?? ''));
}

/** The lake behind a connection. Throws ExplainedError when its bucket holds no configuration. */
export async function lakeAt(name: string, connection: Connection, call: Call): Promise<Lake> {
  const bucket = openBucket(connection);
  const where = bucket.url(LAKE_CONFIG_KEY);
  const object = await bucket.text(LAKE_CONFIG_KEY);
  if (object === undefined) {
    throw new ExplainedError({
      what: 'the lake has no configuration',
      where,
      why: 'Terraform, which writes it, has not been applied to this lake',
      cure: /^local(:|$)/.test(name) ? call('local up') : `apply terraform/ for ${name}`,
    });
  }
  return { name, call, connection, config: parseLakeConfig(object.body, where), bucket };
}

/** Calls as a person types them: `npx mydatahub run-ingestion --refresh --lake dev`. */
export function commandLine(lake: string): Call {
  return (verb, option, folder = 'data') => {
    const data = folder === 'data' ? '' : ` --data ${/^[\w./-]+$/.test(folder) ? folder : `'${folder}'`}`;
    return `npx mydatahub ${verb}${data}${option === undefined ? '' : ` --${option}`} --lake ${lake}`;
  };
}
