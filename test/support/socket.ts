/** A client over a WebSocket: graphql-ws as its users use it, and bare messages where a test misbehaves. */

import { once } from 'node:events';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export const SESSION_EVENTS = `subscription {
  sessionEvents {
    __typename
    at
    ... on SessionEndedEvent { sessionId reason current }
    ... on SessionsEndedEvent { reason }
    ... on DeviceSignedInEvent { sessionId }
    ... on TokenReuseEvent { sessionId current }
    ... on MessageEvent { text }
  }
}`;

export interface SessionEventView {
  readonly __typename: string;
  readonly at: string;
  readonly sessionId?: string;
  readonly reason?: string;
  readonly current?: boolean;
  readonly text?: string;
}

export interface Listener {
  readonly client: Client;
  readonly events: SessionEventView[];
  readonly errors: unknown[];
  /** Close codes, in order. */
  readonly closed: number[];
  /** Whether the server has said that the subscription is complete. */
  completed: boolean;
  dispose(): void;
}

export interface ListenerOptions {
  /** Asked at the connection, and whenever the server asks for another. */
  readonly token: () => string | null | Promise<string | null>;
  readonly headers?: Record<string, string>;
  /** Whether it answers when the server asks for another token; true unless given. */
  readonly renews?: boolean;
}

/** Resolves once the subscription is under way, or has been refused. */
export async function listen(origin: string, options: ListenerOptions): Promise<Listener> {
  const { token, headers = {}, renews = true } = options;
  class Socket extends WebSocket {
    constructor(url: string, protocols: string | string[]) {
      super(url, protocols, { headers });
    }
  }
  let socket: WebSocket | null = null;
  const closed: number[] = [];
  const client = createClient({
    url: `${origin.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: Socket,
    retryAttempts: 0,
    lazy: true,
    connectionParams: async () => ({ accessToken: await token() }),
    on: {
      connected: (opened) => {
        socket = opened as WebSocket;
      },
      closed: (event) => closed.push((event as { code: number }).code),
      ping: async (received, payload) => {
        if (!received || !renews || payload?.['renewWithinMs'] === undefined) return;
        socket?.send(JSON.stringify({ type: 'pong', payload: { accessToken: await token() } }));
      },
    },
  });
  const listener: Listener = {
    client,
    events: [],
    errors: [],
    closed,
    completed: false,
    dispose: () => void client.dispose(),
  };
  await new Promise<void>((resolve) => {
    client.on('connected', () => setTimeout(resolve, 50));
    client.subscribe<{ sessionEvents: SessionEventView }>(
      { query: SESSION_EVENTS },
      {
        next: ({ data, errors }) => {
          if (data) listener.events.push(data.sessionEvents);
          if (errors) listener.errors.push(...errors);
        },
        error: (fault) => {
          listener.errors.push(fault);
          resolve();
        },
        complete: () => {
          listener.completed = true;
          resolve();
        },
      },
    );
  });
  return listener;
}

export interface BareSocket {
  readonly socket: WebSocket;
  readonly messages: Record<string, unknown>[];
  send(message: unknown): void;
  /** The close code. */
  readonly closed: Promise<number>;
}

/** A socket that says only what it is told. Rejects with the status where the upgrade is refused. */
export async function bareSocket(
  origin: string,
  headers: Record<string, string> = {},
  protocol = 'graphql-transport-ws',
): Promise<BareSocket> {
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/graphql`, protocol, { headers });
  const messages: Record<string, unknown>[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  const refused = once(socket, 'unexpected-response').then(([request, response]) => {
    request.destroy();
    throw new Error(String(response.statusCode));
  });
  await Promise.race([once(socket, 'open'), refused]);
  return {
    socket,
    messages,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}
