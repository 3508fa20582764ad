import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

const upload = () =>
  uploadAssets(lake, assetsOf(checkout), async () => toolchain().jars, recordedConversation());

describe('the assets of a lake', () => {
  it('are the same bytes whenever they are packed', async () => {
    const once = await lakeAssets(assetsOf(checkout), CONFIG.prefixes);
    const again = await lakeAssets(assetsOf(checkout), CONFIG.prefixes);
    expect(again).toEqual(once);
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
  }, 60_000);
});
