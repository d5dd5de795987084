/**
 * A person with a device, as simple as clients are in practice and the same for every session model: on UNAUTHENTICATED
 * it renews and tries again, and only if that fails it shows its sign-in page. It may also renew ahead of the expiry it
 * was told, by a clock that may be wrong. Called by the experiments on expiry and on the stolen phone.
 */

import { ask, type Sent } from '../harness/client.js';

export interface Manner {
  readonly renews: 'when refused' | 'by its own clock' | "by the server's clock";
  /** The true time, which the visitor's own clock may miss. Milliseconds. */
  readonly now: () => number;
  /** How far its own clock is ahead; negative where it is behind. */
  readonly skewMs: number;
  /** How long before the told expiry it renews, where it goes by a clock. */
  readonly marginMs: number;
}

/** Instants are milliseconds, by the server's clock. */
export interface Held {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresAt: number;
  /** When a session that is not renewed dies, if the model told. */
  readonly diesAt: number | null;
  readonly serverTime: number;
}

interface TokenSet {
  readonly accessToken: string | null;
  readonly accessTokenExpiresAt: string;
  readonly refreshToken: string | null;
  readonly refreshTokenExpiresAt: string | null;
  readonly serverTime: string;
}

const TOKENS = 'tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt serverTime }';
const BEGINNINGS = {
  login: `mutation ($input: LoginInput!) { login(input: $input) { ... on LoginSuccess { ${TOKENS} } } }`,
  register: `mutation ($input: RegisterInput!) { register(input: $input) { ... on RegisterSuccess { ${TOKENS} } } }`,
};
const REFRESH = `mutation ($input: RefreshInput!) { refresh(input: $input) { ... on RefreshSuccess { ${TOKENS} } } }`;

export class Visitor {
  signedOut = false;
  renewals = 0;
  /** Requests that were refused at first, whatever became of them. */
  refusals = 0;
  /** By the server's clock. */
  readonly signedInAt: number;
  /** What the told time is to be corrected by, for whoever goes by the server's clock. */
  #offsetMs = 0;

  constructor(
    readonly url: string,
    readonly manner: Manner,
    public held: Held,
  ) {
    this.signedInAt = held.serverTime;
    this.#hold(held);
  }

  /** Another tab that holds a copy of the same credential. */
  twin(): Visitor {
    return new Visitor(this.url, this.manner, this.held);
  }

  /** Opens a page that needs a signed-in user; false once the sign-in page is shown. */
  async use(): Promise<boolean> {
    if (this.signedOut) return false;
    // That a renewal ahead of time failed is no reason to sign out: the token at hand may still be good.
    if (this.#seemsDue()) await this.renew();
    if (await this.#opens()) return true;
    this.refusals += 1;
    if ((await this.renew()) && (await this.#opens())) return true;
    this.signedOut = true;
    return false;
  }

  async renew(idempotencyKey: string | null = null): Promise<boolean> {
    this.renewals += 1;
    const tokens = await sendRefresh(this.url, this.held, idempotencyKey);
    if (tokens === null) return false;
    this.#hold(tokens);
    return true;
  }

  /** A renewal that reaches the server, and whose answer never arrives. */
  async renewInVain(idempotencyKey: string | null): Promise<void> {
    await sendRefresh(this.url, this.held, idempotencyKey);
  }

  #hold(held: Held): void {
    this.held = held;
    this.#offsetMs = held.serverTime - this.#ownClock();
  }

  #seemsDue(): boolean {
    const { renews, marginMs } = this.manner;
    if (renews === 'when refused') return false;
    const correction = renews === 'by its own clock' ? 0 : this.#offsetMs;
    return this.#ownClock() + correction >= this.held.expiresAt - marginMs;
  }

  #ownClock(): number {
    return this.manner.now() + this.manner.skewMs;
  }

  async #opens(): Promise<boolean> {
    const { data, code } = await ask(this.url, '{ viewer { id } }', {}, { bearer: this.held.accessToken });
    if (data?.['viewer']) return true;
    if (code === 'UNAUTHENTICATED') return false;
    throw new Error(`a page was neither shown nor refused: ${code}`);
  }
}

export interface Person {
  readonly email: string;
  readonly password: string;
}

/** A new session of a user, or of a new user, its credential in the body. */
export async function begin(
  how: keyof typeof BEGINNINGS,
  url: string,
  person: Person,
  manner: Manner,
): Promise<Visitor> {
  const { data, code } = await ask(url, BEGINNINGS[how], { input: { ...person, delivery: 'BODY' } });
  const tokens = (data?.[how] as { tokens?: TokenSet } | undefined)?.tokens;
  if (tokens === undefined) throw new Error(`${how}: ${code}`);
  return new Visitor(url, manner, heldOf(tokens));
}

async function sendRefresh(url: string, held: Held, idempotencyKey: string | null): Promise<Held | null> {
  const { refreshToken, accessToken } = held;
  const sent: Sent = refreshToken === null ? { bearer: accessToken } : {};
  const { data } = await ask(url, REFRESH, { input: { refreshToken, idempotencyKey } }, sent);
  const tokens = (data?.['refresh'] as { tokens?: TokenSet } | null | undefined)?.tokens;
  return tokens === undefined ? null : heldOf(tokens);
}

function heldOf(tokens: TokenSet): Held {
  const { accessToken, refreshToken, refreshTokenExpiresAt } = tokens;
  if (accessToken === null) throw new Error('the body holds no access token');
  return {
    accessToken,
    refreshToken,
    expiresAt: Date.parse(tokens.accessTokenExpiresAt),
    diesAt: refreshTokenExpiresAt === null ? null : Date.parse(refreshTokenExpiresAt),
    serverTime: Date.parse(tokens.serverTime),
  };
}
