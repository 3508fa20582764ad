const BEFORE = 1;
const AFTER = 2;

/** Which keys each entity1 has, before and after a change. Memory grows with the distinct pairs, not with the rows. */
export class Inventory {
  readonly #entities = new Map<string, { readonly number: number; readonly keys: Map<string, number> }>();

  /** Notes a row; returns the number of its entity1, which counts them in the order in which they came. */
  note(entity1: string, key: string, before: boolean, after: boolean): number {
    let entity = this.#entities.get(entity1);
    if (entity === undefined) {
      entity = { number: this.#entities.size, keys: new Map() };
      this.#entities.set(entity1, entity);
    }
    const known = entity.keys.get(key) ?? 0;
    entity.keys.set(key, known | (before ? BEFORE : 0) | (after ? AFTER : 0));
    return entity.number;
  }

  /** Every entity1, in the order of their numbers. */
  entities(): string[] {
    return [...this.#entities.keys()];
  }

  /** entity1 to its keys; without those that have none. */
  keys(when: 'before' | 'after'): Map<string, string[]> {
    const wanted = when === 'before' ? BEFORE : AFTER;
    const found = new Map<string, string[]>();
    for (const [entity1, { keys }] of this.#entities) {
      const having = [...keys].filter(([, bits]) => (bits & wanted) > 0).map(([key]) => key);
      if (having.length > 0) found.set(entity1, having);
    }
    return found;
  }
}
