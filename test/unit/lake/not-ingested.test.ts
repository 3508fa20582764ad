import { describe, expect, it } from 'vitest';
import { notIngested } from '../../../src/lake/not-ingested.ts';
import { ingested, manifest } from '../../../src/lake/state.ts';

const file = (name: string, etag: string) => ({
  path: name,
  key: `raw-data/${name}`,
  sha256: 'x',
  size: 10,
  rows: 1,
  version_id: null,
  etag,
  commit: null,
});
const gone = (name: string) => ({
  path: name,
  key: `raw-data/${name}`,
  commit: null,
  removed_at: '2026-01-01T00:00:00Z',
  confirmed: false,
});
const ofManifest = (files: object[], removed: object[] = []) =>
  manifest.parse({ version: 1, files, removed });
const SEEN = ingested.parse({
  version: 1,
  metadata_location: 's3://m/1',
  snapshot_id: '1',
  files: [file('a.csv', '"1"'), { ...file('b.csv', '"1"'), held: true }],
});

describe('what was sent and not ingested', () => {
  it('is nothing when the ingestion has seen every file, also one that is held', () => {
    expect(notIngested(ofManifest([file('a.csv', '"1"'), file('b.csv', '"1"')]), SEEN)).toEqual({
      sent: 0,
      removed: 0,
    });
    expect(notIngested(ofManifest([]), undefined)).toEqual({ sent: 0, removed: 0 });
  });

  it('is a file that is new, and one that has other content', () => {
    const files = [file('a.csv', '"2"'), file('b.csv', '"1"'), file('c.csv', '"1"')];
    expect(notIngested(ofManifest(files), SEEN)).toEqual({ sent: 2, removed: 0 });
    expect(notIngested(ofManifest(files), undefined)).toEqual({ sent: 3, removed: 0 });
  });

  it('is a removed file as long as the ingestion has not taken its rows', () => {
    const removed = [gone('b.csv'), gone('long-ago.csv')];
    expect(notIngested(ofManifest([file('a.csv', '"1"')], removed), SEEN)).toEqual({ sent: 0, removed: 1 });
  });
});
