/** Why a request of a client came to nothing, in kinds that call for different things. */

import type { GraphQLFault } from './transport.js';

export type ClientErrorKind =
  /** There was no answer: try again when there is a network. Nobody is signed out by it. */
  | 'unreachable'
  /** The server cannot serve now: try again after `retryAfterMs`. Nobody is signed out by it. */
  | 'unavailable'
  /** What this device keeps of the session cannot be read or written. Nobody is signed out by it. */
  | 'storage'
  /** Somebody else has signed in here since it was asked; it was not sent, since it would be sent as them. */
  | 'session-changed'
  /** The server refused, or what it did has failed in part: see `errors`. */
  | 'graphql';

export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly kind: ClientErrorKind;
  readonly errors: readonly GraphQLFault[];
  readonly retryAfterMs: number | null;

  constructor(
    kind: ClientErrorKind,
    message: string,
    more: {
      readonly errors?: readonly GraphQLFault[];
      readonly retryAfterMs?: number | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.kind = kind;
    this.errors = more.errors ?? [];
    this.retryAfterMs = more.retryAfterMs ?? null;
  }
}
