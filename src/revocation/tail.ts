/**
 * The tail of the revocation log: brings every entry, whoever wrote it, into this node's filter. Entries of this
 * process arrive with the write, those of others mostly by a hint to look; polling is the truth that needs no hint.
 * Knows how fresh its knowledge is; what to do when it is not is the session model's business.
 */

import type { RevocationEntry } from '../entities/revocation.js';
import type { LogPosition, RevocationLog } from '../store/ports/revocations.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import type { RevocationFilter } from './filter.js';

const PRUNE_EVERY_MS = 10_000;
/** Hints of so long a time lead to one reading: many nodes that revoke much would otherwise read without a pause. */
const HINTS_TOGETHER_MS = 5;

export interface TailOptions {
  readonly log: RevocationLog;
  readonly filter: RevocationFilter;
  readonly clock: Clock;
  readonly report: Log;
  readonly pollEveryMs: number;
  /** Called when the key ring has changed, and awaited before the knowledge counts as fresh. */
  readonly onKeysChanged: (revision: number) => Promise<void>;
  /** Told of every entry that was news to the filter; of `keys-changed` when the keys are in use, perhaps more than once. */
  readonly onEntry?: (entry: RevocationEntry) => void;
}

export class RevocationTail {
  readonly #options: TailOptions;
  #position: LogPosition | null = null;
  #readAt = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };
  #prunedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<void> | null = null;
  #unsubscribe: (() => void) | null = null;
  #failing = false;
  #hint: NodeJS.Timeout | null = null;

  constructor(options: TailOptions) {
    this.#options = options;
  }

  /** Reads the whole live log; when this resolves the filter is complete. Rejects if the log cannot be read. */
  async start(): Promise<void> {
    this.#unsubscribe = this.#options.log.subscribe((news) => {
      if (news.kind === 'look') this.#look();
      else for (const entry of news.entries) this.#apply(entry);
    });
    await this.catchUp();
    this.#schedule();
  }

  /** Reads what is new. Callers at the same time share one reading. */
  catchUp(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /**
   * How old our knowledge of the log is: milliseconds since the start of the last complete reading. By the clock that
   * says more: the monotonic one may stand still while the machine sleeps, the other may be set back.
   */
  stalenessMs(): number {
    const { clock } = this.#options;
    return Math.max(clock.monotonic() - this.#readAt.monotonic, clock.now() - this.#readAt.wall);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#hint !== null) clearTimeout(this.#hint);
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    await this.#reading?.catch(() => {});
  }

  async #read(): Promise<void> {
    const { log, clock } = this.#options;
    const startedAt = { monotonic: clock.monotonic(), wall: clock.now() };
    const { entries, position } = await log.read(this.#position, clock.now());
    await this.#take(entries);
    // Moved only now: if a new ring could not be loaded, the same entries are read and tried again.
    this.#position = position;
    this.#readAt = startedAt;
    this.#prune(startedAt.monotonic);
  }

  async #take(entries: readonly RevocationEntry[]): Promise<void> {
    let revision = 0;
    for (const entry of entries) {
      if (entry.revocation.kind === 'keys-changed') revision = Math.max(revision, entry.revocation.revision);
      else this.#apply(entry);
    }
    if (revision === 0) return;
    await this.#options.onKeysChanged(revision);
    for (const entry of entries) if (entry.revocation.kind === 'keys-changed') this.#options.onEntry?.(entry);
  }

  #apply(entry: RevocationEntry): void {
    if (this.#options.filter.apply(entry)) this.#options.onEntry?.(entry);
  }

  /** Reads once for all hints of a short time, and anew where one came while a reading was under way: it may have missed it. */
  #look(): void {
    this.#hint ??= setTimeout(() => {
      const underWay = this.#reading ?? Promise.resolve();
      underWay
        .catch(() => {})
        .then(() => {
          this.#hint = null;
          return this.#unsubscribe === null ? undefined : this.catchUp();
        })
        // The next poll tries again, and says what is wrong.
        .catch(() => {});
    }, HINTS_TOGETHER_MS).unref();
  }

  #prune(now: number): void {
    if (now - this.#prunedAt < PRUNE_EVERY_MS) return;
    this.#prunedAt = now;
    this.#options.filter.prune(this.#options.clock.now());
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#poll(), this.#options.pollEveryMs);
    this.#timer.unref();
  }

  async #poll(): Promise<void> {
    try {
      await this.catchUp();
      if (this.#failing) this.#options.report.info({}, 'the revocation log can be read again');
      this.#failing = false;
    } catch (fault) {
      if (!this.#failing) this.#options.report.error({ err: fault }, 'the revocation log cannot be read');
      this.#failing = true;
    }
    if (this.#timer !== null) this.#schedule();
  }
}
