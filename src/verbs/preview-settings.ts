import type { Lake } from '../lake/lake.ts';
import { readNames } from '../lake/lake-state.ts';
import { tfvarsTexts } from '../lake/tfvars.ts';
import { FORMS } from '../lake/wanted-views/pivot-text.ts';
import type { PreviewOptions } from './preview-data.ts';

type Settings = Omit<PreviewOptions, 'showValues' | 'rules'>;

/** Those of a lake whose variables say nothing else. */
export const PLAIN_SETTINGS: Settings = {
  policies: { mode: 'sync', removed_files: 'keep' },
  additionalColumns: 'refuse',
  names: undefined,
  views: { database: 'iceberg_db', table: 'entity_data', form: 'auto' },
};

/** How a lake ingests, and the names that it has given. */
export async function settingsOfLake(lake: Lake): Promise<Settings> {
  const { database, table, ingestion, views } = lake.config;
  const { additional_columns: additionalColumns, mode, removed_files } = ingestion;
  return {
    policies: { mode, removed_files },
    additionalColumns,
    names: await readNames(lake),
    views: { database, table, form: views.form },
  };
}

/** How a lake of these variables ingests. `tfvars` is the text of env/NAME.tfvars. */
export function settingsOfVariables(tfvars: string): Settings {
  const texts = tfvarsTexts(tfvars);
  const suffix = texts.get('environment_suffix') ?? '';
  const database = texts.get('glue_database_name') ?? PLAIN_SETTINGS.views.database;
  return {
    policies: {
      mode: texts.get('ingestion_mode') === 'append' ? 'append' : 'sync',
      removed_files: texts.get('removed_files') === 'remove' ? 'remove' : 'keep',
    },
    additionalColumns: texts.get('additional_columns') === 'merge' ? 'merge' : 'refuse',
    names: undefined,
    views: {
      // As terraform/main.tf names it.
      database: suffix === '' ? database : `${database}_${suffix.replaceAll('-', '_')}`,
      table: texts.get('glue_table_name') ?? PLAIN_SETTINGS.views.table,
      form: FORMS.find((form) => form === texts.get('view_form')) ?? 'auto',
    },
  };
}
