/**
 * The tail of the revocation log: brings every entry, whoever wrote it, into this node's filter. Entries of this
 * process arrive with the write, those of others mostly by a hint to look; polling is the truth that needs no hint.
 * Knows how fresh its knowledge is; what to do when it is not is the session model's business.
 */

import type { RevocationEntry } from '../entities/revocation.js';
import type { LogPosition, RevocationLog } from '../store/ports/revocations.js';
import { type Clock, patientNow } from '../system/clock.js';
import type { Log } from '../system/log.js';
import type { RevocationFilter } from './filter.js';

const PRUNE_EVERY_MS = 10_000;
/** More than that, and the wall clock did not drift against the monotonic one: it was set. */
const SET_BACK_MS = 2_000;
/** Hints of so long a time lead to one reading: many nodes that revoke much would otherwise read without a pause. */
const HINTS_TOGETHER_MS = 5;

export interface TailOptions {
  readonly log: RevocationLog;
  readonly filter: RevocationFilter;
  readonly clock: Clock;
  readonly report: Log;
  readonly pollEveryMs: number;
  /**
   * How far this machine's clock may be from the database's before nothing that rests on it is believed; null compares
   * nothing, for a clock that is not that of this machine.
   */
  readonly maxSkewMs: number | null;
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
  #skewed = false;
  readonly #patientNow: () => number;

  constructor(options: TailOptions) {
    this.#options = options;
    this.#patientNow = patientNow(options.clock);
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
    // Entries that a clock ahead of its time took for dead lie behind the position.
    if (this.#wasSetBack(startedAt)) this.#position = null;
    const { entries, position, now } = await log.read(this.#position, this.#patientNow());
    await this.#take(entries);
    // Moved only now: if a new ring could not be loaded, the same entries are read and tried again.
    this.#position = position;
    if (this.#isSkewed(now)) {
      // What such a clock took for dead may be alive: nothing that was read counts.
      this.#position = null;
      this.#readAt = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };
      return;
    }
    this.#readAt = startedAt;
    this.#prune(startedAt.monotonic);
  }

  #wasSetBack(instant: { readonly monotonic: number; readonly wall: number }): boolean {
    const passed = instant.monotonic - this.#readAt.monotonic;
    return instant.wall - this.#readAt.wall < passed - SET_BACK_MS;
  }

  #isSkewed(databaseNow: number | null): boolean {
    const { maxSkewMs, clock, report } = this.#options;
    if (maxSkewMs === null || databaseNow === null) return false;
    const aheadMs = Math.round(clock.now() - databaseNow);
    const skewed = Math.abs(aheadMs) > maxSkewMs;
    if (skewed && !this.#skewed)
      report.error(
        { event: 'clock.skewed', aheadMs },
        'the clock of this machine and that of the database differ too much',
      );
    if (!skewed && this.#skewed)
      report.info({ event: 'clock.right', aheadMs }, 'the clock of this machine is right again');
    this.#skewed = skewed;
    return skewed;
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
    this.#options.filter.prune(this.#patientNow());
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
