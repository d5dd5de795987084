/**
 * The revocation feed of one process: numbers what the tail brings in, keeps the last of it for readers that come back,
 * and gives a newcomer everything that is alive. Owns the order and completeness of what a reader hears; connections,
 * credentials and limits are the HTTP room's, the spelling of an event is `feed-events.ts`.
 *
 * Each event is spelled once, for all readers. What comes in one turn of the event loop goes out as one piece, at the
 * end of that turn. A reader is added in one turn together with what it lacks, so nothing falls between the two.
 */

import type { RevocationEntry } from '../entities/revocation.js';
import type { Clock } from '../system/clock.js';
import type { Randomness } from '../system/randomness.js';
import { writeFeedEvent } from './feed-events.js';
import type { RevocationFilter } from './filter.js';

/** At least so many events are kept for readers that come back; up to twice as many. */
export const KEPT = 10_000;
/** How long one spelling of everything is given to newcomers, with what came since behind it. */
const SNAPSHOT_LASTS_MS = 30_000;

export interface FeedSource {
  readonly filter: Pick<RevocationFilter, 'entries'>;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Age of what the tail knows; infinite before it has read anything. */
  readonly stalenessMs: () => number;
}

export interface Following {
  /** Whether `catchUp` goes on behind the reader's last event; else it is everything anew. */
  readonly resumed: boolean;
  /** What the reader has to be sent before anything that its listener is given. */
  readonly catchUp: readonly Uint8Array[];
  /** `too-slow`: the reader did not take what it was sent, and was let go. */
  stop(because: 'gone' | 'too-slow'): void;
}

export interface FeedFigures {
  readonly readers: number;
  /** Events given to readers since the start, each reader counted. */
  readonly sent: number;
  /** Readers that were let go because they did not take what they were sent. */
  readonly dropped: number;
}

type Listener = (bytes: Uint8Array) => void;

interface Snapshot {
  readonly bytes: Uint8Array;
  readonly events: number;
  /** The number of the last event that is in it. */
  readonly at: number;
  readonly takenAt: number;
}

export class RevocationFeed {
  readonly #source: FeedSource;
  /** Names this process: numbers of another one mean nothing here. */
  readonly #instance: string;
  readonly #listeners = new Set<Listener>();
  /** The last events; the last of them has the number `#position`. */
  readonly #kept: Uint8Array[] = [];
  #position = 0;
  /** Up to where the listeners have been told. */
  #told = 0;
  #keysChanged: RevocationEntry | null = null;
  #snapshot: Snapshot | null = null;
  #sent = 0;
  #dropped = 0;

  constructor(source: FeedSource) {
    this.#source = source;
    this.#instance = Buffer.from(source.randomness.bytes(9)).toString('base64url');
  }

  /** Takes an entry that the filter has just learned. A change of keys may be told repeatedly, and is passed on once. */
  take(entry: RevocationEntry): void {
    if (entry.revocation.kind === 'keys-changed') {
      if (entry.revocation.revision <= revisionOf(this.#keysChanged)) return;
      this.#keysChanged = entry;
    }
    this.#position += 1;
    this.#kept.push(spelled(entry, `${this.#instance}.${this.#position}`));
    if (this.#position === this.#told + 1) queueMicrotask(() => this.#tell());
    if (this.#kept.length < 2 * KEPT) return;
    // Before any is dropped: more may have come in one turn than is kept.
    this.#tell();
    this.#kept.splice(0, KEPT);
  }

  /** Adds a reader that has heard everything up to `lastEventId`; null for one that has heard nothing. */
  follow(lastEventId: string | null, listener: Listener): Following {
    // Before it is added: what it is told must begin where its catching-up ends.
    this.#tell();
    const heard = this.#numberOf(lastEventId);
    const catchUp = heard === null ? this.#everything() : this.#since(heard);
    this.#listeners.add(listener);
    return {
      resumed: heard !== null,
      catchUp,
      stop: (because) => {
        if (this.#listeners.delete(listener) && because === 'too-slow') this.#dropped += 1;
      },
    };
  }

  /**
   * Milliseconds from `acceptedAt`, by the monotonic clock, to the instant before which everything that was revoked has
   * been given to the listeners; null where nothing is known yet. Stands still while the tail cannot read.
   */
  freshMs(acceptedAt: number): number | null {
    this.#tell();
    const { clock, stalenessMs } = this.#source;
    const fresh = Math.floor(clock.monotonic() - acceptedAt - stalenessMs());
    return Number.isFinite(fresh) ? fresh : null;
  }

  figures(): FeedFigures {
    return { readers: this.#listeners.size, sent: this.#sent, dropped: this.#dropped };
  }

  #tell(): void {
    const count = this.#position - this.#told;
    if (count === 0) return;
    this.#told = this.#position;
    if (this.#listeners.size === 0) return;
    this.#sent += count * this.#listeners.size;
    const bytes = joined(this.#kept.slice(-count));
    for (const listener of this.#listeners) listener(bytes);
  }

  /** The number behind an event id of this process from which the kept events go on, or null. */
  #numberOf(eventId: string | null): number | null {
    const [, instance, digits] = /^([\w-]+)\.(\d{1,15})$/.exec(eventId ?? '') ?? [];
    if (instance !== this.#instance) return null;
    const number = Number(digits);
    return number <= this.#position && number >= this.#position - this.#kept.length ? number : null;
  }

  #since(number: number): Uint8Array[] {
    const count = this.#position - number;
    this.#sent += count;
    return count === 0 ? [] : [joined(this.#kept.slice(-count))];
  }

  #everything(): Uint8Array[] {
    const snapshot = this.#presentSnapshot();
    this.#sent += snapshot.events;
    return [snapshot.bytes, ...this.#since(snapshot.at)];
  }

  #presentSnapshot(): Snapshot {
    const now = this.#source.clock.monotonic();
    const known = this.#snapshot;
    const since = this.#position - (known?.at ?? 0);
    if (known !== null && now - known.takenAt < SNAPSHOT_LASTS_MS && since <= this.#kept.length) return known;
    this.#snapshot = this.#takeSnapshot(now);
    return this.#snapshot;
  }

  #takeSnapshot(takenAt: number): Snapshot {
    const { filter, clock } = this.#source;
    const now = clock.now();
    const entries = [...filter.entries(now)];
    const keys = this.#keysChanged;
    if (keys !== null && keys.until > now) entries.push(keys);
    // Only the last has an id: a reader that loses the connection in between begins again.
    const lastId = `${this.#instance}.${this.#position}`;
    const texts = entries.map((entry, index) =>
      writeFeedEvent({ kind: 'revocation', id: index === entries.length - 1 ? lastId : null, entry }),
    );
    return { bytes: Buffer.from(texts.join('')), events: entries.length, at: this.#position, takenAt };
  }
}

function spelled(entry: RevocationEntry, id: string): Uint8Array {
  return Buffer.from(writeFeedEvent({ kind: 'revocation', id, entry }));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
}

function revisionOf(entry: RevocationEntry | null): number {
  return entry?.revocation.kind === 'keys-changed' ? entry.revocation.revision : 0;
}
