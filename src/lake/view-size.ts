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

/** Bytes of Athena's longest statement about a view, and characters of its longer text in the Data Catalog. */
export type ViewLengths = { readonly athena_bytes: number; readonly glue_characters: number };

/** Both names in the longest statement before a view's text have at most 255 bytes. */
const LONGEST_HEAD = 'CREATE PROTECTED MULTI DIALECT VIEW . SECURITY DEFINER AS '.length + 2 * 257;

/** As size_of of glue-scripts/mydatahub_glue/view_limits.py. */
export function lengthsOf({
  athena,
  spark,
}: {
  readonly athena: string;
  readonly spark: string;
}): ViewLengths {
  return {
    athena_bytes: Buffer.byteLength(athena) + LONGEST_HEAD,
    glue_characters: Math.max(characters(athena), characters(spark)),
  };
}

/** Share of the nearer limit; 1 is the limit. */
export function mostShare({ athena_bytes, glue_characters }: ViewLengths): number {
  return Math.max(athena_bytes / ATHENA_STATEMENT, glue_characters / CATALOG_TEXT);
}

/** Code points: a pair of surrogates is one. */
function characters(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}
