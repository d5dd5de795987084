/**
 * graphql-ws: a socket that takes new tokens without being broken, is opened anew where the network breaks it, and is
 * closed with the session. Browsers and Node.js from 22 on have a `WebSocket`; before that it comes from `ws`.
 */

import { type SessionClient, socketOptions } from 'counterfoil/client';
import { type Client, createClient } from 'graphql-ws';

export function socketClient(client: SessionClient, url: string, webSocketImpl?: unknown): Client {
  return createClient({ url, ...socketOptions(client), webSocketImpl });
}
