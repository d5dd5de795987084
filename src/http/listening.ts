/**
 * What a WebSocket and an event stream have in common: a client that was admitted by a credential, and what it listens
 * to. Ends with its session; then what was on its way to it is still given.
 */

import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { SessionId, UserId } from '../entities/identifier.js';
import type { SessionNews } from '../entities/session-news.js';
import type { Caller } from '../graphql/context.js';
import { type CookieJar, type CounterfoilContext, requestContext } from '../graphql/context.js';
import type { Push, Watched } from '../push/push.js';
import type { Queue } from '../push/queue.js';
import type { Authenticated, Authentication, PresentedCredentials } from '../session/contract.js';
import type { HttpParts } from './parts.js';

/** A connection that outlives its first answer can set no cookie. */
const NO_JAR: CookieJar = { keep: () => {}, clear: () => {} };

export interface Ending {
  /** Asked for a new credential. */
  renew(byMs: number): void;
  /** All that was on its way has been handed over or is lost. */
  over(because: 'ended' | 'expired' | 'too-slow'): void;
}

export class Listening implements Watched {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  presented: PresentedCredentials;
  expiresAt: number;
  readonly context: CounterfoilContext;
  readonly #push: Push;
  readonly #ending: Ending;
  readonly #unwatch: () => void;

  constructor(push: Push, context: CounterfoilContext, caller: Authenticated, ending: Ending) {
    this.#push = push;
    this.#ending = ending;
    this.userId = caller.userId;
    this.sessionId = caller.sessionId;
    this.expiresAt = caller.expiresAt;
    this.presented = context.counterfoil.presented;
    const follow = () => this.#follow();
    this.context = { counterfoil: { ...context.counterfoil, follow } };
    this.#unwatch = push.watch(this);
  }

  renew(byMs: number): void {
    this.#ending.renew(byMs);
  }

  over(because: 'ended' | 'expired'): void {
    this.stop();
    this.#ending.over(because);
  }

  /** The same credential, that is good for longer than it was. */
  extend(expiresAt: number): void {
    this.expiresAt = expiresAt;
  }

  /** A credential of the same session. */
  renewed(presented: PresentedCredentials, { expiresAt }: Authenticated): void {
    this.presented = presented;
    this.expiresAt = expiresAt;
    this.#push.renewed(this);
  }

  /** What waits is still given; nothing new comes. */
  stop(): void {
    this.#unwatch();
  }

  #follow(): Promise<Queue<SessionNews>> {
    return this.#push.follow(this, () => {
      this.stop();
      this.#ending.over('too-slow');
    });
  }
}

/** The context of a connection. Its `authentication` says whether it may listen. `meantFor`: as of any request. */
export function connectionContext(
  { context }: Pick<HttpParts, 'context'>,
  presented: PresentedCredentials,
  caller: Caller,
  meantFor: string | null = null,
): Promise<CounterfoilContext> {
  return requestContext(context, presented, caller, NO_JAR, meantFor);
}

/** What a client that may not listen has to do: `refresh` and come again, sign in anew, show a token at all, or wait. */
export type Hindrance = 'refresh' | 'over' | 'no-token' | 'later';

export function hindranceOf(authentication: Exclude<Authentication, Authenticated>): Hindrance {
  if (authentication.kind === 'undecided') return 'later';
  if (authentication.kind === 'anonymous') return 'no-token';
  switch (authentication.because) {
    case 'session-ended':
    case 'session-unknown':
      return 'over';
    case 'expired':
    case 'epoch-raised':
    case 'key-revoked':
    // Of a key that has been revoked, or that this node has yet to load.
    case 'unknown-key':
      return 'refresh';
    default:
      return 'no-token';
  }
}

export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

export function formatted(errors: readonly GraphQLError[], format: FormatError): GraphQLFormattedError[] {
  return errors.map((error) => format(error.toJSON(), error));
}
