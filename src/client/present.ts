/**
 * What is so now: who is signed in, by which access token, when it is due to be renewed, and how long the server is left
 * alone. These change together, and by the transitions here alone.
 */

import type { Clock } from '../system/clock.js';
import { Access, type News } from './access.js';
import { type ClientState, ObservedState } from './client-state.js';
import { type Later, Pauses } from './pauses.js';
import type { SignOutReason } from './renewal.js';

/** The shortest and the longest time that a timer of a session without refresh tokens is set to. */
const LEAST_TIMER_MS = 1_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Present {
  readonly #state = new ObservedState();
  readonly #access: Access;
  readonly #pauses: Pauses;
  readonly #renewAhead: () => Promise<unknown>;
  #era = 0;
  #left: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(clock: Clock, renewAhead: () => Promise<unknown>) {
    this.#access = new Access(clock);
    this.#pauses = new Pauses(clock);
    this.#renewAhead = renewAhead;
  }

  get state(): ClientState {
    return this.#state.current;
  }

  get sessionId(): string | null {
    return this.#state.sessionId;
  }

  subscribe(listener: (state: ClientState) => void): () => void {
    return this.#state.subscribe(listener);
  }

  /** What is known of the access token, good or not. */
  get held(): News | null {
    return this.#access.held;
  }

  /** How old the access token is, in milliseconds. */
  get ageMs(): number {
    return this.#access.ageMs;
  }

  good(): News | null {
    return this.#access.good();
  }

  /** Of the tokens that are held; 0 where there are none. */
  get version(): number {
    return this.#access.version;
  }

  /** Goes up with each sign-in and sign-out: what was begun before is of before. */
  get era(): number {
    return this.#era;
  }

  /** The session that the user has logged out of last: it is not entered again, whatever is stored. */
  get left(): string | null {
    return this.#left;
  }

  get isDue(): boolean {
    return (this.#access.dueInMs ?? 1) <= 0 && this.fault === null;
  }

  /** Why the server is left alone; null where it is not. */
  get fault(): Later | null {
    return this.#pauses.fault;
  }

  isNewer(news: News): boolean {
    return this.#access.isNewer(news);
  }

  /** Signed in, with this access token. */
  hold(news: News): void {
    this.#access.hold(news);
    this.#pauses.end();
    this.#setTimer();
    this.#state.signIn(news.sessionId);
  }

  /** Signed in, as what is stored says; a token of another session is none of this one's. */
  enter(sessionId: string): void {
    if (this.sessionId === sessionId) return;
    this.#dropToken();
    this.#state.signIn(sessionId);
  }

  /** Signed out. */
  leave(because: SignOutReason | null): void {
    this.#era += 1;
    if (because === 'logout') this.#left = this.sessionId ?? this.#left;
    this.#dropToken();
    this.#state.signOut(because);
  }

  /** Somebody has signed in, and is about to be given a token. */
  beginEra(): void {
    this.#era += 1;
  }

  /** A refresh came to nothing. */
  pause(later: Later): void {
    this.#pauses.begin(later);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#state.forgetListeners();
  }

  #dropToken(): void {
    clearTimeout(this.#timer);
    this.#access.drop();
  }

  /** Where the session goes with its access token, that is renewed while the client is there, asked for or not. */
  #setTimer(): void {
    clearTimeout(this.#timer);
    const { held, dueInMs } = this.#access;
    if (this.#isClosed || dueInMs === null || !held?.isAllThereIs) return;
    const waitMs = Math.min(LONGEST_TIMER_MS, Math.max(LEAST_TIMER_MS, dueInMs));
    this.#timer = setTimeout(async () => {
      if (this.isDue) await this.#renewAhead();
      this.#setTimer();
    }, waitMs);
    // In Node.js it would keep the process alive.
    (this.#timer as { unref?: () => void }).unref?.();
  }
}
