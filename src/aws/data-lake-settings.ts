import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  GetDataLakeSettingsCommand,
  LakeFormationClient,
  PutDataLakeSettingsCommand,
} from '@aws-sdk/client-lakeformation';
import { z } from 'zod';
import { type Account, clientSettings } from './connection.ts';

const PRINCIPALS = z.array(z.looseObject({ DataLakePrincipalIdentifier: z.string() })).optional();
const SETTINGS = z.looseObject({ DataLakeAdmins: PRINCIPALS, ReadOnlyAdmins: PRINCIPALS });
const ANSWER = z.object({ DataLakeSettings: SETTINGS });

/** Lake Formation's settings of one account and region, with every member that AWS sent, known here or not. */
export type DataLakeSettings = z.infer<typeof SETTINGS>;

/**
 * Reads and writes the settings that all users of Lake Formation in an account and region share. They are written as a
 * whole and there is no condition to write them on (PutDataLakeSettings, Lake Formation API), so what is read is kept
 * as AWS's own JSON: through the SDK's types a setting newer than the SDK would be lost.
 */
export type DataLakeSettingsStore = {
  read(): Promise<DataLakeSettings>;
  write(settings: DataLakeSettings): Promise<void>;
};

export function openDataLakeSettings(account: Account): DataLakeSettingsStore {
  const client = new LakeFormationClient(clientSettings(account));
  return {
    async read() {
      let answer = '';
      const command = new GetDataLakeSettingsCommand({});
      command.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          if (hasBody(result.response) && result.response.body instanceof Readable) {
            answer = await text(result.response.body);
            result.response.body = Readable.from([Buffer.from(answer)]);
          }
          return result;
        },
        { step: 'deserialize', priority: 'low', name: 'keepAnswer' },
      );
      await client.send(command);
      return ANSWER.parse(JSON.parse(answer)).DataLakeSettings;
    },
    async write(settings) {
      const command = new PutDataLakeSettingsCommand({ DataLakeSettings: {} });
      command.middlewareStack.add(
        (next) => (args) => {
          if (!hasBody(args.request)) throw new Error('the AWS SDK made a request without a body');
          args.request.body = JSON.stringify({ DataLakeSettings: settings });
          return next(args);
        },
        { step: 'serialize', priority: 'low', name: 'sendSettingsWhole' },
      );
      await client.send(command);
    },
  };
}

function hasBody(message: unknown): message is { body: unknown } {
  return typeof message === 'object' && message !== null && 'body' in message;
}
