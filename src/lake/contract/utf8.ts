import { isUtf8 } from 'node:buffer';

/**
 * Bytes at the end of `bytes` that begin a UTF-8 sequence which is not complete yet: 0 to 3.
 * They belong before the next chunk; at the end of the file they are an error.
 */
export function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

/** Index of the first byte of the first sequence that is not UTF-8 (Unicode 15, table 3-7); -1 if all is well. */
export function firstInvalid(bytes: Buffer): number {
  if (isUtf8(bytes)) return -1;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    if (length !== 1 && !isUtf8(bytes.subarray(at, at + length))) return at;
    if (length === 1 && (bytes[at] ?? 0) >= 0x80) return at;
    at += length;
  }
  return -1;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
