/** What one process gives to clients that listen. */

export interface PushLimits {
  /** WebSockets, those that have not shown a token yet included; and as many event streams. */
  readonly connections: number;
  /** Of each kind. */
  readonly connectionsPerUser: number;
  /** WebSockets that have yet to show a token. Where one more comes, the one that has waited longest is cut off. */
  readonly strangers: number;
  /** WebSockets from one address (IPv6: one /64) that have yet to show a token. */
  readonly strangersPerAddress: number;
  readonly subscriptionsPerConnection: number;
  /** Of one message from a client. */
  readonly messageBytes: number;
  /** Messages from a client within ten seconds. */
  readonly messages: number;
  /** What may wait for a client that does not read. */
  readonly bufferBytes: number;
  /** For `connection_init` to come. */
  readonly initMs: number;
  /** For last words, and for the client to answer that the connection is closed; then it is cut. */
  readonly farewellMs: number;
  /** Between two heartbeats; a client that has not answered one when the next is due has gone. */
  readonly heartbeatMs: number;
}

export const PUSH_LIMITS: PushLimits = {
  connections: 10_000,
  connectionsPerUser: 50,
  strangers: 1_000,
  strangersPerAddress: 100,
  subscriptionsPerConnection: 10,
  messageBytes: 16 * 1024,
  messages: 100,
  bufferBytes: 256 * 1024,
  initMs: 5_000,
  farewellMs: 2_000,
  heartbeatMs: 15_000,
};
