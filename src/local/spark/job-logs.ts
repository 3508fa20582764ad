import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Credentials, LocalLake } from '../lake.ts';
import { gatewayClient } from './gateway-client.ts';

/** The CloudWatch log stream of one run in one group. */
export type LogStream = {
  write(line: string): void;
  /** Sends what waits; resolves when nothing does. */
  flush(): Promise<void>;
};

export type JobLogs = {
  /** Creates group and stream at once, so that a reader finds them before the first line. */
  stream(group: string, name: string): LogStream;
  close(): void;
};

const INTERVAL_MILLISECONDS = 1000;
/** PutLogEvents takes 10,000 events and 1 MiB with 26 bytes for each event; a line's text is cut to 256 KiB. */
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_000_000;
const LONGEST_LINE = 60_000;

/** The logs of one run, written by its role as on AWS: a role that may not write them leaves none. */
export function createJobLogs(lake: LocalLake, credentials: Credentials): JobLogs {
  const client = new CloudWatchLogsClient(gatewayClient(lake, credentials));
  return {
    stream: (group, name) => createStream(client, group, name),
    close: () => client.destroy(),
  };
}

function createStream(client: CloudWatchLogsClient, group: string, name: string): LogStream {
  let waiting: InputLogEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = create(client, group, name).catch((error: unknown) => complain(group, error));

  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize(waiting));
      waiting = waiting.slice(batch.length);
      await client
        .send(new PutLogEventsCommand({ logGroupName: group, logStreamName: name, logEvents: batch }))
        .catch((error: unknown) => complain(group, error));
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    sending = sending.then(send);
    return sending;
  };
  return {
    write(line) {
      waiting.push({ timestamp: Date.now(), message: line.slice(0, LONGEST_LINE) || ' ' });
      timer ??= setTimeout(() => void flush(), INTERVAL_MILLISECONDS);
    },
    flush,
  };
}

function batchSize(events: readonly InputLogEvent[]): number {
  let bytes = 0;
  for (const [index, event] of events.entries()) {
    bytes += Buffer.byteLength(event.message ?? '') + 26;
    if (index === MOST_EVENTS || (bytes > MOST_BYTES && index > 0)) return index;
  }
  return events.length;
}

async function create(client: CloudWatchLogsClient, group: string, name: string): Promise<void> {
  await unlessThere(client.send(new CreateLogGroupCommand({ logGroupName: group })));
  await unlessThere(client.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: name })));
}

async function unlessThere(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
}

/** A run must not fail because its log could not be kept; the gateway's own log says so. */
function complain(group: string, error: unknown): void {
  process.stderr.write(`gateway: cannot write to log group ${group}: ${String(error)}\n`);
}
