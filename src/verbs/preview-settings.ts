import type { Lake } from '../lake/lake.ts';
import { readNames } from '../lake/lake-state.ts';
import { tfvarsTexts } from '../lake/tfvars.ts';
import type { PreviewOptions } from './preview-data.ts';

type Settings = Omit<PreviewOptions, 'showValues'>;

/** Those of a lake whose variables say nothing else. */
export const PLAIN_SETTINGS: Settings = {
  policies: { mode: 'sync', removed_files: 'keep' },
  additionalColumns: 'refuse',
  names: undefined,
};

/** How a lake ingests, and the names that it has given. */
export async function settingsOfLake(lake: Lake): Promise<Settings> {
  const { additional_columns: additionalColumns, mode, removed_files } = lake.config.ingestion;
  return { policies: { mode, removed_files }, additionalColumns, names: await readNames(lake) };
}

/** How a lake of these variables ingests. `tfvars` is the text of env/NAME.tfvars. */
export function settingsOfVariables(tfvars: string): Settings {
  const texts = tfvarsTexts(tfvars);
  return {
    policies: {
      mode: texts.get('ingestion_mode') === 'append' ? 'append' : 'sync',
      removed_files: texts.get('removed_files') === 'remove' ? 'remove' : 'keep',
    },
    additionalColumns: texts.get('additional_columns') === 'merge' ? 'merge' : 'refuse',
    names: undefined,
  };
}
