/**
 * A signed-in client: keeps one session alive, gives access tokens that are good, and says when the session is over, once.
 * It signs nobody out for want of an answer: only the server's word that a session has ended, or the user's, ends it.
 */

import { type Clock, systemClock } from '../system/clock.js';
import { unguessableText } from '../system/unguessable.js';
import { type News, newsOf, sessionOf } from './access.js';
import { answeredOr, dataOf, errorOf, isRefused, unlessAborted } from './answers.js';
import type { ClientState } from './client-state.js';
import { ClientError } from './errors.js';
import { sayFarewell, tell } from './farewell.js';
import {
  LoginDocument,
  type LoginInput,
  type LoginMutation,
  RegisterDocument,
  type RegisterInput,
  type RegisterMutation,
} from './generated/graphql.js';
import { indexedDbStorage } from './indexed-db-storage.js';
import { memoryStorage } from './memory-storage.js';
import { Present } from './present.js';
import type { RenewalParts, Tokens } from './renewal.js';
import { Renewing } from './renewing.js';
import { openOf } from './sendings.js';
import { sleep } from './sleep.js';
import { type ClientStorage, storageOf } from './storage.js';
import { Tabs } from './tabs.js';
import { TEXTS } from './texts.js';
import { Transport, type TypedDocument } from './transport.js';

export interface ClientSettings {
  /** The GraphQL endpoint, such as `https://auth.example.com/graphql`. */
  readonly url: string;
  /** Where the refresh token travels: `COOKIE` for browsers, `BODY` for everybody else. */
  readonly delivery: 'COOKIE' | 'BODY';
  /**
   * Unless given: IndexedDB for cookies, where there is one, since tabs that share a cookie have to share what belongs to
   * it; else memory, which forgets with the process or the page.
   */
  readonly storage?: ClientStorage;
  /** Seconds; 15 unless given. */
  readonly timeout?: number;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** Sent along with each request, such as `{ 'user-agent': 'orders-cli/2.1' }`. */
  readonly headers?: Readonly<Record<string, string>>;
}

type LoginPayload = LoginMutation['login'];
type RegisterPayload = RegisterMutation['register'];

/** Between two looks whether requests of others are still under way. */
const LOOK_MS = 100;

export class SessionClient {
  readonly #settings: ClientSettings;
  readonly #storage: ClientStorage;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #parts: RenewalParts;
  readonly #present: Present;
  readonly #tabs: Tabs;
  readonly #renewing: Renewing;
  #logouts = 0;
  #farewell: Promise<boolean> | null = null;
  /** What is told after the one under way, and what is held to tell it with. */
  #nextFarewell: Promise<boolean> | null = null;
  #nextHeld: News | null = null;

  constructor(settings: ClientSettings) {
    const { url, delivery, timeout = 15, headers = {}, clock = systemClock } = settings;
    const isCookie = delivery === 'COOKIE';
    const storage = storageOf(
      settings.storage ?? (isCookie && 'indexedDB' in globalThis ? indexedDbStorage() : memoryStorage()),
    );
    const timeoutMs = timeout * 1_000;
    this.#settings = settings;
    this.#storage = storage;
    this.#clock = clock;
    this.#transport = new Transport({
      url,
      fetch: settings.fetch ?? ((input, init) => fetch(input, init)),
      timeoutMs,
      headers,
      cookies: isCookie,
    });
    const present = new Present(clock, () => this.#renewing.once());
    this.#present = present;
    this.#parts = {
      storage,
      clock,
      transport: this.#transport,
      timeoutMs,
      self: unguessableText(),
      // Models without refresh tokens renew by the token that they have.
      shownNext: ({ refreshToken, accessToken }) => (isCookie ? null : (refreshToken ?? accessToken)),
      knownVersion: () => present.version,
    };
    this.#tabs = new Tabs({
      storage,
      clock,
      present,
      renew: () => void this.#renewing.once(),
      sayFarewell: () => void this.#sayFarewell(null),
    });
    this.#renewing = new Renewing(this.#parts, present, this.#tabs);
  }

  get state(): ClientState {
    return this.#present.state;
  }

  /** Told of every change of the state; returns how to stop. */
  subscribe(listener: (state: ClientState) => void): () => void {
    return this.#present.subscribe(listener);
  }

  /**
   * Finds out whether somebody is signed in, from what is stored; tells the server of a logout that it has not heard of.
   * Rejects where the storage cannot be read, or cannot be written though a logout has yet to be.
   */
  async start(): Promise<ClientState> {
    await this.#tabs.look();
    return this.state;
  }

  async login(input: Omit<LoginInput, 'delivery'>): Promise<LoginPayload> {
    const logouts = this.#logouts;
    const { login } = await this.#begin(LoginDocument, { ...input, delivery: this.#settings.delivery });
    if (login.__typename === 'LoginSuccess') await this.#signedIn(login.session.id, login.tokens, logouts);
    return login;
  }

  async register(input: Omit<RegisterInput, 'delivery'>): Promise<RegisterPayload> {
    const logouts = this.#logouts;
    const { register } = await this.#begin(RegisterDocument, { ...input, delivery: this.#settings.delivery });
    if (register.__typename === 'RegisterSuccess')
      await this.#signedIn(register.session.id, register.tokens, logouts);
    return register;
  }

  /**
   * Logs out here, at once and whatever the network; the server is told now or later. Resolves to whether it has been
   * told already. Never rejects: where it cannot be written down that the server is to be told, it is told at once or not.
   */
  async logout(): Promise<boolean> {
    this.#logouts += 1;
    const { held, sessionId } = this.#present;
    const accessToken = held?.accessToken ?? null;
    // Begun before anybody hears of it: whoever listens may leave the page.
    const marked = this.#tabs.noteLogout(sessionId);
    this.#present.leave('logout');
    // A cookie may be there of which nothing is stored; but where another session is, it is of that.
    const byItself = (isOthers: boolean) =>
      (this.#settings.delivery === 'COOKIE' ? isOthers : accessToken === null) ||
      tell(this.#transport, { accessToken, sessionId });
    const stored = await marked.catch(() => null);
    this.#tabs.say({ kind: 'signed-out', because: 'logout' });
    return stored?.farewell ? this.#sayFarewell(held) : byItself(stored !== null);
  }

  /**
   * An access token that is good, refreshed where that is due. Null where nobody is signed in, and where it travels in a
   * cookie. Rejects with a `ClientError` of the kind `unreachable`, `unavailable` or `storage` where there is none to be had.
   */
  async accessToken(): Promise<string | null> {
    const present = this.#present;
    if (present.good() !== null) return this.accessTokenNow();
    if (present.state.kind === 'unknown') await this.#tabs.begin();
    if (present.state.kind !== 'signed-in') return null;
    if (present.fault !== null) throw errorOf(present.fault);
    const renewal = await this.#renewing.once();
    if (renewal.kind === 'later') throw errorOf(renewal);
    const good = present.good();
    if (good === null && present.sessionId !== null) throw new ClientError('unavailable', TEXTS.unavailable);
    return good?.accessToken ?? null;
  }

  /** For what cannot wait: the access token, if it is good at this moment. Refreshes ahead, and where it is too late not. */
  accessTokenNow(): string | null {
    const good = this.#present.good();
    if (good === null) return null;
    // Early: nobody waits for it, and nothing is lost if it fails.
    if (this.#present.isDue) void this.#renewing.once();
    return good.accessToken;
  }

  /**
   * Asks the API. Refreshes and asks again, once, where the access token is not good any more. Rejects with a
   * `ClientError`; one of the kind `graphql` where the answer has errors. Where it is aborted, with the signal's reason.
   */
  async request<Result, Variables extends Record<string, unknown>>(
    document: TypedDocument<Result, Variables> | string,
    variables: Variables,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Result> {
    signal?.throwIfAborted();
    const answer = this.retried(async (accessToken) => {
      const { sessionId } = this.#present;
      const options = {
        accessToken,
        // A token says itself whose it is.
        sessionId: accessToken === null ? sessionId : null,
        anonymous: sessionId === null,
        signal,
      };
      const answered = answeredOr(
        await this.#transport.send<Result, Variables>(document, variables, options),
      );
      return { refused: isRefused(answered.errors), answer: answered };
    });
    // A token may be long in coming.
    return dataOf(await unlessAborted(answer, signal));
  }

  /**
   * Does something with an access token, and once more with another where it was refused: for fetch, and for other
   * GraphQL clients. What was begun in one session is not done in another, which may be somebody else's: it rejects with
   * a `ClientError` of the kind `session-changed`, or, where it has been refused already, leaves it at that.
   */
  async retried<Value>(
    attempt: (accessToken: string | null) => Promise<{ readonly refused: boolean; readonly answer: Value }>,
  ): Promise<Value> {
    const before = this.#present.sessionId;
    const token = await this.accessToken();
    const { sessionId } = this.#present;
    if (before !== null && sessionId !== null && before !== sessionId)
      throw new ClientError('session-changed', 'Somebody else has signed in since this was asked.');
    const first = await attempt(token);
    if (!first.refused || sessionId === null || this.#present.sessionId !== sessionId) return first.answer;
    if (!(await this.replace(token))) return first.answer;
    const other = await this.accessToken();
    return this.#present.sessionId === sessionId ? (await attempt(other)).answer : first.answer;
  }

  /**
   * Another access token in place of one that was refused; false where there is none to be had, or no use in trying. The
   * one that was refused is kept until then: it may have been refused by somebody whose word does not count.
   */
  replace(refused: string | null): Promise<boolean> {
    return this.#renewing.replace(refused);
  }

  /**
   * Takes in the access token that `logoutAllDevices` or `changePassword` gave to the device that goes on, and tells the
   * other tabs; null, where those it holds go on being good, changes nothing, nor does one of another session. What is
   * kept to refresh with is kept: the session has not been refreshed, and a refresh that is under way may still be
   * carried out.
   */
  adopt(tokens: Tokens | null): void {
    const { sessionId } = this.#present;
    if (tokens === null || sessionId === null) return;
    if ((sessionOf(tokens.accessToken) ?? sessionId) !== sessionId) return;
    this.#tabs.take(tokens, { sessionId, version: this.#present.version });
  }

  /** Asks the server whether the session lives, for whoever has heard that it may not. Never rejects. */
  async recheck(): Promise<ClientState> {
    if (this.state.kind === 'signed-in') await this.#renewing.once();
    return this.state;
  }

  /**
   * Tells the server of a logout that it has not heard of; resolves to whether there is nothing left to tell. This is done
   * at each start and whenever the page goes on, too. Never rejects.
   */
  tellLogout(): Promise<boolean> {
    return this.#sayFarewell(null);
  }

  /**
   * Signs out here, and asks nobody: the server has just said that the session is over, in its answer to `deleteAccount`,
   * or to `logoutAllDevices` without an exception. Never rejects.
   */
  async ended(): Promise<void> {
    const { sessionId } = this.#present;
    if (sessionId === null) return;
    const forgotten = this.#storage.update((now) =>
      now?.sessionId === sessionId && !now.farewell ? null : now,
    );
    this.#present.leave('logout');
    // What is stored then says so at the next start, when the server is asked.
    await forgotten.catch(() => {});
    this.#tabs.say({ kind: 'signed-out', because: 'logout' });
  }

  /** Lets go of the channel. What is stored stays. */
  close(): void {
    this.#present.close();
    this.#tabs.close();
  }

  async #begin<Result, Input>(
    document: TypedDocument<Result, { readonly input: Input }>,
    input: Input,
  ): Promise<Result> {
    await this.#untilQuiet();
    return dataOf(answeredOr(await this.#transport.send(document, { input })));
  }

  /**
   * Until the server has heard of the last logout, and no answer can come any more that would take the place of the new
   * cookie, or clear it.
   */
  async #untilQuiet(): Promise<void> {
    await this.#renewing.settled;
    for (let isTold = false; ; ) {
      const stored = await this.#tabs.stored();
      const isBusy = this.#settings.delivery === 'COOKIE' && openOf(stored, this.#clock).length > 0;
      if (stored?.farewell && !isTold) {
        isTold = await this.#sayFarewell(null);
        if (!isTold) throw new ClientError('unreachable', 'The last logout has not reached the server yet.');
      } else if (isBusy || stored?.farewell) {
        isTold = isBusy;
        await sleep(LOOK_MS);
      } else return;
    }
  }

  /** `logouts`: as many as there had been when the sign-in was asked for. */
  async #signedIn(sessionId: string, tokens: Tokens, logouts: number): Promise<void> {
    this.#present.beginEra();
    const stored = await this.#storage.update((now) => ({
      sessionId,
      version: Math.max((now?.version ?? 0) + 1, this.#clock.now()),
      refreshToken: this.#parts.shownNext(tokens),
      next: null,
      last: null,
      farewell: logouts !== this.#logouts,
    }));
    if (stored === null) return;
    if (logouts === this.#logouts) return this.#tabs.take(tokens, stored);
    // Logged out while the answer was under way.
    await this.#tabs.noteLogout(sessionId);
    this.#tabs.say({ kind: 'signed-out', because: 'logout' });
    void this.#sayFarewell(newsOf(tokens, sessionId, stored.version, this.#clock.now()));
  }

  /** One at a time, and where more is to be told meanwhile, once more. Never rejects. */
  #sayFarewell(held: News | null): Promise<boolean> {
    if (this.#farewell === null) {
      this.#farewell = sayFarewell(this.#parts, held).finally(() => {
        this.#farewell = null;
      });
      return this.#farewell;
    }
    this.#nextHeld = held ?? this.#nextHeld;
    this.#nextFarewell ??= this.#farewell.then(() => {
      const next = this.#nextHeld;
      [this.#nextFarewell, this.#nextHeld] = [null, null];
      return this.#sayFarewell(next);
    });
    return this.#nextFarewell;
  }
}
