import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assignNames, type NameKind, nameFor } from '../../../src/lake/naming.ts';

type Vectors = {
  names: { scope: NameKind; text: string; name: string }[];
  assignments: {
    title: string;
    scope: NameKind;
    known: Record<string, string>;
    texts: string[];
    names: Record<string, string>;
  }[];
};
const file = new URL('../../vectors/naming.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

describe('the name a text asks for', () => {
  it.each(vectors.names)('is the same as the job gives: $scope $text', ({ scope, text, name }) => {
    expect(nameFor(text, scope)).toBe(name);
  });
});

describe('names assigned in one scope', () => {
  it.each(vectors.assignments)(
    'are the same as the job assigns: $title',
    ({ scope, known, texts, names }) => {
      const assigned = assignNames(texts, scope, new Map(Object.entries(known)));
      expect(Object.fromEntries(assigned)).toEqual(names);
    },
  );
});
