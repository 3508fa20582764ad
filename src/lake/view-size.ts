import type { PublishedView } from './state.ts';

/** Bytes of UTF-8 (Athena User Guide, "Service Quotas"). */
export const ATHENA_STATEMENT = 262_144;
/** Characters of ViewOriginalText (Glue API reference, ViewRepresentationInput). */
export const CATALOG_TEXT = 409_600;
/** Where a limit counts as near. */
export const NEAR_LIMIT = 80;

/** How much of what AWS lets a view have it takes; percents are rounded up, so that 100 is not passed unseen. */
export type ViewSize = {
  readonly athena_bytes: number;
  readonly athena_percent: number;
  readonly glue_characters: number;
  readonly glue_percent: number;
};

/** `null` for a view that an earlier version published, which kept no sizes. */
export function viewSize({
  athena_bytes,
  glue_characters,
}: Pick<PublishedView, 'athena_bytes' | 'glue_characters'>): ViewSize | null {
  if (athena_bytes === undefined || glue_characters === undefined) return null;
  return {
    athena_bytes,
    athena_percent: Math.ceil((100 * athena_bytes) / ATHENA_STATEMENT),
    glue_characters,
    glue_percent: Math.ceil((100 * glue_characters) / CATALOG_TEXT),
  };
}

/** The nearer of the two limits, in words. */
export function sizeLine(size: ViewSize): string {
  const { athena_bytes, athena_percent, glue_characters, glue_percent } = size;
  return (
    `${athena_percent} % of the ${ATHENA_STATEMENT.toLocaleString('en')} bytes that Athena takes (${athena_bytes.toLocaleString('en')}), ` +
    `${glue_percent} % of the ${CATALOG_TEXT.toLocaleString('en')} characters that the Data Catalog takes (${glue_characters.toLocaleString('en')})`
  );
}

export function mostPercent({ athena_percent, glue_percent }: ViewSize): number {
  return Math.max(athena_percent, glue_percent);
}
