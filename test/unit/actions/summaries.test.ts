import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/actions/action.ts';
import {
  failureLines,
  failureSummary,
  successNotice,
  successSummary,
  warningLines,
} from '../../../src/actions/report.ts';
import { action as runIngestion } from '../../../src/actions/run-ingestion.ts';
import { runnerConversation } from '../../../src/actions/runner-conversation.ts';
import { action as smokeTest } from '../../../src/actions/smoke-test.ts';
import { action as uploadAssets } from '../../../src/actions/upload-assets.ts';
import { action as uploadData } from '../../../src/actions/upload-data.ts';
import { warningAnnotations } from '../../../src/actions/view-warnings.ts';
import { action as waitForViews } from '../../../src/actions/wait-for-views.ts';
import { jobRunPage } from '../../../src/aws/console.ts';
import { breach } from '../../../src/lake/contract/breach.ts';
import { ExplainedError } from '../../../src/lake/explained-error.ts';
import { NONE_OUTSIDE, outsideLines, whoIsInTheTable } from '../../../src/lake/files-outside.ts';
import type { SmokeTestResult } from '../../../src/verbs/smoke-test.ts';
import { BrokenFiles, VerbFailure } from '../../../src/verbs/verb.ts';

const STAGES = [
  { job: 'csv-to-iceberg-ingestion', state: 'SUCCEEDED', took: 31_000 },
  { job: 'create-views-dual-engine', state: 'RUNNING', took: 125_000 },
];
const JOB = {
  job: 'csv-to-iceberg-ingestion',
  id: 'jr_1',
  state: 'SUCCEEDED',
  seconds: 75,
  dpu_seconds: 150,
  console: jobRunPage({ region: 'eu-central-1' }, 'csv-to-iceberg-ingestion', 'jr_1'),
};
const NOWHERE = {
  env: { INPUT_BUCKET: 'my-lake', 'INPUT_AWS-REGION': 'eu-central-1' },
  workspace: '/w',
  repository: '/r',
};

/** Outputs that the action writes for a failed verb's result, and its part of the summary. */
async function salvage(action: Action, failure: VerbFailure) {
  const outputs: Record<string, string> = {};
  const files = {
    output: (name: string, value: string) => {
      outputs[name] = value;
    },
    state: () => {},
    summary: () => {},
  };
  return { outputs, ...(await action.salvage(failure, files, NOWHERE)) };
}

const WARNED = {
  warnings: [
    {
      line: 4,
      text: "entity_view_a.mass: 2 of the 3 rows of the table with the key 'mass|g': the value is no integer and NULL in the view",
    },
    { line: null, text: 'iceberg_db.entity_view_b is at 83% of the 262,144 bytes that Athena takes' },
  ],
  warnings_more: 1_200,
};

const failed = (result: object) =>
  new VerbFailure(result, { what: 'it did not pass', where: 'here', why: 'a|b <c>', cure: 'mend it' });

describe('the job summary', () => {
  it('of a smoke test shows each view in both engines, and the rows that differ', async () => {
    const answer = { columns: 7, fingerprint: '1-2', problems: [], ok: true };
    const result: SmokeTestResult = {
      ok: false,
      snapshot_id: '42',
      views: [
        { ...answer, view: 'entity_view_a', entity1: 'a', rows: 12_345, spark_rows: 12_345 },
        {
          ...answer,
          view: 'entity_view_b',
          entity1: 'b',
          rows: 2,
          spark_rows: 3,
          ok: false,
          problems: ['2 rows in Athena, 3 in Spark'],
          differences: {
            columns: ['entity1', 'k'],
            only_in_athena: [],
            only_in_spark: [['a | *b*\n<c>', null]],
            other_values: [
              { column: 'k', rows: 2, examples: [{ entity: ['x'], athena: 'a | *b*', spark: null }] },
            ],
            same_as_text: { rows: 0, first: null },
            first_rows: null,
          },
        },
        {
          ...answer,
          view: 'entity_view_c',
          entity1: 'c',
          rows: null,
          columns: null,
          spark_rows: null,
          ok: false,
          problems: ['the view is not in the catalog'],
        },
      ],
      queries: { queries: 7, scanned: 3_000_000, charged: 7 * 10 * 1024 ** 2 },
      // The second was shorter than the minute that Glue charges at least.
      jobs: [
        { ...JOB, seconds: 125, dpu_seconds: 250 },
        { ...JOB, job: 'verify-views', id: 'jr_2', seconds: 30, dpu_seconds: 120 },
      ],
    };
    const shown = await salvage(smokeTest, failed(result));
    expect(shown.outputs).toEqual({ same: 'false', views: '3', 'snapshot-id': '42' });
    const markdown = failureSummary('smoke-test', failed(result), shown, []);
    await expect(markdown).toMatchFileSnapshot('golden/smoke-test.md');
  });

  it('of a smoke test that passes ends with what the run has cost', async () => {
    const view = (name: string, columns: number, rows: number) => ({
      ...{ view: `entity_view_${name}`, entity1: name, ok: true, problems: [], fingerprint: '1-2' },
      ...{ columns, rows, spark_rows: rows },
    });
    const result: SmokeTestResult = {
      ok: true,
      snapshot_id: '8402731946027135817',
      views: [view('otters', 6, 3), view('penguins', 10, 344), view('weather', 12, 2_922)],
      queries: { queries: 11, scanned: 1_234_567, charged: 11 * 10 * 1024 ** 2 },
      jobs: [
        { ...JOB, seconds: 68, dpu_seconds: 274 },
        { ...JOB, job: 'create-views-dual-engine', seconds: 74, dpu_seconds: 296 },
        { ...JOB, job: 'verify-views', seconds: 61, dpu_seconds: 244 },
      ],
    };
    const { summary } = await salvage(smokeTest, failed(result));
    const headline = '3 views: the same answer in Athena and in Spark at snapshot 8402731946027135817';
    const markdown = successSummary('smoke-test', { headline, summary }, [], 9_400);
    await expect(markdown).toMatchFileSnapshot('golden/smoke-test-passed.md');
  });

  it('of a broken push names every line to mend', async () => {
    const files = [
      {
        path: 'a|b.csv',
        breaches: [breach('EMPTY_REQUIRED', 3, 5), breach('FIELD_COUNT', 1200, 7, '7 fields')],
        more: 3,
      },
    ];
    const shown = await salvage(uploadData, failed({ files }));
    expect(shown.outputs).toEqual({
      uploaded: '0',
      unchanged: '0',
      kept: '0',
      removed: '0',
      broken: '1',
    });
    await expect(shown.summary).toMatchFileSnapshot('golden/upload-data-broken.md');
  });

  it('of a push lists what was sent and what stays', async () => {
    const sent = [{ path: 'größe.csv', key: 'raw-data/größe.csv', rows: 1234, size: 56_789, reason: 'new' }];
    const shown = await salvage(
      uploadData,
      failed({ sent, unchanged: [], found: [], kept: ['old.csv'], removed: ['a|b.csv'] }),
    );
    await expect(shown.summary).toMatchFileSnapshot('golden/upload-data.md');
  });

  it('of assets lists what was sent', async () => {
    const shown = await salvage(
      uploadAssets,
      failed({ sent: [{ key: 'jars/a.jar', sha256: 'ab'.repeat(32) }], unchanged: ['scripts/a.py'] }),
    );
    expect(shown.outputs).toEqual({ uploaded: '1', unchanged: '1' });
    await expect(shown.summary).toMatchFileSnapshot('golden/upload-assets.md');
  });

  it('of a failed run shows the job runs, and the time of each stage', async () => {
    const files = [{ path: 'a|b.csv', rows: 1_345, change: 'replaced' }];
    const jobs = [{ ...JOB, state: 'FAILED' }];
    const result = {
      run_id: 'wr_1',
      started: true,
      status: 'RUNNING',
      jobs,
      files,
      files_more: 7,
      held: [],
      quarantined: [],
    };
    const shown = await salvage(runIngestion, failed(result));
    expect(shown.outputs).toEqual({ 'workflow-run-id': 'wr_1', started: 'true', status: 'RUNNING' });
    const markdown = failureSummary('run-ingestion', failed(result), shown, STAGES);
    await expect(markdown).toMatchFileSnapshot('golden/run-ingestion-failed.md');
  });

  it('of waiting shows every view, with what is wrong', async () => {
    const result = {
      run_id: null,
      status: 'UNCHANGED',
      jobs: [],
      views: [
        { view: 'entity_view_a', state: 'ok', problem: null },
        { view: 'entity_view_b', state: 'stale', problem: 'its SPARK dialect is stale' },
      ],
      ...WARNED,
    };
    const shown = await salvage(waitForViews, failed(result));
    expect(shown.outputs).toEqual({ 'workflow-run-id': '', status: 'UNCHANGED', views: '1' });
    await expect(shown.summary).toMatchFileSnapshot('golden/wait-for-views.md');
  });

  it('of a success has its headline and its time', async () => {
    const done = { headline: '2 views, each in both dialects', summary: '| a |' };
    await expect(successSummary('wait-for-views', done, STAGES, 156_000)).toMatchFileSnapshot(
      'golden/success.md',
    );
  });

  it('keeps YAML to paste in its form', async () => {
    const error = new ExplainedError({ what: 'inputs are missing', cure: 'write this:\nwith:\n  bucket: x' });
    const none = { summary: '', places: [] };
    await expect(failureSummary('x', error, none, [])).toMatchFileSnapshot('golden/yaml-cure.md');
  });
});

describe('annotations of a failure', () => {
  it('are at most ten, of which the last is the failure with its cure', () => {
    const places = Array.from({ length: 12 }, (_, index) => ({
      title: 't',
      message: 'm',
      file: 'f',
      line: index + 1,
    }));
    const lines = failureLines(failed({}), { summary: '', places });
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines.at(-2)).toBe('3 more places are named above and in the job summary');
    expect(lines.at(-1)).toBe(
      '::error title=it did not pass::it did not pass%0A  where: here%0A  why:   a|b <c>%0A  cure:  mend it',
    );
  });

  it('are there for broken files alone', async () => {
    expect((await salvage(uploadData, failed({}))).places).toEqual([]);
    const missing = new BrokenFiles(
      [{ path: 'gone.csv', breaches: [breach('NUL', 1, 1)], more: 0 }],
      {},
      'broken',
    );
    await expect(salvage(uploadData, missing)).rejects.toThrow('ENOENT');
  });
});

describe('annotations of warnings', () => {
  it('stand at the line of the rules that is the reason, and are at most ten', () => {
    const warnings = warningAnnotations(WARNED);
    expect(warningLines({ warnings })).toEqual([
      "::warning file=config/views.yml,line=4,title=Views::entity_view_a.mass: 2 of the 3 rows of the table with the key 'mass|g': the value is no integer and NULL in the view",
      '::warning title=Views::iceberg_db.entity_view_b is at 83%25 of the 262,144 bytes that Athena takes',
    ]);
    const many = warningLines({ warnings: Array.from({ length: 12 }, () => warnings).flat() });
    expect(many.filter((line) => line.startsWith('::warning '))).toHaveLength(10);
    expect(many.at(-1)).toBe('14 more warnings are in the job summary');
  });

  it('name each file that an ingestion has put aside, and its headline counts no such file as ingested', async () => {
    const outside = { held: ['a.csv'], quarantined: ['b|c.csv'] };
    const result = { run_id: null, started: false, status: 'UNCHANGED', jobs: [], files: [], files_more: 0 };
    const { summary } = await salvage(runIngestion, failed({ ...result, ...outside }));
    expect(summary).toBe(
      'Held by a rollback until `release` lets them in: `a.csv`\n\n' +
        'Quarantined, so that nothing of them is in the table: `b\\|c.csv`',
    );
    expect(whoIsInTheTable(outside)).toBe('every source file but 1 held and 1 quarantined is in the table');
    expect(whoIsInTheTable(NONE_OUTSIDE)).toBe('every source file is in the table');
    expect(outsideLines(outside, 'mydatahub release', 's3://b/quarantine/')).toEqual([
      'held: a.csv was undone by a rollback; mydatahub release lets the next ingestion bring it back',
      'WARNING b|c.csv breaks the contract, so nothing of it is in the table: s3://b/quarantine/b|c.csv.report.json names each problem with its line',
    ]);
  });
});

describe('the notice of a success', () => {
  it('tells how long each stage took', () => {
    let now = 0;
    const files = { output() {}, state() {}, summary() {} };
    const clock = { now: () => now, sleep: async () => {} };
    const talk = runnerConversation(() => {}, files, clock, new AbortController().signal);
    talk.stage('ingest', 'RUNNING', 'jr_1');
    now = 42_000;
    talk.stage('ingest', 'SUCCEEDED', 'jr_1');
    expect(successNotice('run-ingestion', { headline: 'done' }, talk)).toBe(
      '::notice title=run-ingestion::done (42 s)%0Aingest SUCCEEDED, 42 s',
    );
  });
});
