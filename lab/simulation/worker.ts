/** A processor, or several: takes work in the order in which it comes, and knows how much it has done. */

export class Worker {
  readonly #freeAt: number[];
  #busyMs = 0;

  constructor(cores: number) {
    this.#freeAt = Array.from({ length: cores }, () => Number.NEGATIVE_INFINITY);
  }

  /** When work that comes at `now` is done. */
  take(now: number, costMs: number): number {
    let free = 0;
    for (let core = 1; core < this.#freeAt.length; core++)
      if ((this.#freeAt[core] ?? 0) < (this.#freeAt[free] ?? 0)) free = core;
    const done = Math.max(now, this.#freeAt[free] ?? now) + costMs;
    this.#freeAt[free] = done;
    this.#busyMs += costMs;
    return done;
  }

  /** Work taken so far, in milliseconds of one core. */
  get busyMs(): number {
    return this.#busyMs;
  }
}
