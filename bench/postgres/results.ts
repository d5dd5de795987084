/**
 * What operations cost on PostgreSQL, as measured: the raw results of `npm run bench:postgres`. Read by the report of
 * the benchmark, by the simulator, whose parameters they are, and by the page on scaling.
 */

import { join } from 'node:path';
import type { Machine } from '../../lab/harness/machine.js';
import { REPOSITORY } from '../../lab/harness/server.js';
import { readJson, writeJson } from '../json-file.js';

/** One operation of the store, done many times one after the other; means. Null where it cannot be told. */
export interface OperationCost {
  readonly operation: string;
  readonly store: 'postgres' | 'sqlite';
  readonly round: number;
  readonly times: number;
  /** From the call to its answer. */
  readonly microseconds: number;
  /** Processor time of this process. */
  readonly clientMicroseconds: number;
  /** Processor time of the database's processes. */
  readonly serverMicroseconds: number | null;
  readonly statements: number | null;
  readonly roundTrips: number | null;
  /** Pages that were changed before since the last checkpoint: no whole page is in it. */
  readonly walBytes: number | null;
}

/** What rows take on disk: all forks of the table, and its indexes. */
export interface SizeOnDisk {
  readonly table: string;
  readonly state: string;
  readonly rows: number;
  readonly tableBytes: number;
  readonly indexBytes: number;
}

/** The feed of one node, with so many consumers. Processor time of the node for one of them. */
export interface FeedCost {
  readonly round: number;
  readonly consumers: number;
  /** What one reading of the log brought, however much it is. */
  readonly pieceMicroseconds: number;
  /** Each revocation in it. */
  readonly eventMicroseconds: number;
  readonly heartbeatMicroseconds: number;
}

/** From the answer to a mutation at one node until verifiers behind each node had heard. Milliseconds. */
export interface FeedLag {
  readonly nodes: number;
  readonly verifiers: number;
  readonly revocations: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Processor time of what no database does for us. */
export interface WorkCost {
  readonly work: 'argon2id' | 'ES256 signature' | 'ES256 verification' | 'refresh' | 'viewer';
  readonly round: number;
  readonly microseconds: number;
}

export interface PostgresResults {
  /** ISO 8601. */
  readonly at: string;
  readonly commit: string | null;
  readonly machine: Machine;
  readonly postgres: string;
  readonly quick: boolean;
  readonly rounds: number;
  readonly pinned: boolean;
  readonly operations: readonly OperationCost[];
  readonly sizes: readonly SizeOnDisk[];
  /** Share of rotations that changed no index. */
  readonly hotRotations: number | null;
  readonly feed: readonly FeedCost[];
  readonly lag: FeedLag | null;
  readonly work: readonly WorkCost[];
}

/** The run that `docs/scaling.md` is made from. */
export const PUBLISHED_POSTGRES = join(REPOSITORY, 'bench/results-postgres.json');

/** Null where there is no such file. Throws where it is no JSON. */
export const readPostgresResults = (file: string): PostgresResults | null => readJson<PostgresResults>(file);

/** Whole or not at all. */
export const writePostgresResults: (file: string, results: PostgresResults) => void = writeJson;
