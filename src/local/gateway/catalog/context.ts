import type { Permissions } from '../lakeformation/permissions.ts';
import type { Tags } from '../tags.ts';
import type { CatalogArns } from './arn.ts';
import type { CatalogStore } from './store.ts';
import type { AthenaAnalysis } from './types.ts';

/** What the parts of the catalog share. */
export type CatalogContext = {
  readonly store: CatalogStore;
  readonly tags: Tags;
  readonly arns: CatalogArns;
  readonly region: string;
  readonly accountId: string;
  readonly analyse: AthenaAnalysis;
  readonly permissions: Permissions;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};
