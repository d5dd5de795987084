/**
 * The database as the log's readers see it: rows in the order in which they became visible, and readings that give
 * whatever was visible when they were served. That the store can promise this, although numbers are given out in another
 * order than transactions commit, is the store's to show (its contract suite does); here it is taken as kept.
 */

import type { Events } from './events.js';
import { type Link, openAfter, type Span } from './link.js';
import { Worker } from './worker.js';

export interface Entry {
  readonly number: number;
}

export interface DatabaseOptions {
  readonly events: Events;
  readonly pauses: readonly Span[];
  readonly cores: number;
  readonly readMs: number;
  readonly commitMs: number;
  readonly timeoutMs: number;
}

/** Null: the reading failed, and nothing was learnt. */
export type Reading = { readonly entries: readonly Entry[]; readonly position: number } | null;

export class Database {
  readonly worker: Worker;
  readonly #options: DatabaseOptions;
  readonly #log: Entry[] = [];
  #readings = 0;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.worker = new Worker(options.cores);
  }

  get readings(): number {
    return this.#readings;
  }

  /** A reading over a link from `position` on. `done` is called once. */
  read(link: Link, position: number, done: (reading: Reading) => void): void {
    const { events, readMs, timeoutMs } = this.#options;
    const deadline = events.now + timeoutMs;
    const arrival = this.#served(link.arrival(events.now));
    if (arrival > deadline) {
      events.at(deadline, () => done(null));
      return;
    }
    events.at(arrival, () => {
      this.#readings += 1;
      const entries = this.#log.slice(position);
      const reading = { entries, position: this.#log.length };
      const back = link.arrival(this.worker.take(events.now, readMs));
      if (back > deadline) events.at(deadline, () => done(null));
      else events.at(back, () => done(reading));
    });
  }

  /** A commit over a link: from then on others can read it. `answered` when its writer hears that it is done. */
  write(link: Link, entry: Entry, answered: () => void): void {
    const { events, commitMs } = this.#options;
    events.at(this.#served(link.arrival(events.now)) + commitMs, () => {
      this.#log.push(entry);
      events.at(link.arrival(events.now), answered);
    });
  }

  /** A notification over a link: `passed` when the database passes it on. */
  notify(link: Link, passed: () => void): void {
    const { events, readMs } = this.#options;
    const arrival = this.#served(link.arrival(events.now));
    events.at(arrival, () => events.at(this.worker.take(events.now, readMs), passed));
  }

  #served(at: number): number {
    return openAfter(this.#options.pauses, at);
  }
}
