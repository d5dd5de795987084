/**
 * Telling signed-in clients: who listens on this node, and what concerns whom. Owns that nobody listens for longer than
 * their session lives: a connection is watched here, and told when its session is over or its token must be renewed.
 * How bytes travel is the HTTP room's.
 *
 * An end is known from the revocation log, which nothing outruns; why it came is read from the audit log at that moment,
 * so that a client hears the reason before its connection is closed.
 */

import type { SessionId, UserId } from '../entities/identifier.js';
import type { Revocation, RevocationEntry } from '../entities/revocation.js';
import { type AddressedNews, newsOf, type SessionNews } from '../entities/session-news.js';
import type { Authentication, PresentedCredentials, Refusal } from '../session/contract.js';
import type { AuditLog } from '../store/ports/audit.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import { Groups } from './groups.js';
import { type Queue, queue } from './queue.js';
import { EventTail } from './tail.js';

/** News that waits for a listener that does not take it. */
const QUEUE_LIMIT = 100;
/** From here on a listener is given turns of the event loop to take what waits, before it is told more. */
const BEHIND = QUEUE_LIMIT / 2;
/** So many, for what one record tells: who does not take it then is not waited for. */
const TURNS = 10;
const POLL_EVERY_MS = 250;
const BEAT_EVERY_MS = 1_000;
/** In place of a deadline, while it is found out what has become of who missed it. */
const GIVEN_UP = Number.POSITIVE_INFINITY;
/** How long the reason for an end is waited for. */
const REASON_WAIT_MS = 500;

export interface Listener {
  readonly userId: UserId;
  readonly sessionId: SessionId;
}

interface Follower {
  readonly by: Listener;
  readonly news: Queue<SessionNews>;
  readonly onDropped: () => void;
}

/** A connection that lives by a credential. */
export interface Watched extends Listener {
  /** What it showed last. */
  readonly presented: PresentedCredentials;
  readonly expiresAt: number;
  /** What it showed last is good for longer than it was, as in models whose sessions slide. */
  extend(expiresAt: number): void;
  /** Asked for a new credential, `byMs` milliseconds from now at the latest. */
  renew(byMs: number): void;
  /** `expired`: no new credential came in time. `ended`: there is nothing more to come for this session. */
  over(because: 'ended' | 'expired'): void;
}

export interface PushParts {
  readonly audit: Pick<AuditLog, 'after' | 'end'>;
  readonly clock: Clock;
  readonly report: Log;
  authenticate(presented: PresentedCredentials): Promise<Authentication>;
  /** Whether a session that has no good credential at the moment may come by one. */
  isAlive(listener: Listener): Promise<boolean>;
  /** How long before its credential expires a connection is asked for another. */
  readonly renewAheadMs: number;
}

export class Push {
  readonly #parts: PushParts;
  readonly #tail: EventTail;
  readonly #followers = new Groups<UserId, Follower>();
  readonly #watched = new Groups<UserId, Watched>();
  /** The same, for what concerns one session of all. */
  readonly #bySession = new Groups<SessionId, Watched>();
  /** Who has been asked to renew, and by when, by the monotonic clock. */
  readonly #asked = new Map<Watched, number>();
  #heart: NodeJS.Timeout | null = null;
  #sent = 0;
  #dropped = 0;

  constructor(parts: PushParts) {
    this.#parts = parts;
    const { audit, clock, report } = parts;
    this.#tail = new EventTail({
      audit,
      clock,
      report,
      pollEveryMs: POLL_EVERY_MS,
      onRecord: (record) => {
        const addressed = newsOf(record);
        return addressed === null ? undefined : this.#allow(this.#tell(addressed));
      },
    });
  }

  /**
   * Everything that concerns a session, from now on. Rejects where the log cannot be read. `onDropped`: the listener
   * took too little, and is told nothing more.
   */
  async follow(by: Listener, onDropped = () => {}): Promise<Queue<SessionNews>> {
    const news = queue<SessionNews>(QUEUE_LIMIT, () => this.#forget(follower));
    const follower = { by, news, onDropped };
    this.#followers.add(by.userId, follower);
    try {
      await this.#tail.start();
    } catch (fault) {
      news.end();
      throw fault;
    }
    return news;
  }

  /** Returns how to stop. Then whatever it follows ends: what waits is still given, and nothing new comes. */
  watch(watched: Watched): () => void {
    this.#watched.add(watched.userId, watched);
    this.#bySession.add(watched.sessionId, watched);
    // What ended it may have come between its admission and now, and comes once.
    void this.#examine(watched);
    this.#heart ??= setInterval(() => this.#beat(), BEAT_EVERY_MS).unref();
    return () => {
      this.#asked.delete(watched);
      this.#watched.remove(watched.userId, watched);
      this.#bySession.remove(watched.sessionId, watched);
      for (const { by, news } of this.#followers.of(watched.userId)) if (by === watched) news.end();
      if (this.#watched.size > 0 || this.#heart === null) return;
      clearInterval(this.#heart);
      this.#heart = null;
    };
  }

  /** A watched connection has shown a credential that is good. One that soon is not any more gives it no more time. */
  renewed(watched: Watched): void {
    const leftMs = watched.expiresAt - this.#parts.clock.now();
    if (leftMs > this.#parts.renewAheadMs) this.#asked.delete(watched);
  }

  /** Takes an entry that the revocation log has just brought. */
  revoked({ revocation }: RevocationEntry): void {
    for (const each of this.#concernedBy(revocation)) void this.#examine(each);
  }

  figures(): { listeners: number; watched: number; sent: number; dropped: number } {
    const [listeners, watched] = [this.#followers.size, this.#watched.size];
    return { listeners, watched, sent: this.#sent, dropped: this.#dropped };
  }

  stop(): void {
    for (const { news } of [...this.#followers]) news.end();
    this.#tail.stop();
    if (this.#heart !== null) clearInterval(this.#heart);
    this.#heart = null;
  }

  /** Returns who has much waiting. */
  #tell({ to, news }: AddressedNews): Follower[] {
    const behind: Follower[] = [];
    const told = to.kind === 'everybody' ? [...this.#followers] : this.#followers.of(to.userId);
    for (const follower of told) {
      const { sessionId } = follower.by;
      if (to.kind === 'session' && sessionId !== to.sessionId) continue;
      // Dropped a moment ago, with another subscription of the same connection.
      if (!this.#followers.has(follower)) continue;
      // Whoever has just signed in knows it.
      if (news.kind === 'signed-in' && news.sessionId === sessionId) continue;
      if (follower.news.push(news)) {
        this.#sent += 1;
        if (follower.news.size >= BEHIND) behind.push(follower);
      } else {
        this.#dropped += 1;
        follower.onDropped();
      }
    }
    return behind;
  }

  /** A page of the log comes in one turn, in which nobody can take anything: a burst is no sign of a slow listener. */
  async #allow(behind: readonly Follower[]): Promise<void> {
    let turns = 0;
    while (turns < TURNS && behind.some(({ news }) => news.size >= BEHIND)) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
  }

  #forget(follower: Follower): void {
    this.#followers.remove(follower.by.userId, follower);
    if (this.#followers.size === 0) this.#tail.stop();
  }

  #concernedBy(revocation: Revocation): readonly Watched[] {
    switch (revocation.kind) {
      case 'session-ended':
        return this.#bySession.of(revocation.sessionId);
      case 'epoch-raised':
        return this.#watched.of(revocation.userId);
      case 'key-revoked':
        return [...this.#watched];
      case 'keys-changed':
        return [];
    }
  }

  async #examine(watched: Watched): Promise<void> {
    const { authenticate, isAlive } = this.#parts;
    const authentication = await authenticate(watched.presented).catch(() => UNDECIDED);
    if (!this.#watched.has(watched) || authentication.kind === 'authenticated') return;
    // Nothing is known against it, and nobody will say so again: until it shows something better it is on trial.
    if (authentication.kind === 'undecided') return this.#ask(watched);
    const isOfKey = authentication.kind === 'refused' && KEY_FAULTS.includes(authentication.because);
    const mayReturn = isOfKey || (await isAlive(watched).catch(() => true));
    if (mayReturn) return this.#ask(watched);
    await this.#reasonHasCome();
    if (this.#watched.has(watched)) watched.over('ended');
  }

  async #reasonHasCome(): Promise<void> {
    if (this.#followers.size === 0) return;
    const patience = new Promise<void>((resolve) => setTimeout(resolve, REASON_WAIT_MS).unref());
    await Promise.race([this.#tail.catchUp().catch(() => {}), patience]);
  }

  #ask(watched: Watched): void {
    if (this.#asked.has(watched) || !this.#watched.has(watched)) return;
    const { clock, renewAheadMs } = this.#parts;
    const byMs = Math.max(0, Math.min(renewAheadMs, watched.expiresAt - clock.now()));
    this.#asked.set(watched, clock.monotonic() + byMs);
    watched.renew(byMs);
  }

  #beat(): void {
    const { clock, renewAheadMs } = this.#parts;
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    for (const watched of [...this.#watched]) {
      const deadline = this.#asked.get(watched);
      if (deadline !== undefined && monotonic >= deadline) void this.#giveUp(watched);
      else if (deadline === undefined && watched.expiresAt - now <= renewAheadMs) void this.#renew(watched);
    }
  }

  /** In models whose sessions slide, asking is enough to make the credential good for longer. */
  async #renew(watched: Watched): Promise<void> {
    if (!(await this.#isGood(watched))) this.#ask(watched);
  }

  /** Whether what it showed last is good, and will be for a while. */
  async #isGood(watched: Watched): Promise<boolean> {
    const { authenticate, clock, renewAheadMs } = this.#parts;
    const authentication = await authenticate(watched.presented).catch(() => UNDECIDED);
    if (authentication.kind !== 'authenticated') return false;
    watched.extend(authentication.expiresAt);
    return authentication.expiresAt - clock.now() > renewAheadMs;
  }

  /** Of one that did not renew: whether its session is over, or only its token. Meanwhile it may yet renew. */
  async #giveUp(watched: Watched): Promise<void> {
    this.#asked.set(watched, GIVEN_UP);
    if (await this.#isGood(watched)) {
      this.#asked.delete(watched);
      return;
    }
    const alive = await this.#parts.isAlive(watched).catch(() => true);
    if (!alive) await this.#reasonHasCome();
    const hasRenewed = this.#asked.get(watched) !== GIVEN_UP;
    if (this.#watched.has(watched) && !(alive && hasRenewed)) watched.over(alive ? 'expired' : 'ended');
  }
}

const UNDECIDED = { kind: 'undecided' } as const;
/** Of the key that signed it, and not of its session. */
const KEY_FAULTS: readonly Refusal[] = ['key-revoked', 'unknown-key'];
