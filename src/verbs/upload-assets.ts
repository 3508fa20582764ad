import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfFile, isLarge } from '../aws/content-digest.ts';
import { sendInParts } from '../aws/large-upload.ts';
import { type Asset, type AssetFiles, lakeAssets } from '../lake/assets.ts';
import { concurrently } from '../lake/concurrently.ts';
import { ExplainedError } from '../lake/explained-error.ts';
import type { Lake } from '../lake/lake.ts';
import { RULES_FILE } from '../lake/view-warnings.ts';
import { bytes, counted, progress } from './progress.ts';
import type { Conversation } from './verb.ts';

const AT_ONCE = 8;

export type UploadAssetsResult = {
  readonly sent: readonly { readonly key: string; readonly sha256: string }[];
  readonly unchanged: readonly string[];
};

/**
 * Brings JARs, Glue scripts, what they share and the rules of custom views in the bucket to what `files` has. Each object
 * carries its SHA-256 as metadata; what has the right one is not sent. `jars` gives the folder (absolute) with the JARs
 * of the POM; it is asked only when one has to be sent. Throws ExplainedError.
 */
export async function uploadAssets(
  lake: Lake,
  files: AssetFiles,
  jars: () => Promise<string>,
  conversation: Conversation,
): Promise<UploadAssetsResult> {
  const known = await lakeAssets(files, lake.config.prefixes);
  const there = await concurrently(known, AT_ONCE, ({ key }) => lake.bucket.head(key));
  const heads = new Map(known.map(({ key }, index) => [key, there[index]]));
  const assets = known.filter(({ key, insteadOnly }) => !insteadOnly || heads.get(key) !== undefined);
  const wanted = assets.filter(({ key, sha256 }) => heads.get(key)?.metadata.sha256 !== sha256);
  const unchanged = assets.filter((asset) => !wanted.includes(asset)).map(({ key }) => key);
  const folder = wanted.some(({ source }) => !Buffer.isBuffer(source)) ? await jars() : '';
  let sentBytes = 0;
  const tell = progress(conversation, () => `sent ${bytes(sentBytes)} of JARs and scripts`);
  await concurrently(wanted, 2, async (asset) => {
    conversation.signal.throwIfAborted();
    await send(lake, asset, folder, conversation.signal, (count) => {
      sentBytes += count;
      tell();
    });
  });
  conversation.say(`${counted(wanted.length, 'asset')} sent, ${unchanged.length} unchanged`);
  if (wanted.some(({ insteadOnly }) => insteadOnly)) {
    conversation.say(
      `all rules of ${RULES_FILE} are taken back, since the file is not here: the next run publishes the views without them`,
    );
  }
  return { sent: wanted.map(({ key, sha256 }) => ({ key, sha256 })), unchanged };
}

async function send(
  lake: Lake,
  { key, sha256, source }: Asset,
  jars: string,
  signal: AbortSignal,
  sent: (bytes: number) => void,
): Promise<void> {
  const metadata = { sha256 };
  if (Buffer.isBuffer(source)) {
    await lake.bucket.put(key, source, { metadata });
    sent(source.length);
    return;
  }
  const file = join(jars, source.jar);
  await expectFile(file);
  const digest = await digestOfFile(file);
  if (digest.sha256 !== sha256) throw otherJar(file);
  if (isLarge(digest)) {
    const open = (await lake.bucket.multipart.open(key)).filter((upload) => upload.key === key);
    const changed = () => otherJar(file);
    await sendInParts(lake.bucket, { key, file, digest, options: { metadata }, open, sent, signal, changed });
    return;
  }
  await lake.bucket.put(key, await readFile(file), { metadata });
  sent(digest.size);
}

async function expectFile(file: string): Promise<void> {
  const found = await stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
  if (found) return;
  throw new ExplainedError({
    what: 'a JAR is not there',
    where: file,
    why: 'the engines and JARs of this checkout have not been fetched',
    cure: 'run `make setup`, then upload-assets again',
  });
}

function otherJar(file: string): ExplainedError {
  return new ExplainedError({
    what: 'a JAR is not the one that jars/pom.xml pins: its SHA-256 differs; it was not sent',
    where: file,
    why: 'the download was cut short, or the file was replaced',
    cure: 'delete the file and run `make setup`',
  });
}
