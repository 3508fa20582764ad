import { describe, expect, it } from 'vitest';
import { commandLine } from '../../../src/lake/lake.ts';
import type { PublishedViews } from '../../../src/lake/state.ts';
import { mendRefused } from '../../../src/verbs/refused-views.ts';

const LAKE = { name: 'dev', call: commandLine('dev') };
const view = (refused?: string) => ({
  entity1: 'a',
  columns: [],
  hash: 'h',
  ...(refused === undefined ? {} : { refused }),
});
const ended = (views: PublishedViews['views'], rules: string | null = 'r'): PublishedViews => ({
  version: 1,
  snapshot_id: '1',
  rules,
  views,
});

describe('what has to be mended before the views are verified', () => {
  it('is nothing where the last run has refused no view', () => {
    expect(mendRefused(LAKE, undefined, 'r')).toBeUndefined();
    expect(mendRefused(LAKE, ended({ entity_view_a: view() }), 'r')).toBeUndefined();
  });

  it('are the rules of the views that it has refused, which another run would refuse too', () => {
    const views = { entity_view_a: view('config/views.yml:5: Athena: no'), entity_view_b: view() };
    expect(mendRefused(LAKE, ended(views), 'r')).toEqual({
      reasons: 'the last run refused 1 view:\nentity_view_a: config/views.yml:5: Athena: no',
      cure:
        'mend config/views.yml where it is named, npx mydatahub upload-assets --lake dev, ' +
        'then npx mydatahub run-ingestion --lake dev and wait-for-views',
    });
  });

  it('is told of three views at most, and where the others are', () => {
    const views = Object.fromEntries([...'dabce'].map((name) => [name, view(`of ${name}`)]));
    const found = mendRefused(LAKE, ended(views), 'r');
    expect(found?.reasons).toBe(
      'the last run refused 5 views:\na: of a\nb: of b\nc: of c\nand 2 more: npx mydatahub views list --lake dev',
    );
    expect(found?.cure).toMatch(/^mend what is named there, npx mydatahub upload-assets/);
  });

  it('is done where other rules were sent since: then a run is all it takes', () => {
    expect(mendRefused(LAKE, ended({ a: view('config/views.yml:5: no') }), 'other')).toEqual({
      reasons: 'the last run refused 1 view, and config/views.yml has changed since',
      cure: 'npx mydatahub wait-for-views --lake dev; if no run is under way, npx mydatahub run-ingestion --lake dev first',
    });
  });
});
