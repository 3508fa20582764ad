import { lakeNames, lakeOption, readLakeFile } from './lakes.ts';

export type LakeStatus = {
  readonly name: string;
  readonly up: boolean;
  readonly endpoint: string | null;
  readonly bucket: string | null;
  readonly calls: number;
  readonly others: readonly string[];
  readonly text: string;
};

/** Whether a lake answers, where, and how many calls it has served. Never throws for a lake that is not there. */
export async function status(name: string): Promise<LakeStatus> {
  const file = readLakeFile(name);
  const calls = file === undefined ? undefined : await servedCalls(file.endpoint);
  const others = lakeNames().filter((other) => other !== name);
  const beside = others.length === 0 ? '' : `\nother lakes here: ${others.map(lakeOption).join(', ')}`;
  if (file === undefined || calls === undefined) {
    const text = `lake ${name} is not up\n  start it: npx mydatahub local up --lake ${lakeOption(name)}${beside}`;
    return { name, up: false, endpoint: null, bucket: null, calls: 0, others, text };
  }
  const text = [
    `lake ${name} is up (process ${file.pid}, ${calls} calls served)`,
    `  endpoint of every AWS service: ${file.endpoint}`,
    `  bucket: ${file.bucket}`,
    `  Trino: ${file.trino_endpoint}   moto: ${file.moto_endpoint}`,
    '  for other AWS clients:',
    `    export AWS_ENDPOINT_URL=${file.endpoint} AWS_REGION=${file.region} AWS_DEFAULT_REGION=${file.region} \\`,
    `      AWS_ACCESS_KEY_ID=${file.access_key_id} AWS_SECRET_ACCESS_KEY=${file.secret_access_key}`,
  ].join('\n');
  return { name, up: true, endpoint: file.endpoint, bucket: file.bucket, calls, others, text: text + beside };
}

async function servedCalls(endpoint: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${endpoint}/_mydatahub/calls?since=${Number.MAX_SAFE_INTEGER}`);
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null && 'last' in body ? Number(body.last) : undefined;
  } catch {
    return undefined;
  }
}
