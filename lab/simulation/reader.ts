/**
 * Whoever follows a feed, relay or verifier: hears what must no longer be accepted, and knows how fresh its knowledge
 * is. The rule is that of `src/revocation/feed-events.ts`: `freshMs` is added to when the request was sent, by the
 * reader's own clock, so that a reader is never too optimistic however long the way is. Times here are true ones; what
 * the two ends measure by clocks that run wrong is scaled by how wrong they run.
 */

import type { Entry } from './database.js';
import type { Events } from './events.js';
import type { Link } from './link.js';
import type { Random } from './random.js';
import type { Scenario } from './scenario.js';
import type { Consumer, Message, Source } from './source.js';

export interface ReaderOptions {
  readonly events: Events;
  readonly scenario: Scenario;
  readonly link: Link;
  readonly random: Random;
  /** How fast its clock runs: 1 is right. */
  readonly rate: number;
  /** Whom to follow; asked at each connection with how many there were before. */
  source(connections: number): Source;
  onEntry(entry: Entry): void;
  onFresh(freshAsOf: number): void;
}

/** As `src/verify/feed.ts` has them. */
const FIRST_BACKOFF_MS = 100;
export const LONGEST_BACKOFF_MS = 10_000;

export class Reader {
  readonly #options: ReaderOptions;
  #source: Source | null = null;
  #place = 0;
  #connection: Consumer | null = null;
  #connections = 0;
  #failures = 0;
  #heardAt = Number.NEGATIVE_INFINITY;
  #watching = false;
  #freshAsOf = Number.NEGATIVE_INFINITY;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  get connections(): number {
    return this.#connections;
  }

  /** The first connection counts as `ageMs` old. */
  connect(ageMs = 0): void {
    const { events, link, scenario } = this.#options;
    const sentAt = events.now;
    if (link.opensAt(sentAt) > sentAt) {
      this.#again();
      return;
    }
    const source = this.#options.source(this.#connections);
    if (source !== this.#source) this.#place = 0;
    const missed = this.#missed(source, scenario);
    this.#source = source;
    this.#connections += 1;
    events.at(link.arrival(sentAt), () => {
      const connection: Consumer = {
        link,
        takenAt: events.now - ageMs,
        receive: (message) => {
          if (this.#connection === connection) this.#hear(message, sentAt - ageMs);
        },
        dropped: () => {
          if (this.#connection === connection) this.#lose();
        },
      };
      this.#connection = connection;
      this.#heardAt = events.now;
      source.take(connection, this.#place, missed);
      this.#watch();
    });
  }

  /** Of the revocations that nobody follows: all that live, for a source that knows nothing of this reader. */
  #missed(source: Source, { backgroundPerSecond, costs }: Scenario): number {
    // The first connection was made when there was time.
    if (this.#connections === 0) return 0;
    const goneMs = source === this.#source ? this.#options.events.now - this.#heardAt : costs.entryLivesMs;
    return (backgroundPerSecond * Math.min(goneMs, costs.entryLivesMs)) / 1_000;
  }

  #hear(message: Message, sentAt: number): void {
    this.#heardAt = this.#options.events.now;
    if (message.kind === 'revocation') {
      this.#place = message.place;
      this.#options.onEntry(message.entry);
    } else {
      const { scenario, rate, onFresh } = this.#options;
      const sinceSent = message.freshMs - (Math.max(0, message.freshMs) * scenario.marginPpm) / 1e6;
      this.#freshAsOf = Math.max(this.#freshAsOf, sentAt + sinceSent / rate);
      onFresh(this.#freshAsOf);
      if (this.#heardAt - this.#freshAsOf <= scenario.maxStalenessMs) this.#failures = 0;
      this.#leaveIfStale(sentAt);
    }
  }

  /** Whoever it follows knows nothing new itself: another connection may do better. */
  #leaveIfStale(sentAt: number): void {
    const { events, scenario } = this.#options;
    const isStale = events.now - this.#freshAsOf > scenario.maxStalenessMs;
    if (scenario.leavesStale && isStale && events.now - sentAt >= scenario.maxStalenessMs) this.#lose();
  }

  /** One timer a reader, set anew when it finds that something was heard meanwhile. */
  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    const { events, scenario } = this.#options;
    const look = () => {
      if (this.#connection === null) {
        this.#watching = false;
        return;
      }
      const due = this.#heardAt + scenario.silenceMs;
      if (due > events.now) events.at(due, look);
      else {
        this.#watching = false;
        this.#lose();
      }
    };
    events.after(scenario.silenceMs, look);
  }

  #lose(): void {
    if (this.#connection !== null) this.#source?.leave(this.#connection);
    this.#connection = null;
    this.#again();
  }

  #again(): void {
    const longest = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#options.events.after(this.#options.random.between(longest / 2, longest), () => this.connect());
  }
}
