/**
 * A signed-in client: keeps one session alive, gives access tokens that are good, and says when the session is over, once.
 * It signs nobody out for want of an answer: only the server's word that a session has ended, or the user's, ends it.
 */

import { systemChance } from '../system/chance.js';
import { type Clock, systemClock } from '../system/clock.js';
import { unguessableText } from '../system/unguessable.js';
import { ClientError } from './errors.js';
import { sayFarewell } from './farewell.js';
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
import { type Renewal, renew, type SignOutReason, type Tokens } from './renewal.js';
import { ServerClock } from './server-clock.js';
import type { ClientStorage, Message, Stored } from './storage.js';
import { type Answer, type GraphQLFault, Transport, type TypedDocument } from './transport.js';

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

export type ClientState =
  /** Nothing has been asked yet. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed-in'; readonly sessionId: string }
  | { readonly kind: 'signed-out'; readonly because: SignOutReason | null };

type LoginPayload = LoginMutation['login'];
type RegisterPayload = RegisterMutation['register'];

/** Before an access token expires it is renewed, at the first use in this last part of its life. */
const RENEW_IN_LAST = 0.2;
const RENEW_AHEAD_MS = 30_000;
/** After a refresh that came to nothing: this long, twice as long each time, and no longer than that. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Whatever a server or a proxy says of when to come again. */
const LONGEST_RETRY_MS = 60_000;
/** A token that came in place of a refused one, and is refused so soon, will not become better by another. */
const YOUNG_MS = 30_000;

const UNREACHABLE = 'The server cannot be reached.';
const UNAVAILABLE = 'The server cannot serve this right now.';

type News = Extract<Message, { readonly kind: 'renewed' }>;

interface Access {
  /** Null where it travels in a cookie. */
  readonly token: string | null;
  readonly expiresAt: number;
  readonly renewAt: number;
  readonly since: number;
  /** Whether it came in place of one that was refused. */
  readonly isReplacement: boolean;
  /** What the others are told of it. */
  readonly news: News;
}

export class SessionClient {
  readonly #settings: ClientSettings;
  readonly #storage: ClientStorage;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #serverClock: ServerClock;
  readonly #self = unguessableText();
  readonly #listeners = new Set<(state: ClientState) => void>();
  readonly #unsubscribe: () => void;
  #state: ClientState = { kind: 'unknown' };
  #access: Access | null = null;
  #version = 0;
  #renewing: Promise<Renewal> | null = null;
  #farewell: Promise<boolean> | null = null;
  /** What came over the channel, one after the other. */
  #hearing: Promise<void> = Promise.resolve();
  #pauses = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #lastFault: Extract<Renewal, { kind: 'later' }> | null = null;

  constructor(settings: ClientSettings) {
    const { url, delivery, timeout = 15, headers = {}, clock = systemClock } = settings;
    const {
      storage = delivery === 'COOKIE' && 'indexedDB' in globalThis ? indexedDbStorage() : memoryStorage(),
    } = settings;
    this.#settings = settings;
    this.#storage = storage;
    this.#clock = clock;
    this.#serverClock = new ServerClock(clock);
    this.#transport = new Transport({
      url,
      fetch: settings.fetch ?? ((input, init) => fetch(input, init)),
      timeoutMs: timeout * 1_000,
      headers,
      cookies: delivery === 'COOKIE',
    });
    this.#unsubscribe =
      storage.channel?.subscribe((message) => {
        this.#hearing = this.#hearing.then(() => this.#hear(message)).catch(() => {});
      }) ?? (() => {});
  }

  get state(): ClientState {
    return this.#state;
  }

  get #sessionId(): string | null {
    return this.#state.kind === 'signed-in' ? this.#state.sessionId : null;
  }

  /** Told of every change of the state; returns how to stop. */
  subscribe(listener: (state: ClientState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Finds out whether somebody is signed in, from what is stored; tells the server of a logout that it has not heard of.
   * Rejects where the storage cannot be read.
   */
  async start(): Promise<ClientState> {
    const was = this.#state;
    const stored = await this.#storage.read();
    // Somebody has signed in or out meanwhile, which is newer than what was read.
    if (this.#state !== was) return this.#state;
    if (stored !== null && !stored.farewell) this.#become({ kind: 'signed-in', sessionId: stored.sessionId });
    else {
      if (stored !== null) void this.#sayFarewell(null);
      if (this.#state.kind !== 'signed-out') this.#drop(null);
    }
    return this.#state;
  }

  async login(input: Omit<LoginInput, 'delivery'>): Promise<LoginPayload> {
    const { login } = await this.#begin(LoginDocument, { ...input, delivery: this.#settings.delivery });
    if (login.__typename === 'LoginSuccess') await this.#signedIn(login.session.id, login.tokens);
    return login;
  }

  async register(input: Omit<RegisterInput, 'delivery'>): Promise<RegisterPayload> {
    const { register } = await this.#begin(RegisterDocument, { ...input, delivery: this.#settings.delivery });
    if (register.__typename === 'RegisterSuccess') await this.#signedIn(register.session.id, register.tokens);
    return register;
  }

  /**
   * Logs out here, at once and whatever the network; the server is told now or later. Resolves to whether it has been
   * told already.
   */
  async logout(): Promise<boolean> {
    const token = this.#access?.token ?? null;
    this.#drop('logout');
    const stored = await this.#storage.update((now) => now && { ...now, farewell: true });
    this.#storage.channel?.post({ kind: 'signed-out' });
    return stored === null ? true : this.#sayFarewell(token);
  }

  /**
   * An access token that is good, refreshed where that is due. Null where nobody is signed in, and where it travels in a
   * cookie. Rejects with a `ClientError` of the kind `unreachable` or `unavailable` where there is none to be had now.
   */
  async accessToken(): Promise<string | null> {
    if (this.#usable() !== null) return this.accessTokenNow();
    if (this.#state.kind === 'unknown') await this.start();
    if (this.#state.kind !== 'signed-in') return null;
    if (this.#isPaused() && this.#lastFault !== null) throw errorOf(this.#lastFault);
    const renewal = await this.#renewOnce();
    if (renewal.kind === 'later') throw errorOf(renewal);
    return this.#usable()?.token ?? null;
  }

  /** For what cannot wait: the access token, if it is good at this moment. Refreshes ahead, and where it is too late not. */
  accessTokenNow(): string | null {
    const access = this.#usable();
    if (access === null) return null;
    // Early: nobody waits for it, and nothing is lost if it fails.
    if (this.#serverClock.now() >= access.renewAt && !this.#isPaused()) void this.#renewOnce();
    return access.token;
  }

  /**
   * Asks the API. Refreshes and asks again, once, where the access token is not good any more. Rejects with a
   * `ClientError`; one of the kind `graphql` where the answer has errors.
   */
  async request<Result, Variables extends Record<string, unknown>>(
    document: TypedDocument<Result, Variables> | string,
    variables: Variables,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Result> {
    const { data, errors } = await this.retried(async (token) => {
      const answer = await this.#transport.send<Result, Variables>(
        document,
        variables,
        token,
        options.signal,
      );
      const answered = answeredOr(answer);
      return { refused: isRefused(answered.errors), answer: answered };
    });
    if (errors.length > 0 || data === null)
      throw new ClientError('graphql', errors[0]?.message ?? 'The answer has no data.', { errors });
    return data;
  }

  /**
   * Does something with an access token, and once more with another where it was refused: for fetch, and for other
   * GraphQL clients. What was begun in one session is not repeated in another, which may be somebody else's.
   */
  async retried<Value>(
    attempt: (accessToken: string | null) => Promise<{ readonly refused: boolean; readonly answer: Value }>,
  ): Promise<Value> {
    const token = await this.accessToken();
    const sessionId = this.#sessionId;
    const first = await attempt(token);
    if (!first.refused || sessionId === null || this.#sessionId !== sessionId) return first.answer;
    if (!(await this.replace(token))) return first.answer;
    const other = await this.accessToken();
    return this.#sessionId === sessionId ? (await attempt(other)).answer : first.answer;
  }

  /**
   * Another access token in place of one that was refused; false where there is none to be had, or no use in trying. The
   * one that was refused is kept until then: it may have been refused by somebody whose word does not count.
   */
  async replace(refused: string | null): Promise<boolean> {
    const access = this.#access;
    // Somebody was faster.
    if (access !== null && access.token !== refused) return true;
    if (access?.isReplacement && this.#clock.monotonic() - access.since < YOUNG_MS) return false;
    if (this.#state.kind !== 'signed-in' || this.#isPaused()) return false;
    const renewal = await this.#renewOnce();
    if (renewal.kind !== 'renewed' && renewal.kind !== 'renewed-elsewhere') return false;
    const now = this.#access;
    if (now === null || now === access) return false;
    this.#access = { ...now, isReplacement: true };
    return true;
  }

  /**
   * Takes in the access token that `logoutAllDevices` or `changePassword` gave to the device that goes on, and tells the
   * other tabs; null, where those it holds go on being good, changes nothing. What is kept to refresh with is kept: the
   * session has not been refreshed, and a refresh that is under way may still be carried out.
   */
  adopt(tokens: Tokens | null): void {
    const state = this.#state;
    if (tokens === null || state.kind !== 'signed-in') return;
    this.#take(tokens, { sessionId: state.sessionId, version: this.#version });
  }

  /** Asks the server whether the session lives, for whoever has heard that it may not. Never rejects. */
  async recheck(): Promise<ClientState> {
    if (this.#state.kind === 'signed-in') await this.#renewOnce();
    return this.#state;
  }

  /** Lets go of the channel. What is stored stays. */
  close(): void {
    this.#unsubscribe();
    this.#storage.channel?.close();
    this.#listeners.clear();
  }

  async #begin<Result, Input>(
    document: TypedDocument<Result, { readonly input: Input }>,
    input: Input,
  ): Promise<Result> {
    // An answer that comes late would take the place of the new cookie, or clear it.
    await this.#renewing;
    const stored = await this.#storage.read();
    const told = !stored?.farewell || (await this.#sayFarewell(null));
    if (!told && this.#settings.delivery === 'COOKIE')
      throw new ClientError('unreachable', 'The last logout has not reached the server yet.');
    const { data, errors } = answeredOr(await this.#transport.send(document, { input }, null));
    if (data === null || errors.length > 0)
      throw new ClientError('graphql', errors[0]?.message ?? 'The answer has no data.', { errors });
    return data;
  }

  async #signedIn(sessionId: string, tokens: Tokens): Promise<void> {
    const stored = await this.#storage.update((now) => ({
      sessionId,
      version: Math.max((now?.version ?? 0) + 1, this.#clock.now()),
      refreshToken: this.#shownNext(tokens),
      next: null,
      last: null,
      farewell: false,
    }));
    this.#version = 0;
    if (stored !== null) this.#take(tokens, stored);
  }

  /** Models without refresh tokens renew by the token that they have. */
  #shownNext({ refreshToken, accessToken }: Tokens): string | null {
    return this.#settings.delivery === 'COOKIE' ? null : (refreshToken ?? accessToken);
  }

  #renewOnce(): Promise<Renewal> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** Never rejects. */
  async #renew(): Promise<Renewal> {
    const renewal = await renew(this.#parts()).catch(
      (cause: unknown): Renewal => ({ kind: 'later', because: 'unavailable', retryAfterMs: null, cause }),
    );
    if (renewal.kind === 'renewed') this.#take(renewal.tokens, renewal.stored);
    // What was heard has to be taken in first.
    else if (renewal.kind === 'renewed-elsewhere') await this.#hearing;
    else if (renewal.kind === 'later') this.#pause(renewal);
    else {
      this.#drop(renewal.because);
      this.#storage.channel?.post({ kind: 'signed-out' });
    }
    return renewal;
  }

  #parts() {
    return {
      storage: this.#storage,
      transport: this.#transport,
      clock: this.#clock,
      self: this.#self,
      shownNext: (tokens: Tokens) => this.#shownNext(tokens),
      knownVersion: () => this.#version,
    };
  }

  #take(tokens: Tokens, { sessionId, version }: Pick<Stored, 'sessionId' | 'version'>): void {
    const news = {
      kind: 'renewed',
      sessionId,
      version,
      accessToken: tokens.accessToken,
      accessTokenExpiresAt: Date.parse(tokens.accessTokenExpiresAt),
      serverTime: Date.parse(tokens.serverTime),
      at: this.#clock.now(),
    } as const;
    this.#hold(news);
    this.#storage.channel?.post(news);
  }

  #hold({ sessionId, version, accessToken, accessTokenExpiresAt, serverTime, at }: News): void {
    const aheadMs = Math.min(RENEW_AHEAD_MS, (accessTokenExpiresAt - serverTime) * RENEW_IN_LAST);
    this.#serverClock.set(serverTime, at);
    this.#access = {
      token: accessToken,
      expiresAt: accessTokenExpiresAt,
      renewAt: accessTokenExpiresAt - aheadMs,
      since: this.#clock.monotonic(),
      isReplacement: false,
      news: { sessionId, version, accessToken, accessTokenExpiresAt, serverTime, at, kind: 'renewed' },
    };
    this.#version = version;
    this.#pauses = 0;
    this.#pausedUntil = Number.NEGATIVE_INFINITY;
    this.#lastFault = null;
    this.#become({ kind: 'signed-in', sessionId });
  }

  /** What others say is a hint: the storage says what is so. */
  async #hear(message: Message): Promise<void> {
    if (message.kind === 'ask') {
      const access = this.#usable();
      if (access !== null) this.#storage.channel?.post(access.news);
      return;
    }
    const was = this.#state;
    const stored = await this.#storage.read();
    // Somebody has signed in or out meanwhile, which is newer than what was read.
    if (this.#state !== was) return;
    if (stored === null || stored.farewell) this.#drop(stored === null ? 'ended' : 'logout');
    else if (message.kind === 'renewed' && message.sessionId === stored.sessionId && this.#isNewer(message))
      this.#hold(message);
  }

  #isNewer({ version, serverTime }: News): boolean {
    if (version !== this.#version) return version > this.#version;
    return serverTime > (this.#access?.news.serverTime ?? Number.NEGATIVE_INFINITY);
  }

  #usable(): Access | null {
    const access = this.#access;
    if (access === null || this.#state.kind !== 'signed-in') return null;
    return this.#serverClock.now() < access.expiresAt ? access : null;
  }

  #pause(fault: Extract<Renewal, { kind: 'later' }>): void {
    const own = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#pauses);
    const said = fault.retryAfterMs ?? own * (0.5 + systemChance() / 2);
    this.#pauses += 1;
    this.#lastFault = fault;
    this.#pausedUntil =
      this.#clock.monotonic() + Math.max(FIRST_PAUSE_MS / 2, Math.min(LONGEST_RETRY_MS, said));
  }

  #isPaused(): boolean {
    return this.#clock.monotonic() < this.#pausedUntil;
  }

  #drop(because: SignOutReason | null): void {
    this.#access = null;
    this.#version = 0;
    if (this.#state.kind !== 'signed-out') this.#become({ kind: 'signed-out', because });
  }

  #become(state: ClientState): void {
    const was = this.#state;
    if (was.kind === 'signed-in' && state.kind === 'signed-in' && was.sessionId === state.sessionId) return;
    this.#state = state;
    for (const listener of this.#listeners) {
      try {
        listener(state);
      } catch (fault) {
        // Theirs, and none of ours: it is reported as if they had been called by nobody.
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
  }

  /** One at a time. Never rejects. */
  #sayFarewell(accessToken: string | null): Promise<boolean> {
    this.#farewell ??= sayFarewell(this.#parts(), accessToken).finally(() => {
      this.#farewell = null;
    });
    return this.#farewell;
  }
}

function answeredOr<Data>(answer: Answer<Data>): Extract<Answer<Data>, { kind: 'answered' }> {
  if (answer.kind === 'answered') return answer;
  throw answer.kind === 'unreachable'
    ? new ClientError('unreachable', UNREACHABLE, { cause: answer.cause })
    : new ClientError('unavailable', UNAVAILABLE, { retryAfterMs: answer.retryAfterMs });
}

function errorOf({ because, retryAfterMs, cause }: Extract<Renewal, { kind: 'later' }>): ClientError {
  return new ClientError(because, because === 'unreachable' ? UNREACHABLE : UNAVAILABLE, {
    retryAfterMs,
    cause,
  });
}

/** Whether the server wants another access token. */
function isRefused(errors: readonly GraphQLFault[]): boolean {
  return errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
}
