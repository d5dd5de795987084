/**
 * Whoever offers a feed, node or relay: tells each consumer what must no longer be accepted, and once a second up to
 * when it has told everything (`src/revocation/feed-events.ts`). Sending is work, one consumer after the other.
 */

import type { Entry } from './database.js';
import type { Events } from './events.js';
import type { Link } from './link.js';
import type { Scenario } from './scenario.js';
import { Worker } from './worker.js';

/** What goes over a connection. `freshMs`: milliseconds since the connection was taken, by the sender's clock. */
export type Message =
  | { readonly kind: 'revocation'; readonly entry: Entry; readonly place: number }
  | { readonly kind: 'fresh'; readonly freshMs: number };

/** One connection, as its sender sees it. */
export interface Consumer {
  readonly link: Link;
  /** True time, for the simulation's eyes only: the two ends compute with differences by their own clocks. */
  readonly takenAt: number;
  receive(message: Message): void;
  /** The sender ended it. */
  dropped(): void;
}

interface Outgoing {
  readonly consumer: Consumer;
  heldBytes: number;
  lastArrival: number;
}

export class Source {
  readonly worker = new Worker(1);
  readonly #events: Events;
  readonly #scenario: Scenario;
  /** How fast its clock runs: 1 is right. */
  readonly #rate: number;
  readonly #outgoing = new Map<Consumer, Outgoing>();
  readonly #entries: Entry[] = [];
  readonly #known = new Set<number>();
  #freshAsOf = Number.NEGATIVE_INFINITY;
  #drops = 0;

  constructor(events: Events, scenario: Scenario, rate: number) {
    this.#events = events;
    this.#scenario = scenario;
    this.#rate = rate;
  }

  get consumers(): number {
    return this.#outgoing.size;
  }

  get drops(): number {
    return this.#drops;
  }

  /** Everything whose revocation was answered before that instant is known here. Never goes back. */
  knowsUpTo(instant: number): void {
    this.#freshAsOf = Math.max(this.#freshAsOf, instant);
  }

  apply(entry: Entry): void {
    if (this.#known.has(entry.number)) return;
    this.#known.add(entry.number);
    this.#entries.push(entry);
    const message: Message = { kind: 'revocation', entry, place: this.#entries.length };
    for (const outgoing of this.#outgoing.values()) this.#revocation(outgoing, message);
  }

  heartbeat(): void {
    for (const outgoing of this.#outgoing.values()) this.#fresh(outgoing);
  }

  /** `count` revocations that nobody follows, on average: work for each consumer. They go out as one piece. */
  background(count: number): void {
    const { sendMs, eventMs } = this.#scenario.costs;
    const each = Math.min(1, count) * sendMs + count * eventMs;
    if (each > 0) this.worker.take(this.#events.now, each * this.#outgoing.size);
  }

  /** A new consumer, which has had the first `place` entries of this source, and of the unfollowed lacks `missed`. */
  take(consumer: Consumer, place: number, missed: number): void {
    const outgoing = { consumer, heldBytes: 0, lastArrival: Number.NEGATIVE_INFINITY };
    this.#outgoing.set(consumer, outgoing);
    this.worker.take(this.#events.now, missed * this.#scenario.costs.eventMs);
    for (let at = place; at < this.#entries.length; at++) {
      const entry = this.#entries[at];
      if (entry !== undefined) this.#revocation(outgoing, { kind: 'revocation', entry, place: at + 1 });
    }
    this.#fresh(outgoing);
  }

  leave(consumer: Consumer): void {
    this.#outgoing.delete(consumer);
  }

  #revocation(outgoing: Outgoing, message: Message): void {
    const { sendMs, eventMs, eventBytes } = this.#scenario.costs;
    this.#send(outgoing, message, sendMs + eventMs, eventBytes);
  }

  #fresh(outgoing: Outgoing): void {
    if (this.#freshAsOf === Number.NEGATIVE_INFINITY) return;
    const { heartbeatMs, heartbeatBytes } = this.#scenario.costs;
    const freshMs = (this.#freshAsOf - outgoing.consumer.takenAt) * this.#rate;
    this.#send(outgoing, { kind: 'fresh', freshMs }, heartbeatMs, heartbeatBytes);
  }

  #send(outgoing: Outgoing, message: Message, costMs: number, bytes: number): void {
    const { consumer } = outgoing;
    const departs = this.worker.take(this.#events.now, costMs);
    const held = consumer.link.opensAt(departs) > departs;
    if (held) {
      outgoing.heldBytes += bytes;
      if (outgoing.heldBytes > this.#scenario.bufferBytes) {
        this.#drop(outgoing);
        return;
      }
    }
    outgoing.lastArrival = Math.max(outgoing.lastArrival, consumer.link.arrival(departs));
    this.#events.at(outgoing.lastArrival, () => {
      if (held) outgoing.heldBytes -= bytes;
      consumer.receive(message);
    });
  }

  /** What was held for it is lost; it learns so once something gets through. */
  #drop({ consumer }: Outgoing): void {
    this.#drops += 1;
    this.leave(consumer);
    this.#events.at(consumer.link.arrival(this.#events.now), () => consumer.dropped());
  }
}
