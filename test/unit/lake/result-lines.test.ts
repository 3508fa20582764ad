import { describe, expect, it } from 'vitest';
import { resultInLines } from '../../../src/lake/result-lines.ts';

/** As the job prints it: the bytes cut anywhere, also inside a character. */
function printed(document: string, size: number): string[] {
  const bytes = Buffer.from(document);
  const count = Math.ceil(bytes.length / size);
  return Array.from(
    { length: count },
    (_, index) =>
      `MYDATAHUB-RESULT ${index + 1}/${count} ${bytes.subarray(index * size, (index + 1) * size).toString('base64')}`,
  );
}

describe('a result in the lines of a job log', () => {
  it('is put together again, whatever stands between and wherever it was cut', () => {
    const document = '{"größe":"東京 🐧"}';
    for (const size of [1, 2, 3, 5, 100]) {
      const lines = printed(document, size).flatMap((line) => ['something else', line]);
      expect(resultInLines(lines)).toBe(document);
    }
  });

  it('is the last one of several', () => {
    expect(resultInLines([...printed('{"a":1}', 3), ...printed('{"a":2}', 4)])).toBe('{"a":2}');
  });

  it('is absent when a line is missing', () => {
    expect(resultInLines(printed('{"a":1}', 3).slice(1))).toBeUndefined();
    expect(resultInLines(printed('{"a":1}', 3).slice(0, -1))).toBeUndefined();
    expect(resultInLines([])).toBeUndefined();
  });
});
