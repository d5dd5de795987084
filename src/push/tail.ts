/**
 * Follows the audit log while somebody listens: each poll reads what has been written since, by whatever process, and
 * tells the listeners. A transaction may become visible after others that took later numbers, so rows of the last
 * seconds are read again and told once; one that stays open for longer than that is missed. Nothing rests on this log
 * but courtesy: what must be refused is known from the revocation log.
 */

import type { AuditRecord } from '../entities/audit.js';
import type { AuditLog } from '../store/ports/audit.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';

/** Above the longest statement that a store lets run. */
const SETTLES_MS = 5_000;
const PAGE = 500;
/** How far behind the newest row others may still be on their way. */
const OPEN_AT_ONCE = 100;

export interface EventTailOptions {
  readonly audit: Pick<AuditLog, 'after' | 'end'>;
  readonly clock: Clock;
  readonly report: Log;
  readonly pollEveryMs: number;
  /** The next record waits for what it returns. */
  readonly onRecord: (record: AuditRecord) => void | Promise<void>;
}

export class EventTail {
  readonly #options: EventTailOptions;
  /** Everything up to here has been told; null while nobody listens. */
  #settled: number | null = null;
  /** What has been told above that, and when. */
  readonly #told = new Map<number, number>();
  #reading: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #starting: Promise<void> | null = null;
  /** How often it has been stopped. */
  #times = 0;
  #failing = false;

  constructor(options: EventTailOptions) {
    this.#options = options;
  }

  /** From now on, until `stop`. Resolves once it is known from where; rejects if the log cannot be read. */
  start(): Promise<void> {
    const times = this.#times;
    this.#starting ??= this.#start().catch((fault: unknown) => {
      if (times === this.#times) this.stop();
      throw fault;
    });
    return this.#starting;
  }

  stop(): void {
    // What is being read is of before.
    this.#times += 1;
    this.#starting = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#settled = null;
    this.#told.clear();
  }

  /** Tells what had been written when this was called. Callers at the same time share the next reading. */
  async catchUp(): Promise<void> {
    // One that is under way may have missed what its caller means.
    await this.#reading?.catch(() => {});
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #start(): Promise<void> {
    const times = this.#times;
    await this.#reading?.catch(() => {});
    await this.#begin(times);
    if (times === this.#times) this.#schedule();
  }

  async #read(): Promise<void> {
    const { audit, clock, onRecord } = this.#options;
    const times = this.#times;
    if (this.#settled === null) return;
    let from = this.#settled;
    for (let full = true; full; ) {
      const records = await audit.after(from, PAGE);
      if (times !== this.#times) return;
      for (const record of records) {
        from = record.sequence;
        if (this.#told.has(record.sequence)) continue;
        this.#told.set(record.sequence, clock.monotonic());
        await onRecord(record);
        if (times !== this.#times) return;
      }
      full = records.length === PAGE;
    }
    this.#settle(clock.monotonic() - SETTLES_MS);
  }

  /** What is there already is not told; what is open now, with a number among those, will be. */
  async #begin(times: number): Promise<void> {
    const { audit, clock } = this.#options;
    const from = Math.max(0, (await audit.end()) - OPEN_AT_ONCE);
    const there = await audit.after(from, PAGE);
    if (times !== this.#times) return;
    for (const { sequence } of there) this.#told.set(sequence, clock.monotonic());
    this.#settled = from;
  }

  #settle(before: number): void {
    if (this.#settled === null) return;
    for (const [sequence, at] of this.#told) {
      if (at > before) continue;
      this.#settled = Math.max(this.#settled, sequence);
      this.#told.delete(sequence);
    }
  }

  #schedule(): void {
    this.#timer = setTimeout(() => void this.#poll(), this.#options.pollEveryMs);
    this.#timer.unref();
  }

  async #poll(): Promise<void> {
    const times = this.#times;
    try {
      await this.catchUp();
      if (this.#failing) this.#options.report.info({}, 'events for clients can be read again');
      this.#failing = false;
    } catch (fault) {
      if (!this.#failing) this.#options.report.error({ err: fault }, 'events for clients cannot be read');
      this.#failing = true;
    }
    if (times === this.#times) this.#schedule();
  }
}
