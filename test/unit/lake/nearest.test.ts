import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../../src/lake/nearest.ts';

describe('the nearest names', () => {
  const names = ['entity_view_penguins', 'entity_view_penguins_2', 'entity_view_weather', 'entity_view_x'];

  it('are those with the fewest differences, best first', () => {
    expect(nearestNames('entity_view_pengiuns', names).slice(0, 2)).toEqual([
      'entity_view_penguins',
      'entity_view_penguins_2',
    ]);
  });

  it('take two letters that changed places for one slip, and may be asked for few slips', () => {
    expect(nearestNames('yaer', ['year', 'day'], 1)).toEqual(['year']);
    expect(nearestNames('avg', ['abs'], 1)).toEqual([]);
  });

  it('are none when nothing is like the text', () => {
    expect(nearestNames('salaries', names)).toEqual([]);
  });
});
