import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCESS_REFRESH_MS } from '../../trino/configuration.ts';
import type { Catalog } from '../catalog/types.ts';
import { isJsonObject } from '../input.ts';
import { engineRules } from '../lakeformation/engine-rules.ts';
import type { Holder, Permissions } from '../lakeformation/permissions.ts';

/** Brings the engine's rules in step with Lake Formation, for a holder who is about to ask it something. */
export type EngineAccess = (holder: Holder) => Promise<void>;

/** Rules are for whoever has asked before, and for the definers of views, in whose names the engine reads tables. */
export function createEngineAccess(parts: {
  readonly file: string;
  readonly catalog: Catalog;
  readonly permissions: Permissions;
}): EngineAccess {
  const asked = new Set<string>();
  let written = '';
  let read: Promise<void> = Promise.resolve();
  mkdirSync(dirname(parts.file), { recursive: true });

  return async (holder) => {
    asked.add(holder.arn);
    const arns = new Set([...asked, ...definers(parts.catalog)]);
    const rules = engineRules(
      parts.catalog,
      parts.permissions,
      [...arns].sort().map((arn) => ({ arn })),
    );
    const text = JSON.stringify(rules);
    if (text !== written) {
      writeFileSync(`${parts.file}.new`, text);
      renameSync(`${parts.file}.new`, parts.file);
      written = text;
      // Trino looks for new rules when those that it has are this old; no query may run by the old ones.
      read = sleep(2 * ACCESS_REFRESH_MS);
    }
    await read;
  };
}

function definers(catalog: Catalog): string[] {
  return catalog
    .databaseNames()
    .flatMap((database) => catalog.tables(database))
    .flatMap(({ ViewDefinition }) => (isJsonObject(ViewDefinition) ? [String(ViewDefinition.Definer)] : []));
}
