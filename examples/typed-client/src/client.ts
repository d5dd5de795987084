/**
 * A client that stays signed in: it refreshes when its access token is no longer accepted, once for all who wait, and
 * keeps an idempotency key so that a lost response costs nothing.
 */

import {
  LoginDocument,
  type LoginMutationVariables,
  LogoutDocument,
  RefreshDocument,
  type TokensFragment,
  ViewerDevicesDocument,
  type ViewerDevicesQuery,
} from './generated/graphql.js';
import { type Server, ServerError, send } from './send.js';

/** What must outlive the process: keep it where only this user can read it. */
export interface Kept {
  readonly refreshToken: string;
  /** The key of a refresh whose answer has not arrived. */
  readonly pendingKey: string | null;
}

export interface Keeper {
  load(): Kept | null;
  save(kept: Kept | null): void;
}

export type Viewer = NonNullable<ViewerDevicesQuery['viewer']>;

export class Client {
  #accessToken: string | null = null;
  #refreshing: Promise<void> | null = null;

  constructor(
    private readonly server: Server,
    private readonly keeper: Keeper,
  ) {}

  /** What the server says, `LoginSuccess` or why not; `__typename` tells them apart. */
  async login(input: Omit<LoginMutationVariables['input'], 'delivery'>) {
    const variables = { input: { ...input, delivery: 'BODY' } } as const;
    const { login } = await send(this.server, null, LoginDocument, variables);
    if (login.__typename === 'LoginSuccess') this.#keep(login.tokens);
    return login;
  }

  async viewer(): Promise<Viewer> {
    const { viewer } = await this.#signedIn((token) =>
      send(this.server, token, ViewerDevicesDocument, { first: 10 }),
    );
    if (viewer === null) throw new ServerError('UNAUTHENTICATED', 'The account is gone.');
    return viewer;
  }

  /** New tokens. Callers at the same time share one refresh; a repeated one sends the key of the one that was lost. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** When the access token is certainly refused everywhere. */
  async logout(): Promise<Date> {
    const { logout } = await this.#signedIn((token) => send(this.server, token, LogoutDocument));
    this.#forget();
    return new Date(logout.accessTokensDeadBy);
  }

  async #refresh(): Promise<void> {
    const kept = this.keeper.load();
    if (kept === null) throw new ServerError('UNAUTHENTICATED', 'Nobody is signed in.');
    const { refreshToken } = kept;
    const idempotencyKey = kept.pendingKey ?? crypto.randomUUID();
    this.keeper.save({ refreshToken, pendingKey: idempotencyKey }); // before anything is sent
    const { refresh } = await send(this.server, null, RefreshDocument, {
      input: { refreshToken, idempotencyKey },
    });
    switch (refresh.__typename) {
      case 'RefreshSuccess':
        return this.#keep(refresh.tokens);
      case 'Throttled':
        throw new ServerError('THROTTLED', `${refresh.message} Try again in ${refresh.retryAfter} s.`);
      case 'RefreshTokenInvalid':
      case 'RefreshTokenReused':
      case 'SessionEnded':
        this.#forget();
        throw new ServerError('UNAUTHENTICATED', refresh.message);
    }
  }

  /** Refreshes where the access token is missing or no longer accepted, and tries once more. */
  async #signedIn<Result>(call: (accessToken: string) => Promise<Result>): Promise<Result> {
    if (this.#accessToken !== null) {
      try {
        return await call(this.#accessToken);
      } catch (error) {
        if (!(error instanceof ServerError && error.code === 'UNAUTHENTICATED')) throw error;
      }
    }
    await this.refresh();
    return call(this.#accessToken ?? '');
  }

  #keep({ accessToken, refreshToken }: TokensFragment): void {
    if (refreshToken === null) throw new Error('The server sent no refresh token in the body.');
    this.#accessToken = accessToken;
    this.keeper.save({ refreshToken, pendingKey: null });
  }

  #forget(): void {
    this.#accessToken = null;
    this.keeper.save(null);
  }
}
