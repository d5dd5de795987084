/**
 * A node of ours: reads the log every `pollMs` and whenever it is hinted, as `src/revocation/tail.ts` does, and offers
 * the feed. What it writes itself it knows before the writer is answered.
 */

import type { Database, Entry, Reading } from './database.js';
import type { Events } from './events.js';
import type { Link } from './link.js';
import type { Scenario } from './scenario.js';
import { Source } from './source.js';

export interface NodeOptions {
  readonly events: Events;
  readonly scenario: Scenario;
  readonly database: Database;
  /** To the database. */
  readonly link: Link;
  readonly rate: number;
  onEntry(entry: Entry): void;
  onFresh(readAt: number): void;
}

export class Node {
  readonly source: Source;
  readonly link: Link;
  readonly #options: NodeOptions;
  #position = 0;
  #reading = false;
  #hinted = false;
  #lastReadAt: number | null = null;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.link = options.link;
    this.source = new Source(options.events, options.scenario, options.rate);
  }

  start(phaseMs: number): void {
    const { events, scenario } = this.#options;
    this.#poll();
    const beat = () => {
      this.source.heartbeat();
      events.after(scenario.heartbeatMs, beat);
    };
    events.after(phaseMs, beat);
  }

  /** A mutation here: `answered` when its caller hears that it is done. Then the hint goes out, as a statement of its own. */
  write(entry: Entry, answered: () => void, hint: () => void): void {
    const { database } = this.#options;
    database.write(this.link, entry, () => {
      this.#learn(entry);
      answered();
      database.notify(this.link, hint);
    });
  }

  /** The database says that there is something. A hint during a reading may be of what the reading did not see. */
  hint(): void {
    if (this.#reading) this.#hinted = true;
    else this.#read(() => {});
  }

  #poll(): void {
    const next = () => this.#options.events.after(this.#options.scenario.pollMs, () => this.#poll());
    // Callers at the same time share one reading.
    if (this.#reading) next();
    else this.#read(next);
  }

  #read(done: () => void): void {
    const { events, database, scenario } = this.#options;
    const startedAt = events.now;
    this.#reading = true;
    database.read(this.link, this.#position, (reading) => {
      const taken = this.source.worker.take(events.now, scenario.costs.readAtNodeMs);
      events.at(taken, () => {
        this.#reading = false;
        if (reading !== null) this.#took(reading, startedAt);
        done();
        if (!this.#hinted) return;
        this.#hinted = false;
        if (!this.#reading) this.#read(() => {});
      });
    });
  }

  #took({ entries, position }: NonNullable<Reading>, startedAt: number): void {
    for (const entry of entries) this.#learn(entry);
    this.#position = position;
    this.#background(startedAt);
    this.source.knowsUpTo(startedAt);
    this.#options.onFresh(startedAt);
  }

  #learn(entry: Entry): void {
    this.#options.onEntry(entry);
    this.source.apply(entry);
  }

  #background(readAt: number): void {
    const { backgroundPerSecond } = this.#options.scenario;
    const elapsedMs = readAt - (this.#lastReadAt ?? readAt);
    this.source.background((backgroundPerSecond * elapsedMs) / 1_000);
    this.#lastReadAt = readAt;
  }
}
