/** Items by a key each. How many there are, of one key or of all, is known without a walk: strangers cause the questions. */

/** An item is of one key, from when it is added until it is removed by the same key. */
export class Groups<Key, Item> {
  readonly #all = new Set<Item>();
  readonly #groups = new Map<Key, Set<Item>>();

  /** Of all keys. */
  get size(): number {
    return this.#all.size;
  }

  has(item: Item): boolean {
    return this.#all.has(item);
  }

  of(key: Key): readonly Item[] {
    return [...(this.#groups.get(key) ?? [])];
  }

  countOf(key: Key): number {
    return this.#groups.get(key)?.size ?? 0;
  }

  add(key: Key, item: Item): void {
    this.#all.add(item);
    const group = this.#groups.get(key) ?? new Set();
    this.#groups.set(key, group.add(item));
  }

  remove(key: Key, item: Item): void {
    const group = this.#groups.get(key);
    group?.delete(item);
    if (group?.size === 0) this.#groups.delete(key);
    this.#all.delete(item);
  }

  /** In the order in which they came. */
  [Symbol.iterator](): IterableIterator<Item> {
    return this.#all.values();
  }
}
