/**
 * One WebSocket, in the protocol of graphql-ws (`graphql-transport-ws`). It lives by the access token that comes with
 * `connection_init`, and no longer than the session. Before the token expires the server sends a `ping` that asks for
 * another, and the client answers in the payload of its `pong`, or of a `ping` of its own at any time. Subscriptions go
 * on meanwhile.
 *
 *     → connection_init { accessToken, sessionId }   ← connection_ack { accessTokenExpiresAt }
 *     ← ping { renewWithinMs }                       → pong { accessToken, sessionId }
 *
 * `sessionId` may be left out: whose session the client takes itself to be, as `counterfoil-session` says it of a POST.
 */

import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import type { Server, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { addressKey } from '../entities/address.js';
import type { UserId } from '../entities/identifier.js';
import type { Caller } from '../graphql/context.js';
import type { LimitsOptions } from '../graphql/limits/plugin.js';
import { prepareSubscription } from '../graphql/subscription.js';
import type { PresentedCredentials } from '../session/contract.js';
import {
  connectionContext,
  type FormatError,
  formatted,
  type Hindrance,
  hindranceOf,
  Listening,
} from './listening.js';
import type { HttpParts } from './parts.js';
import type { PushLimits } from './push-limits.js';

/** Why the server closes: RFC 6455 §7.4 leaves 4000 to 4999 to applications; graphql-ws has some of them. */
export const CLOSE = {
  refresh: [4001, 'The access token is not good any more: come back with another'],
  'no-token': [4401, 'This needs an access token'],
  over: [4403, 'The session is over'],
  tooMany: [4429, 'Too many'],
  later: [1013, 'Try again later'],
  goingAway: [1001, 'The server is stopping'],
  binary: [1003, 'Only text'],
  malformed: [4400, 'This message cannot be understood'],
  // Not 1011, after which graphql-ws does not come back.
  fault: [1013, 'Something went wrong on our side'],
} as const satisfies Record<Hindrance | string, readonly [number, string]>;

const THROTTLED = { extensions: { code: 'THROTTLED' } };
const MESSAGES_WINDOW_MS = 10_000;
/** In characters; a close may say 123 bytes (RFC 6455 §5.5), and graphql-ws quotes what the client wrote. */
const REASON_LENGTH = 40;

/** As graphql-ws spells `ExecutionResult`. */
interface Result {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly GraphQLError[] | undefined;
}

export interface Origin {
  readonly caller: Caller;
  /** Of the request that was upgraded. */
  readonly presented: PresentedCredentials;
}

export interface ConnectionParts extends Pick<HttpParts, 'context' | 'push' | 'clock' | 'log'> {
  readonly limits: PushLimits;
  readonly documents: LimitsOptions;
  readonly schema: Parameters<typeof prepareSubscription>[0];
  readonly format: FormatError;
  /** Counts it as its user's. False: they have no room for one more. */
  admit(connection: SocketConnection, userId: UserId): boolean;
}

export class SocketConnection {
  /** What it is counted by before it is somebody's. */
  readonly address: string;
  readonly #parts: ConnectionParts;
  readonly #socket: WebSocket;
  readonly #origin: Origin;
  #listening: Listening | null = null;
  #running = 0;
  #whenIdle: (() => void) | null = null;
  #answered = true;
  #closing = false;
  #messages = { since: 0, count: 0 };

  constructor(parts: ConnectionParts, socket: WebSocket, origin: Origin) {
    this.#parts = parts;
    this.#socket = socket;
    this.#origin = origin;
    this.address = addressKey(origin.caller.ipAddress);
    socket.on('pong', () => {
      this.#answered = true;
    });
  }

  get userId(): UserId | null {
    return this.#listening?.userId ?? null;
  }

  /** Hands the socket to graphql-ws, which calls back by the methods below. */
  open(server: Server<SocketConnection>): void {
    const socket = this.#socket;
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => this.#send(data),
        close: (code = 1000, reason = '') => this.#end(code, reason.slice(0, REASON_LENGTH)),
        onMessage: (take) => {
          socket.on('message', (data, isBinary) => {
            if (this.#closing) return;
            if (isBinary) return this.close('binary');
            if (this.#isTooMuch()) return this.close('tooMany');
            take(String(data)).catch((fault: unknown) => this.#fail(fault));
          });
        },
        onPing: () => this.#send(JSON.stringify({ type: 'pong', payload: this.#ownFacts() })),
      },
      this,
    );
    socket.once('close', (code, reason) => {
      this.#listening?.stop();
      closed(code, String(reason)).catch((fault: unknown) => this.#fail(fault));
    });
  }

  /** On `connection_init`. False: it has been closed. */
  async admit(
    params: Readonly<Record<string, unknown>> | undefined,
  ): Promise<Record<string, unknown> | false> {
    const { push } = this.#parts;
    const context = await connectionContext(this.#parts, this.#credentials(params), this.#origin.caller);
    const { authentication } = context.counterfoil;
    if (authentication.kind !== 'authenticated') {
      this.close(hindranceOf(authentication));
      return false;
    }
    if (meansAnother(params, authentication.sessionId)) {
      this.close('no-token');
      return false;
    }
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (!this.#parts.admit(this, authentication.userId)) {
      this.close('tooMany');
      return false;
    }
    this.#listening = new Listening(push, context, authentication, {
      renew: (renewWithinMs) => {
        void this.#send(JSON.stringify({ type: 'ping', payload: { renewWithinMs } }));
      },
      over: (because) => {
        if (because === 'too-slow') this.cut();
        else this.#closeWhenIdle(because === 'ended' ? 'over' : 'refresh');
      },
    });
    return this.#ownFacts();
  }

  /** A payload of a `ping` or `pong`: it may hold a new access token. */
  async show(payload: Readonly<Record<string, unknown>> | undefined): Promise<void> {
    const listening = this.#listening;
    if (listening === null) return;
    if (meansAnother(payload, listening.sessionId)) {
      this.close('no-token');
      return;
    }
    if (typeof payload?.['accessToken'] !== 'string') return;
    const presented = this.#credentials(payload);
    const authentication = await this.#parts.context.parts.model.authenticate(presented);
    // One that is no good changes nothing: there may be time for another.
    if (authentication.kind !== 'authenticated') return;
    if (authentication.sessionId === listening.sessionId) listening.renewed(presented, authentication);
    else this.close('no-token');
  }

  prepare({ query, operationName, variables }: SubscribePayload) {
    const { schema, documents, limits } = this.#parts;
    if (this.#listening === null || this.#running >= limits.subscriptionsPerConnection)
      return [new GraphQLError('This connection has as many subscriptions as it may.', THROTTLED)];
    const prepared = prepareSubscription(
      schema,
      { query, operationName, variables },
      this.#listening.context,
      documents,
    );
    if (prepared.kind === 'refused') return prepared.errors;
    this.#running += 1;
    return prepared.args;
  }

  completed(): void {
    this.#running = Math.max(0, this.#running - 1);
    // What is said last goes out before the close that this may lead to.
    if (this.#running === 0) setImmediate(() => this.#whenIdle?.());
  }

  formatted({ errors, data = null }: Result): FormattedExecutionResult {
    return errors === undefined ? { data } : { data, errors: formatted(errors, this.#parts.format) };
  }

  formattedErrors(errors: readonly GraphQLError[]) {
    return formatted(errors, this.#parts.format);
  }

  /** Once in a heartbeat. */
  beat(): void {
    const isFull = this.#socket.bufferedAmount > this.#parts.limits.bufferBytes;
    if (!this.#answered || isFull) {
      this.cut();
      return;
    }
    this.#answered = false;
    this.#socket.ping();
  }

  close(because: keyof typeof CLOSE): void {
    const [code, reason] = CLOSE[because];
    this.#end(code, reason);
  }

  cut(): void {
    this.#socket.terminate();
  }

  /** By whomever it is closed, graphql-ws included: nobody keeps a place by not answering. */
  #end(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#listening?.stop();
    this.#socket.close(code, reason);
    const patience = setTimeout(() => this.cut(), this.#parts.limits.farewellMs).unref();
    this.#socket.once('close', () => clearTimeout(patience));
  }

  #closeWhenIdle(because: Hindrance): void {
    if (this.#running === 0) {
      this.close(because);
      return;
    }
    const patience = setTimeout(() => this.close(because), this.#parts.limits.farewellMs).unref();
    this.#whenIdle = () => {
      clearTimeout(patience);
      this.#whenIdle = null;
      this.close(because);
    };
  }

  /** What the client shows now; where it shows nothing, what came with the upgrade. */
  #credentials(params: Readonly<Record<string, unknown>> | undefined): PresentedCredentials {
    const token = params?.['accessToken'];
    const bearer = typeof token === 'string' ? token : this.#origin.presented.bearer;
    return { bearer, cookie: this.#origin.presented.cookie };
  }

  #ownFacts(): Record<string, unknown> {
    const listening = this.#listening;
    if (listening === null) return {};
    const now = new Date(this.#parts.clock.now());
    return {
      accessTokenExpiresAt: new Date(listening.expiresAt).toISOString(),
      serverTime: now.toISOString(),
    };
  }

  #send(data: string): Promise<void> {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return Promise.resolve();
    if (socket.bufferedAmount > this.#parts.limits.bufferBytes) {
      this.cut();
      return Promise.resolve();
    }
    // Resolved when it has left, so that a slow reader is given no more than it takes. An error closes the socket.
    return new Promise((resolve) => socket.send(data, () => resolve()));
  }

  #isTooMuch(): boolean {
    const now = this.#parts.clock.monotonic();
    if (now - this.#messages.since > MESSAGES_WINDOW_MS) this.#messages = { since: now, count: 0 };
    this.#messages.count += 1;
    return this.#messages.count > this.#parts.limits.messages;
  }

  #fail(fault: unknown): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    // What a client may not say; graphql-ws has no other name for it.
    if (fault instanceof Error && fault.message.startsWith('Unexpected message')) {
      this.close('malformed');
      return;
    }
    this.#parts.log.error({ event: 'unexpected', err: fault }, 'a WebSocket failed unexpectedly');
    this.close('fault');
  }
}

/** A cookie changes hands where somebody else signs in: what it proves is not what a client means that names another. */
function meansAnother(payload: Readonly<Record<string, unknown>> | undefined, proven: string): boolean {
  const meant = payload?.['sessionId'];
  return typeof meant === 'string' && meant !== proven;
}
