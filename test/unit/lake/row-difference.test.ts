import { describe, expect, it } from 'vitest';
import { rowsInOneOnly } from '../../../src/lake/row-difference.ts';

const row = (hash: string, value: string | null = hash) => ({ hash, values: [value] });

describe('rows that one engine alone has', () => {
  it('are found on both sides', () => {
    const left = { rows: [row('a'), row('b'), row('d')], complete: true };
    const right = { rows: [row('a'), row('c'), row('d')], complete: true };
    expect(rowsInOneOnly(left, right, 10)).toEqual({ left: [['b']], right: [['c']] });
  });

  it('are found when a row stands twice on one side', () => {
    const twice = { rows: [row('a'), row('a')], complete: true };
    const once = { rows: [row('a')], complete: true };
    expect(rowsInOneOnly(twice, once, 10)).toEqual({ left: [['a']], right: [] });
  });

  it('tell NULL from the empty text, and see columns that the hash does not cover', () => {
    const left = { rows: [row('a', null)], complete: true };
    const right = { rows: [row('a', '')], complete: true };
    expect(rowsInOneOnly(left, right, 10)).toEqual({ left: [[null]], right: [['']] });
  });

  it('are not claimed beyond the end of a list that goes on', () => {
    const cut = { rows: [row('a'), row('b')], complete: false };
    const whole = { rows: [row('a'), row('b'), row('c')], complete: true };
    expect(rowsInOneOnly(cut, whole, 10)).toEqual({ left: [], right: [] });
  });

  it('are shown up to the limit', () => {
    const left = { rows: ['a', 'b', 'c'].map((hash) => row(hash)), complete: true };
    expect(rowsInOneOnly(left, { rows: [], complete: true }, 2).left).toEqual([['a'], ['b']]);
  });
});
