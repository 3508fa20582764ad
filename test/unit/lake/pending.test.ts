import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CatalogTable, Glue } from '../../../src/aws/glue.ts';
import type { StoredObject } from '../../../src/aws/s3.ts';
import type { Lake } from '../../../src/lake/lake.ts';
import { pendingWork } from '../../../src/lake/pending.ts';
import { CONFIG } from '../verbs/support.ts';

const FILE = { path: 'a.csv', key: 'raw-data/a.csv', etag: '"1"', size: 10, sha256: 'x', rows: 1 };
const CURRENT = {
  'state/ingested.json': {
    version: 1,
    metadata_location: 's3://m/1',
    snapshot_id: '9007199254740993',
    files: [FILE],
  },
  'state/views.json': { version: 1, snapshot_id: '9007199254740993', views: {} },
  'state/grants.json': {
    version: 1,
    readers: [{ base_table: false, views: ['*'], principal: 'arn:r' }],
    grants: {},
  },
  'state/verified.json': {
    version: 1,
    snapshot_id: '9007199254740993',
    job_run_id: 'jr',
    views: {},
    failed: {},
  },
};
const OBJECT: StoredObject = { key: FILE.key, etag: FILE.etag, size: FILE.size };

function work(
  state: object,
  objects: StoredObject[] = [OBJECT],
  metadataLocation: string | null = 's3://m/1',
) {
  const texts = new Map(Object.entries(state).map(([key, value]) => [key, JSON.stringify(value)]));
  const bucket = {
    list: async () => objects,
    text: async (key: string) => {
      const body = texts.get(key);
      return body === undefined ? undefined : { body, etag: '"s"' };
    },
    url: (key: string) => key,
  };
  const table: CatalogTable | undefined =
    metadataLocation === null
      ? undefined
      : { parameters: { metadata_location: metadataLocation }, columns: [], types: [], dialects: [] };
  const glue = { table: async () => table };
  return pendingWork({ name: 'test', config: CONFIG, bucket } as unknown as Lake, glue as unknown as Glue);
}

describe('a lake', () => {
  it('has no work when every object is in the table, published and verified', async () => {
    expect(await work(CURRENT)).toBeNull();
  });

  it('has no work for an object that is no source file, or one that is gone', async () => {
    expect(await work(CURRENT, [OBJECT, { key: 'raw-data/', etag: '"0"', size: 0 }])).toBeNull();
    expect(await work(CURRENT, [])).toBeNull();
  });

  it('has no work as long as it holds no source file and no table', async () => {
    expect(await work({}, [], null)).toBeNull();
    expect(await work({}, [OBJECT], null)).toBe('nothing was ingested yet');
  });

  it.each([
    ['a new object', [OBJECT, { ...OBJECT, key: 'raw-data/b.CSV' }], 'raw-data/b.CSV is new'],
    ['an object with other content', [{ ...OBJECT, etag: '"2"' }], 'raw-data/a.csv has changed'],
  ])('has work for %s', async (_, objects, reason) => {
    expect(await work(CURRENT, objects)).toBe(reason);
  });

  it('has no work for a file that a rollback holds, until it is released', async () => {
    const ingested = {
      ...CURRENT['state/ingested.json'],
      files: [{ ...FILE, held: true }],
      holds: [{ path: FILE.path, sha256: FILE.sha256 }],
    };
    const contents = [
      { path: FILE.path, sha256: FILE.sha256, rows: 1, held_at: '2026-01-01T00:00:00Z', snapshot_id: '1' },
    ];
    const held = {
      ...CURRENT,
      'state/ingested.json': ingested,
      'state/holds.json': { version: 1, contents },
    };
    expect(await work(held)).toBeNull();
    expect(await work({ ...held, 'state/holds.json': { version: 1, contents: [] } })).toContain(
      'was released',
    );
    expect(await work(held, [{ ...OBJECT, etag: '"2"' }])).toContain('has changed');
  });

  it('has work when the rules of custom views are others than the views were made by', async () => {
    const rules = { version: 1, views: [] };
    const digest = createHash('sha256').update(JSON.stringify(rules)).digest('hex');
    const made = { ...CURRENT['state/views.json'], rules: digest };
    const changed = 'config/views.yml has changed';
    expect(await work({ ...CURRENT, 'config/views.yml': rules })).toBe(changed);
    expect(await work({ ...CURRENT, 'state/views.json': made })).toBe(changed);
    expect(await work({ ...CURRENT, 'state/views.json': made, 'config/views.yml': rules })).toBeNull();
  });

  it('has work while rows of a removed file are in the table', async () => {
    const removed = [
      { path: FILE.path, key: FILE.key, commit: null, removed_at: '2026-01-01T00:00:00Z', confirmed: false },
    ];
    const manifest = { version: 1, commit: null, files: [], removed };
    expect(await work({ ...CURRENT, 'state/manifest.json': manifest }, [])).toBe(
      'raw-data/a.csv was removed',
    );
    const ingested = { ...CURRENT['state/ingested.json'], files: [] };
    const gone = { ...CURRENT, 'state/manifest.json': manifest, 'state/ingested.json': ingested };
    expect(await work(gone, [])).toBeNull();
  });

  it('has no work for a removal that a rollback holds, until it is released', async () => {
    const ingested = {
      ...CURRENT['state/ingested.json'],
      files: [],
      holds: [{ path: FILE.path, sha256: '' }],
    };
    const contents = [
      { path: FILE.path, sha256: '', rows: 0, held_at: '2026-01-01T00:00:00Z', snapshot_id: '1' },
    ];
    const held = {
      ...CURRENT,
      'state/ingested.json': ingested,
      'state/holds.json': { version: 1, contents },
    };
    expect(await work(held, [])).toBeNull();
    expect(await work({ ...held, 'state/holds.json': undefined }, [])).toBe('a.csv was released');
  });

  it('has no work for a file in quarantine until it or the settings change', async () => {
    const settings = {
      mode: 'sync',
      removed_files: 'keep',
      bad_files: 'refuse',
      additional_columns: 'refuse',
    };
    const files = [{ ...FILE, sha256: '', rows: 0, quarantined: true }];
    const ingested = { ...CURRENT['state/ingested.json'], files, settings };
    const set = { ...CURRENT, 'state/ingested.json': ingested };
    expect(await work(set)).toBeNull();
    expect(await work(set, [{ ...OBJECT, etag: '"2"' }])).toContain('has changed');
    const other = { ...ingested, settings: { ...settings, bad_files: 'quarantine' } };
    expect(await work({ ...set, 'state/ingested.json': other })).toContain('settings');
  });

  it('has work when the views are to be made in another way', async () => {
    const made = (form: string) => ({
      ...CURRENT,
      'state/views.json': { ...CURRENT['state/views.json'], settings: { form, without_data: 'keep' } },
    });
    expect(await work(made('auto'))).toBeNull();
    expect(await work(made('case'))).toBe('the settings of the views have changed');
  });

  it('has work when somebody else changed the table', async () => {
    expect(await work(CURRENT, [OBJECT], 's3://m/2')).toContain('has changed since');
  });

  it.each(['state/ingested.json', 'state/views.json', 'state/grants.json', 'state/verified.json'])(
    'has work when %s is lost',
    async (lost) => {
      const state = Object.fromEntries(Object.entries(CURRENT).filter(([key]) => key !== lost));
      expect(await work(state)).not.toBeNull();
    },
  );

  it('has work when a view could not be published', async () => {
    const views = { entity_view_x: { entity1: 'x', columns: [], hash: '' } };
    expect(await work({ ...CURRENT, 'state/views.json': { ...CURRENT['state/views.json'], views } })).toBe(
      'entity_view_x could not be published',
    );
  });

  it.each([
    ['when a reader was added or taken away', []],
    ['when a reader could not be granted what it is to have', null],
  ])('has work %s', async (_, readers) => {
    const grants = { ...CURRENT['state/grants.json'], readers };
    expect(await work({ ...CURRENT, 'state/grants.json': grants })).toBe(
      'the readers of the views have changed',
    );
  });

  it('has work when Spark could not read a view', async () => {
    const verified = { ...CURRENT['state/verified.json'], failed: { entity_view_x: 'boom' } };
    expect(await work({ ...CURRENT, 'state/verified.json': verified })).toContain('entity_view_x');
  });
});
