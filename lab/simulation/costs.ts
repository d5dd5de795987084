/**
 * What work costs: the parameters of the simulation. They are measured by `npm run bench:postgres`; whatever has not been
 * measured is assumed, and said to be.
 */

import type { PostgresResults } from '../../bench/postgres/results.js';
import { type FeedEvent, writeFeedEvent } from '../../src/revocation/feed-events.js';
import { costOf, feedCost } from './measured.js';

export interface Costs {
  /** Processor time of the database for one reading of the log that finds nothing. */
  readonly readMs: number;
  readonly databaseCores: number;
  /** Processor time of a node for one reading: to ask, and to take in the answer. */
  readonly readAtNodeMs: number;
  /** From a commit's arrival at the database until it is durable. */
  readonly commitMs: number;
  /**
   * Processor time of a node or relay to send one consumer what one reading brought, of that for each revocation, and to
   * send one heartbeat.
   */
  readonly sendMs: number;
  readonly eventMs: number;
  readonly heartbeatMs: number;
  readonly eventBytes: number;
  readonly heartbeatBytes: number;
  /** How long a log entry lives: as long as an access token, the skew, and maxStaleness. */
  readonly entryLivesMs: number;
}

const REVOCATION: FeedEvent = {
  kind: 'revocation',
  id: '0'.repeat(20),
  entry: {
    revocation: { kind: 'session-ended', sessionId: 'A'.repeat(22) as never },
    until: 1_700_000_000_000,
  },
};
const FRESH: FeedEvent = { kind: 'fresh', freshMs: 123_456_789 };

export const ASSUMED: Costs = {
  readMs: 0.1,
  databaseCores: 4,
  readAtNodeMs: 0.1,
  commitMs: 2,
  sendMs: 0.01,
  eventMs: 0.0002,
  heartbeatMs: 0.01,
  // What the server really writes, to the byte but for the length of an id.
  eventBytes: writeFeedEvent(REVOCATION).length,
  heartbeatBytes: writeFeedEvent(FRESH).length,
  entryLivesMs: 335_000,
};

/** The costs to simulate with, and which of them were measured. */
export function costsFrom(results: PostgresResults | null): {
  readonly costs: Costs;
  readonly measured: readonly string[];
} {
  const inMs = (microseconds: number | null) => (microseconds === null ? null : microseconds / 1_000);
  const figures: Partial<Record<keyof Costs, number | null>> = {
    readMs: inMs(costOf(results, 'read the log, idle', 'serverMicroseconds')),
    readAtNodeMs: inMs(costOf(results, 'read the log, idle', 'clientMicroseconds')),
    // All that ending a session takes, most of it the wait for the disk.
    commitMs: inMs(costOf(results, 'end', 'microseconds')),
    sendMs: inMs(feedCost(results, 'pieceMicroseconds')),
    eventMs: inMs(feedCost(results, 'eventMicroseconds')),
    heartbeatMs: inMs(feedCost(results, 'heartbeatMicroseconds')),
  };
  const known = Object.entries(figures).filter((entry): entry is [string, number] => entry[1] !== null);
  return { costs: { ...ASSUMED, ...Object.fromEntries(known) }, measured: known.map(([name]) => name) };
}
