import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { viewRules } from '../../../src/lake/custom-views/rules.ts';
import { byBytes } from '../../../src/lake/naming.ts';
import { names } from '../../../src/lake/state.ts';
import type { Form } from '../../../src/lake/wanted-views/pivot-text.ts';
import { givenNames, type WantedEntity, wantedViews } from '../../../src/lake/wanted-views/wanted-views.ts';
import { REPOSITORY } from '../../../src/local/toolchain.ts';

type Keys = Readonly<Record<string, readonly (string | number)[]>>;
type Case = {
  readonly title: string;
  readonly form?: Form;
  readonly names?: unknown;
  readonly rules?: readonly unknown[];
  readonly keys: Keys;
  readonly then?: Keys;
};
type Expected = {
  readonly view: string;
  readonly keys: number;
  readonly columns: readonly unknown[];
  readonly sql_columns: number;
  readonly athena_bytes: number;
  readonly glue_characters: number;
  readonly problem: string | null;
};

const FOLDER = join(REPOSITORY, 'test', 'vectors', 'wanted-views');
const read = (name: string) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
const { cases } = read('cases.json') as { cases: readonly Case[] };
const expected = read('expected.json') as Readonly<Record<string, readonly (readonly Expected[])[]>>;
const SHOWN = 6;
const LONG = 'long'.repeat(70_000);

function keysOf([first, from, to, ...rest]: readonly (string | number)[]): string[] {
  if (typeof from === 'number' && typeof to === 'number')
    return Array.from({ length: to - from }, (_, number) => `${first}`.replace('%d', `${from + number}`));
  const texts = [first, from, to, ...rest].filter((key) => key !== undefined);
  return texts.map((key) => `${key}`.replace('%LONG%', LONG));
}

/** Both sides of one view, in the words of the vectors. Sizes that only the job knows are those that it names. */
function told({ views, problem }: WantedEntity, wanted: readonly Expected[]): Expected[] {
  return views.map(({ view, columns, extra, lengths }) => {
    const keys = [...columns.keys()].sort(byBytes);
    const short = (key = '') => key.replace(LONG, '%LONG%');
    const job = wanted.find((one) => one.view === view);
    return {
      view,
      keys: keys.length,
      columns:
        keys.length <= SHOWN
          ? keys.map((key) => [short(key), columns.get(key)])
          : [short(keys[0]), short(keys.at(-1))],
      sql_columns: 4 + columns.size + extra.length,
      athena_bytes: lengths?.athena_bytes ?? job?.athena_bytes ?? 0,
      glue_characters: lengths?.glue_characters ?? job?.glue_characters ?? 0,
      problem: problem === null ? null : `config/views.yml:${problem.line}`,
    };
  });
}

describe('the views that a preview expects', () => {
  it.each(cases)('are those that the publisher wants: $title', (given) => {
    const { rules = [], form = 'auto' } = given;
    const definition = {
      database: 'lake_db',
      table: 'entity_data',
      form,
      rules: viewRules.parse({ version: 1, views: rules }),
    };
    let known = givenNames(given.names === undefined ? undefined : names.parse(given.names));
    const wanted = expected[given.title] ?? [];
    expect(wanted).toHaveLength(given.then === undefined ? 1 : 2);
    for (const [turn, keys] of [given.keys, given.then].entries()) {
      if (keys === undefined) continue;
      const texts = new Map(Object.entries(keys).map(([entity1, some]) => [entity1, keysOf(some)]));
      const found = wantedViews(definition, known, texts);
      known = found.names;
      const entities = [...found.entities.values()];
      if (rules.length === 0)
        expect(entities.flatMap(({ views }) => views.map(({ lengths }) => lengths))).not.toContain(null);
      expect(
        entities
          .flatMap((entity) => told(entity, wanted[turn] ?? []))
          .sort((a, b) => byBytes(a.view, b.view)),
      ).toEqual(
        wanted[turn]?.map((one) => ({
          ...one,
          columns: one.keys > SHOWN ? one.columns : [...one.columns].sort((a, b) => byBytes(`${a}`, `${b}`)),
        })),
      );
    }
  });
});

describe('rules with types or expressions', () => {
  const keys = new Map([['wide', Array.from({ length: 3000 }, (_, number) => `key number ${number}`)]]);
  const wide = (cast: string, names?: Parameters<typeof givenNames>[0]) => {
    const rule = { line: 1, pattern: '*', cast: [{ line: 2, key: cast, type: 'integer' }] };
    const rules = viewRules.parse({ version: 1, views: [rule] });
    const definition = { database: 'd', table: 't', form: 'auto', rules } as const;
    return wantedViews(definition, givenNames(names), keys).entities.get('wide');
  };

  it('leave open which view holds what once a limit may be near', () => {
    expect(wide('key number 7')?.placed).toBe(false);
    expect(wide('no such key')?.placed).toBe(true);
  });

  it('leave it open, too, where there are several views already', () => {
    keys.set('wide', ['a', 'b']);
    const views = { wide: 'entity_view_wide' };
    expect(wide('a', { version: 1, views, columns: {}, more: {}, placed: {} })?.placed).toBe(true);
    const more = { wide: ['entity_view_wide_2'] };
    expect(wide('a', { version: 1, views, columns: {}, more, placed: {} })?.placed).toBe(false);
  });
});
