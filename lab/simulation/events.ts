/**
 * The simulation's time: what is to happen, in the order of when, and among equals in the order in which it was said.
 * Nothing here waits: time is where the last event was. Milliseconds.
 */

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class Events {
  readonly #heap: Event[] = [];
  #order = 0;
  #now: number;
  #ran = 0;

  constructor(start = 0) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  /** How many events have happened. */
  get ran(): number {
    return this.#ran;
  }

  /** Throws for an instant that is past, or no instant: an effect before its cause would falsify everything behind it. */
  at(instant: number, run: () => void): void {
    if (!(instant >= this.#now)) throw new Error(`an event at ${instant} ms, said at ${this.#now} ms`);
    this.#push({ at: instant, order: this.#order++, run });
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.#now + delayMs, run);
  }

  /** Everything until `end`, included; afterwards it is `end`. */
  runUntil(end: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      this.#now = next.at;
      this.#ran += 1;
      next.run();
    }
    this.#now = Math.max(this.#now, end);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, event)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      if (left === undefined) break;
      const goRight = right !== undefined && before(right, left);
      const child = goRight ? right : left;
      if (before(last, child)) break;
      heap[place] = child;
      place = 2 * place + (goRight ? 2 : 1);
    }
    heap[place] = last;
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
