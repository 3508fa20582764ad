import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { awsErrorName, type Connection, clientSettings } from './connection.ts';

export type Logs = {
  /** Lines of one stream after `token` (from its start without one). An absent stream has no lines yet. */
  read(
    group: string,
    stream: string,
    token?: string,
  ): Promise<{ readonly lines: string[]; readonly token?: string }>;
  /** The last lines of one stream, oldest first. */
  tail(group: string, stream: string, count: number): Promise<string[]>;
};

export function openLogs(connection: Connection): Logs {
  const client = new CloudWatchLogsClient(clientSettings(connection));

  async function events(logGroupName: string, logStreamName: string, more: object) {
    try {
      return await client.send(new GetLogEventsCommand({ logGroupName, logStreamName, ...more }));
    } catch (error) {
      if (awsErrorName(error) === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  return {
    async read(group, stream, token) {
      const lines: string[] = [];
      let next = token;
      for (;;) {
        const page = await events(group, stream, {
          startFromHead: true,
          ...(next === undefined ? {} : { nextToken: next }),
        });
        for (const { message } of page?.events ?? []) lines.push(...linesOf(message));
        const following = page?.nextForwardToken;
        // The end of a stream answers with the token it was asked with (GetLogEvents, CloudWatch Logs API).
        if (following === undefined || following === next || page?.events?.length === 0) {
          const last = following ?? next;
          return last === undefined ? { lines } : { lines, token: last };
        }
        next = following;
      }
    },
    async tail(group, stream, count) {
      const page = await events(group, stream, { startFromHead: false, limit: count });
      return (page?.events ?? []).flatMap(({ message }) => linesOf(message)).slice(-count);
    },
  };
}

function linesOf(message: string | undefined): string[] {
  return (message ?? '').replace(/\r?\n$/, '').split('\n');
}
