/**
 * What a client keeps between calls, tabs and starts, and the duty of whoever keeps it. Access tokens are not among it:
 * they stay in memory, and go to other tabs by the channel.
 */

import { ClientError } from './errors.js';
import { TEXTS } from './texts.js';

/** One request that has been sent: when, and until when the server may still carry it out; wall clock, milliseconds. */
export interface Sending {
  readonly id: string;
  readonly by: string;
  readonly at: number;
  readonly until: number;
  readonly what: 'refresh' | 'logout';
  /** It broke off: the server may carry it out yet, but no answer of it will come, nor change a cookie. */
  readonly isBroken?: boolean;
  /** A logout: another one's answer has taken the cookie away, so that its absence says nothing of this one's answer. */
  readonly isOvertaken?: boolean;
}

/** An idempotency key, and the requests with it that may be under way. */
export interface RefreshKey {
  readonly text: string;
  readonly sendings: readonly Sending[];
}

export interface Stored {
  readonly sessionId: string;
  /** Goes up with each refresh that this storage has seen. Begins anew, higher, with each sign-in. */
  readonly version: number;
  /** What is shown to refresh; null where it travels in a cookie. */
  readonly refreshToken: string | null;
  /** Of the refresh that is due: whoever refreshes this version sends this key. */
  readonly next: RefreshKey | null;
  /** Of the refresh that made this version. */
  readonly last: RefreshKey | null;
  /** The user has logged out here, and the server has yet to be told. */
  readonly farewell: boolean;
}

/** What one client tells the others on the same storage. */
export type Message =
  | {
      readonly kind: 'renewed';
      readonly sessionId: string;
      readonly version: number;
      readonly accessToken: string | null;
      /** Milliseconds since the epoch, by the server's clock. */
      readonly accessTokenExpiresAt: number;
      /** Whether the session goes with it, since nothing else renews it: in models without refresh tokens. */
      readonly isAllThereIs: boolean;
      readonly serverTime: number;
      /** When it heard that, by the wall clock that they share. */
      readonly at: number;
      /** It came in place of one that was refused: where it is refused, too, there is no use in another. */
      readonly isReplacement?: boolean;
    }
  /** Whoever has an access token may say so. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'signed-out'; readonly because: 'ended' | 'reused' | 'logout' };

export interface Channel {
  /** Never throws. */
  post(message: Message): void;
  /** Only what others post. */
  subscribe(listener: (message: Message) => void): () => void;
  close(): void;
}

export interface ClientStorage {
  read(): Promise<Stored | null>;
  /**
   * Replaces what is stored by what `change` makes of it; resolves to what is stored then. Nobody else on the same
   * storage, in this process or another, reads or writes in between. `change` is pure, and may be called again.
   */
  update(change: (stored: Stored | null) => Stored | null): Promise<Stored | null>;
  /** Null where there is nobody else to talk to. */
  readonly channel: Channel | null;
}

/** Whatever goes wrong with it, as an error of the client. */
export function storageOf(storage: ClientStorage): ClientStorage {
  // An adapter may throw before there is a promise.
  const tried = (work: () => Promise<Stored | null>) =>
    (async () => work())().catch((cause: unknown) => {
      throw new ClientError('storage', TEXTS.storage, { cause });
    });
  return {
    read: () => tried(() => storage.read()),
    update: (change) => tried(() => storage.update(change)),
    channel: storage.channel,
  };
}
