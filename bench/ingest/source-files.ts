import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCE_COLUMNS } from '../../src/lake/contract/breach.ts';

const KEYS = 10;
const ENTITIES = 10;

/** Writes `files` source files of `rows` rows each, about 48 bytes a row: ten keys an entity, ten `entity1`. */
export async function writeSourceFiles(folder: string, files: number, rows: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < files; file++) await writeSourceFile(folder, file, rows);
}

/** Writes one of them; another `seed` gives other values in as many bytes. */
export async function writeSourceFile(folder: string, file: number, rows: number, seed = 1): Promise<void> {
  const name = String(file).padStart(4, '0');
  const out = createWriteStream(join(folder, `file_${name}.csv`));
  out.write(`${SOURCE_COLUMNS.join(',')}\n`);
  let state = file * 7919 + seed;
  for (let row = 0; row < rows; row += KEYS) {
    const entity = `sensor_${file % ENTITIES},${name}-${Math.floor(row / 10_000) % 50},rack${Math.floor(row / 100) % 100},${String(row / KEYS).padStart(6, '0')}`;
    let text = '';
    for (let key = 0; key < KEYS; key++) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      text += `${entity},metric_${key},${String(state % 1_000_000).padStart(6, '0')}\n`;
    }
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
