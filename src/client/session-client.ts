/**
 * A signed-in client: keeps one session alive, gives access tokens that are good, and says when the session is over, once.
 * It signs nobody out for want of an answer: only the server's word that a session has ended, or the user's, ends it.
 */

import { type Clock, systemClock } from '../system/clock.js';
import { unguessableText } from '../system/unguessable.js';
import { Access, type News, newsOf, sessionOf } from './access.js';
import { type ClientState, ObservedState } from './client-state.js';
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
import { Pauses } from './pauses.js';
import { type Renewal, type RenewalParts, renew, type SignOutReason, type Tokens } from './renewal.js';
import { onResume } from './resume.js';
import { isUnderWay } from './sendings.js';
import { sleep } from './sleep.js';
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

type LoginPayload = LoginMutation['login'];
type RegisterPayload = RegisterMutation['register'];

/** A token that came in place of a refused one, and is refused so soon, will not become better by another. */
const YOUNG_MS = 30_000;
/** Between two looks whether requests of others are still under way. */
const LOOK_MS = 100;
/** The shortest and the longest time that a timer of a session without refresh tokens is set to. */
const LEAST_TIMER_MS = 1_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const UNREACHABLE = 'The server cannot be reached.';
const UNAVAILABLE = 'The server cannot serve this right now.';

export class SessionClient {
  readonly #settings: ClientSettings;
  readonly #storage: ClientStorage;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #parts: RenewalParts;
  readonly #state = new ObservedState();
  readonly #access: Access;
  readonly #pauses: Pauses;
  readonly #stops: (() => void)[];
  /** Goes up with each sign-in and sign-out here: what was begun before is of before. */
  #era = 0;
  #renewing: Promise<Renewal> | null = null;
  #farewell: Promise<boolean> | null = null;
  /** What came over the channel, one after the other. */
  #hearing: Promise<void> = Promise.resolve();
  #replacedAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(settings: ClientSettings) {
    const { url, delivery, timeout = 15, headers = {}, clock = systemClock } = settings;
    const isCookie = delivery === 'COOKIE';
    const { storage = isCookie && 'indexedDB' in globalThis ? indexedDbStorage() : memoryStorage() } =
      settings;
    this.#settings = settings;
    this.#storage = storage;
    this.#clock = clock;
    this.#access = new Access(clock);
    this.#pauses = new Pauses(clock);
    this.#transport = new Transport({
      url,
      fetch: settings.fetch ?? ((input, init) => fetch(input, init)),
      timeoutMs: timeout * 1_000,
      headers,
      cookies: isCookie,
    });
    this.#parts = {
      storage,
      clock,
      transport: this.#transport,
      timeoutMs: timeout * 1_000,
      self: unguessableText(),
      // Models without refresh tokens renew by the token that they have.
      shownNext: ({ refreshToken, accessToken }) => (isCookie ? null : (refreshToken ?? accessToken)),
      knownVersion: () => this.#access.version,
    };
    const unsubscribe = storage.channel?.subscribe((message) => {
      this.#hearing = this.#hearing.then(() => this.#hear(message)).catch(() => {});
    });
    this.#stops = [
      ...(unsubscribe ? [unsubscribe] : []),
      onResume(() => {
        this.#hearing = this.#hearing.then(() => this.#look()).catch(() => {});
      }),
    ];
  }

  get state(): ClientState {
    return this.#state.current;
  }

  /** Told of every change of the state; returns how to stop. */
  subscribe(listener: (state: ClientState) => void): () => void {
    return this.#state.subscribe(listener);
  }

  /**
   * Finds out whether somebody is signed in, from what is stored; tells the server of a logout that it has not heard of.
   * Rejects where the storage cannot be read.
   */
  async start(): Promise<ClientState> {
    const was = this.state;
    const stored = await this.#storage.read();
    // Somebody has signed in or out meanwhile, which is newer than what was read.
    if (this.state !== was) return this.state;
    if (stored !== null && !stored.farewell) this.#state.signIn(stored.sessionId);
    else {
      if (stored !== null) void this.#sayFarewell(null);
      this.#drop(null);
    }
    return this.state;
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
   * told already. Never rejects: where it cannot be written down that the server is to be told, it is told at once or not.
   */
  async logout(): Promise<boolean> {
    const token = this.#access.held?.accessToken ?? null;
    const { sessionId } = this.#state;
    // Begun before anybody hears of it: whoever listens may leave the page.
    const marked = this.#storage.update((now) =>
      now === null || (sessionId !== null && now.sessionId !== sessionId) ? now : { ...now, farewell: true },
    );
    this.#drop('logout');
    // A cookie may be there of which nothing is stored; but where another session is, it is of that.
    const byItself = (isOthers: boolean) =>
      (this.#settings.delivery === 'COOKIE' ? isOthers : token === null) || tell(this.#transport, token);
    try {
      const stored = await marked;
      this.#storage.channel?.post({ kind: 'signed-out', because: 'logout' });
      return stored?.farewell ? this.#sayFarewell(token) : byItself(stored !== null);
    } catch {
      this.#storage.channel?.post({ kind: 'signed-out', because: 'logout' });
      return byItself(false);
    }
  }

  /**
   * An access token that is good, refreshed where that is due. Null where nobody is signed in, and where it travels in a
   * cookie. Rejects with a `ClientError` of the kind `unreachable` or `unavailable` where there is none to be had now.
   */
  async accessToken(): Promise<string | null> {
    if (this.#access.good() !== null) return this.accessTokenNow();
    if (this.state.kind === 'unknown') await this.start();
    if (this.state.kind !== 'signed-in') return null;
    if (this.#pauses.fault !== null) throw errorOf(this.#pauses.fault);
    const renewal = await this.#renewOnce();
    if (renewal.kind === 'later') throw errorOf(renewal);
    const good = this.#access.good();
    if (good === null && this.#state.sessionId !== null) throw new ClientError('unavailable', UNAVAILABLE);
    return good?.accessToken ?? null;
  }

  /** For what cannot wait: the access token, if it is good at this moment. Refreshes ahead, and where it is too late not. */
  accessTokenNow(): string | null {
    const good = this.#access.good();
    if (good === null) return null;
    // Early: nobody waits for it, and nothing is lost if it fails.
    if (this.#isDue()) void this.#renewOnce();
    return good.accessToken;
  }

  /**
   * Asks the API. Refreshes and asks again, once, where the access token is not good any more. Rejects with a
   * `ClientError`; one of the kind `graphql` where the answer has errors.
   */
  async request<Result, Variables extends Record<string, unknown>>(
    document: TypedDocument<Result, Variables> | string,
    variables: Variables,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Result> {
    const answer = await this.retried(async (accessToken) => {
      const { sessionId } = this.#state;
      const options = { accessToken, sessionId, anonymous: sessionId === null, signal };
      const answered = answeredOr(
        await this.#transport.send<Result, Variables>(document, variables, options),
      );
      return { refused: isRefused(answered.errors), answer: answered };
    });
    return dataOf(answer);
  }

  /**
   * Does something with an access token, and once more with another where it was refused: for fetch, and for other
   * GraphQL clients. What was begun in one session is not done in another, which may be somebody else's: it rejects with
   * a `ClientError` of the kind `session-changed`, or, where it has been refused already, leaves it at that.
   */
  async retried<Value>(
    attempt: (accessToken: string | null) => Promise<{ readonly refused: boolean; readonly answer: Value }>,
  ): Promise<Value> {
    const before = this.#state.sessionId;
    const token = await this.accessToken();
    const { sessionId } = this.#state;
    if (before !== null && sessionId !== null && before !== sessionId)
      throw new ClientError('session-changed', 'Somebody else has signed in since this was asked.');
    const first = await attempt(token);
    if (!first.refused || sessionId === null || this.#state.sessionId !== sessionId) return first.answer;
    if (!(await this.replace(token))) return first.answer;
    const other = await this.accessToken();
    return this.#state.sessionId === sessionId ? (await attempt(other)).answer : first.answer;
  }

  /**
   * Another access token in place of one that was refused; false where there is none to be had, or no use in trying. The
   * one that was refused is kept until then: it may have been refused by somebody whose word does not count.
   */
  async replace(refused: string | null): Promise<boolean> {
    const { held } = this.#access;
    // Somebody was faster.
    if (held !== null && held.accessToken !== refused) return true;
    if (this.#clock.monotonic() - this.#replacedAt < YOUNG_MS) return false;
    if (this.state.kind !== 'signed-in' || this.#pauses.fault !== null) return false;
    const renewal = await this.#renewOnce();
    if (renewal.kind !== 'renewed' && renewal.kind !== 'renewed-elsewhere') return false;
    if (this.#access.held === null || this.#access.held === held) return false;
    this.#replacedAt = this.#clock.monotonic();
    return true;
  }

  /**
   * Takes in the access token that `logoutAllDevices` or `changePassword` gave to the device that goes on, and tells the
   * other tabs; null, where those it holds go on being good, changes nothing, nor does one of another session. What is
   * kept to refresh with is kept: the session has not been refreshed, and a refresh that is under way may still be
   * carried out.
   */
  adopt(tokens: Tokens | null): void {
    const { sessionId } = this.#state;
    if (tokens === null || sessionId === null) return;
    if ((sessionOf(tokens.accessToken) ?? sessionId) !== sessionId) return;
    this.#take(tokens, { sessionId, version: this.#access.version });
  }

  /** Asks the server whether the session lives, for whoever has heard that it may not. Never rejects. */
  async recheck(): Promise<ClientState> {
    if (this.state.kind === 'signed-in') await this.#renewOnce();
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
    const { sessionId } = this.#state;
    if (sessionId === null) return;
    const forgotten = this.#storage.update((now) =>
      now?.sessionId === sessionId && !now.farewell ? null : now,
    );
    this.#drop('logout');
    // What is stored then says so at the next start, when the server is asked.
    await forgotten.catch(() => {});
    this.#storage.channel?.post({ kind: 'signed-out', because: 'logout' });
  }

  /** Lets go of the channel. What is stored stays. */
  close(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
    this.#storage.channel?.close();
    this.#state.forgetListeners();
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
    await this.#renewing;
    for (;;) {
      const stored = await this.#storage.read();
      if (this.#settings.delivery === 'COOKIE' && isUnderWay(stored, this.#parts)) {
        await sleep(LOOK_MS);
        continue;
      }
      if (!stored?.farewell) return;
      if (!(await this.#sayFarewell(null)))
        throw new ClientError('unreachable', 'The last logout has not reached the server yet.');
    }
  }

  async #signedIn(sessionId: string, tokens: Tokens): Promise<void> {
    this.#era += 1;
    const stored = await this.#storage.update((now) => ({
      sessionId,
      version: Math.max((now?.version ?? 0) + 1, this.#clock.now()),
      refreshToken: this.#parts.shownNext(tokens),
      next: null,
      last: null,
      farewell: false,
    }));
    this.#access.drop();
    this.#replacedAt = Number.NEGATIVE_INFINITY;
    if (stored !== null) this.#take(tokens, stored);
  }

  #isDue(): boolean {
    return (this.#access.dueInMs ?? 1) <= 0 && this.#pauses.fault === null;
  }

  #renewOnce(): Promise<Renewal> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** Never rejects. */
  async #renew(): Promise<Renewal> {
    const era = this.#era;
    const renewal = await renew(this.#parts).catch(
      (cause: unknown): Renewal => ({ kind: 'later', because: 'unavailable', retryAfterMs: null, cause }),
    );
    // What was heard has to be taken in first.
    if (renewal.kind === 'renewed-elsewhere') await this.#hearing;
    // Somebody has logged out or signed in since: it is of before.
    if (era !== this.#era) return { kind: 'renewed-elsewhere' };
    if (renewal.kind === 'renewed') this.#take(renewal.tokens, renewal.stored);
    else if (renewal.kind === 'later') this.#pauses.begin(renewal);
    else if (renewal.kind === 'over') {
      this.#drop(renewal.because);
      this.#storage.channel?.post({ kind: 'signed-out', because: renewal.because });
    }
    return renewal;
  }

  #take(tokens: Tokens, { sessionId, version }: Pick<Stored, 'sessionId' | 'version'>): void {
    const news = newsOf(tokens, sessionId, version, this.#clock.now());
    this.#hold(news);
    this.#storage.channel?.post(news);
  }

  #hold(news: News): void {
    this.#access.hold(news);
    this.#pauses.end();
    this.#setTimer();
    this.#state.signIn(news.sessionId);
  }

  /** Where the session goes with its access token, that is renewed while the client is there, asked for or not. */
  #setTimer(): void {
    clearTimeout(this.#timer);
    const { held, dueInMs } = this.#access;
    if (held === null || dueInMs === null || !held.isAllThereIs) return;
    const waitMs = Math.min(LONGEST_TIMER_MS, Math.max(LEAST_TIMER_MS, dueInMs));
    this.#timer = setTimeout(async () => {
      if (this.#isDue()) await this.#renewOnce();
      this.#setTimer();
    }, waitMs);
    // In Node.js it would keep the process alive.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  /** What others say is a hint: the storage says what is so. */
  async #hear(message: Message): Promise<void> {
    if (message.kind === 'ask') {
      const good = this.#access.good();
      if (good !== null) this.#storage.channel?.post(good);
      return;
    }
    const stored = await this.#unlessChanged();
    if (stored === undefined) return;
    if (stored === null || stored.farewell)
      this.#drop(message.kind === 'signed-out' ? message.because : stored === null ? 'ended' : 'logout');
    else if (
      message.kind === 'renewed' &&
      message.sessionId === stored.sessionId &&
      this.#access.isNewer(message)
    )
      this.#hold(message);
  }

  /** Away for a while, it may have missed what others said. */
  async #look(): Promise<void> {
    if (this.state.kind === 'unknown') return;
    const stored = await this.#unlessChanged();
    if (stored === undefined) return;
    if (stored === null || stored.farewell) {
      this.#drop(stored === null ? 'ended' : 'logout');
      if (stored !== null) void this.#sayFarewell(null);
    } else if (stored.sessionId !== this.#state.sessionId) {
      this.#access.drop();
      this.#state.signIn(stored.sessionId);
    } else if (this.#access.held?.isAllThereIs && this.#isDue()) void this.#renewOnce();
  }

  /** What is stored; undefined where somebody has signed in or out here meanwhile, which is newer than what was read. */
  async #unlessChanged(): Promise<Stored | null | undefined> {
    const { state } = this;
    const stored = await this.#storage.read();
    return this.state === state ? stored : undefined;
  }

  #drop(because: SignOutReason | null): void {
    this.#era += 1;
    clearTimeout(this.#timer);
    this.#access.drop();
    this.#state.signOut(because);
  }

  /** One at a time. Never rejects. */
  #sayFarewell(accessToken: string | null): Promise<boolean> {
    this.#farewell ??= sayFarewell(this.#parts, accessToken).finally(() => {
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

function dataOf<Data>({ data, errors }: Extract<Answer<Data>, { kind: 'answered' }>): Data {
  if (data !== null && errors.length === 0) return data;
  throw new ClientError('graphql', errors[0]?.message ?? 'The answer has no data.', { errors });
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
