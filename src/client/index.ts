/**
 * The client for browsers and Node.js: one session, kept alive. Whoever has it asks the API, or hands its access tokens to
 * another GraphQL client, and never deals with refreshing.
 */

import { type ClientSettings, SessionClient } from './session-client.js';

export type { Clock } from '../system/clock.js';
export { type AuthorizedFetchOptions, authorizedFetch } from './authorized-fetch.js';
export type { ClientState } from './client-state.js';
export { ClientError, type ClientErrorKind } from './errors.js';
export { indexedDbStorage } from './indexed-db-storage.js';
export { memoryStorage } from './memory-storage.js';
export type { SignOutReason, Tokens } from './renewal.js';
export type { ClientSettings, SessionClient } from './session-client.js';
export { type SocketOptions, socketOptions } from './socket-options.js';
export type { Channel, ClientStorage, Message, RefreshKey, Sending, Stored } from './storage.js';
export type { GraphQLFault, TypedDocument } from './transport.js';

/** Nothing is sent and nothing is read until it is asked something. */
export function createClient(settings: ClientSettings): SessionClient {
  return new SessionClient(settings);
}
