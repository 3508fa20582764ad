const LINE = /^MYDATAHUB-RESULT (\d+)\/(\d+) (\S+)$/;

/**
 * The last complete document that a job printed as lines `MYDATAHUB-RESULT i/n <base64>`: what it says where it may
 * not write to S3. `undefined` when there is none.
 */
export function resultInLines(lines: readonly string[]): string | undefined {
  let document: string | undefined;
  let parts: string[] = [];
  for (const line of lines) {
    const match = LINE.exec(line.trim());
    if (match === null) continue;
    const [, index, count, part = ''] = match;
    if (index === '1') parts = [];
    parts.push(part);
    if (index === count && parts.length === Number(count)) {
      document = parts.map((text) => Buffer.from(text, 'base64').toString('latin1')).join('');
    }
  }
  // Parts may be cut inside a character: bytes are joined first and read as UTF-8 then.
  return document === undefined ? undefined : Buffer.from(document, 'latin1').toString('utf8');
}

/** Whether a line is part of such a document, which is not for people. */
export function isResultLine(line: string): boolean {
  return LINE.test(line.trim());
}
