import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assetsOf, lakeAssets } from '../../../src/lake/assets.ts';
import type { Lake } from '../../../src/lake/lake.ts';
import { REPOSITORY, toolchain } from '../../../src/local/toolchain.ts';
import { uploadAssets } from '../../../src/verbs/upload-assets.ts';
import type { Moto } from '../aws/moto.ts';
import { CONFIG, motoLake, recordedConversation, type Writes } from './support.ts';

const checkout = mkdtempSync(join(tmpdir(), 'mydatahub-checkout-'));
let moto: Moto;
let lake: Lake;
let writes: Writes;

beforeAll(async () => {
  for (const folder of ['glue-scripts', 'jars'])
    cpSync(join(REPOSITORY, folder), join(checkout, folder), { recursive: true });
  writeFileSync(join(checkout, 'glue-scripts', 'glue_example.py'), 'print("one")\n');
  ({ moto, lake, writes } = await motoLake());
}, 90_000);
afterAll(async () => {
  rmSync(checkout, { recursive: true });
  await moto[Symbol.asyncDispose]();
});

const conversation = recordedConversation();
const upload = () => uploadAssets(lake, assetsOf(checkout), async () => toolchain().jars, conversation);

describe('the assets of a lake', () => {
  it('are the same bytes whenever they are packed', async () => {
    const once = await lakeAssets(assetsOf(checkout), CONFIG.prefixes);
    const again = await lakeAssets(assetsOf(checkout), CONFIG.prefixes);
    // By checksum: comparing the wheel byte by byte takes seconds.
    const sums = (assets: typeof once) => assets.map(({ key, sha256 }) => [key, sha256]);
    expect(sums(again)).toEqual(sums(once));
    expect(once.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['scripts/glue_example.py', 'scripts/mydatahub_glue.zip']),
    );
  });

  it('are sent once, with what differs alone sent again', async () => {
    const first = await upload();
    expect(first.sent.length).toBeGreaterThan(3);
    expect(first.unchanged).toEqual([]);

    const before = writes.keys.length;
    expect((await upload()).sent).toEqual([]);
    expect(writes.keys.length).toBe(before);

    writeFileSync(join(checkout, 'glue-scripts', 'glue_example.py'), 'print("two")\n');
    const third = await upload();
    expect(third.sent.map(({ key }) => key)).toEqual(['scripts/glue_example.py']);

    const rules = join(checkout, 'config', 'views.yml');
    const sentRules = async () => {
      const { sent } = await upload();
      expect(sent.map(({ key }) => key)).toEqual(['config/views.yml']);
      return JSON.parse((await lake.bucket.text('config/views.yml'))?.body ?? '');
    };
    mkdirSync(join(checkout, 'config'));
    writeFileSync(rules, 'views:\n  - entity1: a\n    comment: b\n');
    expect(await sentRules()).toMatchObject({ views: [{ line: 2, comment: { line: 3, text: 'b' } }] });
    writeFileSync(rules, 'views: nothing\n');
    await expect(upload()).rejects.toThrow(/views\.yml does not say/);
    // No rules where there was a file: the bucket must not keep the old ones.
    rmSync(rules);
    const takenBack = () => conversation.said.filter((line) => line.includes('rules of config/views.yml'));
    expect(takenBack()).toEqual([]);
    expect(await sentRules()).toEqual({ version: 1, views: [] });
    expect((await upload()).sent).toEqual([]);
    expect(takenBack()).toEqual([
      'all rules of config/views.yml are taken back, since the file is not here: the next run publishes the views without them',
    ]);
  }, 60_000);
});
