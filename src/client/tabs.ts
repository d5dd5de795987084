/**
 * The others on the same storage: what they say, what they are told, and what this client has missed while it was away.
 * What they say is a hint: the storage says what is so.
 */

import type { Clock } from '../system/clock.js';
import { newsOf } from './access.js';
import { noteFarewell } from './farewell.js';
import type { Present } from './present.js';
import type { Tokens } from './renewal.js';
import { onResume } from './resume.js';
import type { ClientStorage, Message, Stored } from './storage.js';

interface TabsParts {
  readonly storage: ClientStorage;
  readonly clock: Clock;
  readonly present: Present;
  /** Neither is waited for. */
  readonly renew: () => void;
  readonly sayFarewell: () => void;
}

export class Tabs {
  readonly #parts: TabsParts;
  readonly #stops: (() => void)[];
  /** What was heard and looked at, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #isStarted = false;
  /** The user has logged out of whichever session is stored, and that is not written down yet. */
  #isAnyLeft = false;

  constructor(parts: TabsParts) {
    this.#parts = parts;
    const unsubscribe = parts.storage.channel?.subscribe((message) => {
      this.#inTurn(() => this.#hear(message)).catch(() => {});
    });
    const unlisten = onResume(() => {
      if (this.#isStarted || parts.present.state.kind !== 'unknown') this.look().catch(() => {});
    });
    this.#stops = [unlisten, ...(unsubscribe ? [unsubscribe] : [])];
  }

  /** Until what has been heard is taken in. */
  get heard(): Promise<unknown> {
    return this.#turn;
  }

  say(message: Message): void {
    this.#parts.storage.channel?.post(message);
  }

  /** What this client was given, the others are given, too. `isReplacement`: in place of one that was refused. */
  take(
    tokens: Tokens,
    { sessionId, version }: Pick<Stored, 'sessionId' | 'version'>,
    isReplacement = false,
  ): void {
    const { present, clock } = this.#parts;
    const news = { ...newsOf(tokens, sessionId, version, clock.now()), isReplacement };
    present.hold(news);
    this.say(news);
  }

  /** Finds out from what is stored who is signed in. Rejects where that cannot be read. */
  look(): Promise<void> {
    this.#isStarted = true;
    return this.#inTurn(() => this.#look());
  }

  /** As `look`, where nobody has looked yet. */
  begin(): Promise<void> {
    this.#isStarted = true;
    return this.#inTurn(async () => {
      if (this.#parts.present.state.kind === 'unknown') await this.#look();
    });
  }

  /** What is stored. A logout that could not be written down when it happened is written down first. */
  async stored(): Promise<Stored | null> {
    const { storage, present } = this.#parts;
    const stored = await storage.read();
    const isLeft = this.#isAnyLeft || stored?.sessionId === present.left;
    if (stored !== null && !stored.farewell && isLeft) return this.noteLogout(stored.sessionId);
    this.#isAnyLeft = false;
    return stored;
  }

  /** As `noteFarewell`; where it rejects, it is done as soon as it can be. */
  async noteLogout(sessionId: string | null): Promise<Stored | null> {
    this.#isAnyLeft ||= sessionId === null;
    const stored = await noteFarewell(this.#parts.storage, sessionId);
    this.#isAnyLeft = false;
    return stored;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#parts.storage.channel?.close();
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #hear(message: Message): Promise<void> {
    const { present } = this.#parts;
    if (message.kind === 'ask') {
      const good = present.good();
      if (good !== null) this.say(good);
      return;
    }
    const stored = await this.#unlessChanged();
    if (stored === undefined) return;
    if (stored === null || stored.farewell)
      present.leave(message.kind === 'signed-out' ? message.because : stored === null ? 'ended' : 'logout');
    else if (message.kind === 'renewed' && message.sessionId === stored.sessionId && present.isNewer(message))
      present.hold(message);
  }

  async #look(): Promise<void> {
    const { present, renew, sayFarewell } = this.#parts;
    const stored = await this.#unlessChanged();
    if (stored === undefined) return;
    if (stored === null || stored.farewell) {
      const because = stored === null ? 'ended' : 'logout';
      present.leave(present.sessionId === null ? null : because);
      if (stored !== null) sayFarewell();
    } else {
      present.enter(stored.sessionId);
      if (present.held?.isAllThereIs && present.isDue) renew();
    }
  }

  /** What is stored; undefined where somebody has signed in or out here meanwhile, which is newer than what was read. */
  async #unlessChanged(): Promise<Stored | null | undefined> {
    const { state } = this.#parts.present;
    const stored = await this.stored();
    return this.#parts.present.state === state ? stored : undefined;
  }
}
