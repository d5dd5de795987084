/**
 * A PostgreSQL server for measuring: a real one, in a folder of its own that is gone afterwards, on loopback, on the core
 * of the servers. Durable as one in service is (fsync and synchronous_commit are on); nothing happens in it by itself
 * while somebody counts: no autovacuum, and checkpoints only when asked.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { childrenOf } from '../../lab/harness/family.js';
import { pinned } from '../../lab/harness/pinned.js';
import { startPostgres } from '../../lab/harness/postgres.js';

export interface Cluster {
  readonly port: number;
  readonly version: string;
  urlOf(database: string, port?: number): string;
  /** Makes an empty database and gives its URL. */
  create(database: string): Promise<string>;
  /** One statement as the owner, in a database. */
  ask<Row extends pg.QueryResultRow>(database: string, text: string): Promise<Row[]>;
  /** Nanoseconds of processor time that all its processes have taken; NaN where the system does not say. */
  processorNanoseconds(): number;
  end(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const server = await startPostgres({
    settings: {
      autovacuum: 'off',
      checkpoint_timeout: '1h',
      max_wal_size: '8GB',
      shared_buffers: '512MB',
    },
  });
  // Its processes inherit this.
  if (pinned) spawnSync('taskset', ['-acp', '0', String(server.pid)]);

  const clients = new Map<string, pg.Client>();
  // One for each database, and it stays: the time of a process that has ended is in no sum.
  const clientOf = async (database: string) => {
    const known = clients.get(database);
    if (known !== undefined) return known;
    const client = new pg.Client({ connectionString: server.url(database) });
    await client.connect();
    clients.set(database, client);
    return client;
  };
  const ask = async <Row extends pg.QueryResultRow>(database: string, text: string) =>
    (await (await clientOf(database)).query<Row>(text)).rows;
  const [row] = await ask<{ server_version: string }>('postgres', 'show server_version');
  return {
    port: server.port,
    version: row?.server_version.split(' ')[0] ?? 'unknown',
    urlOf: (database, port = server.port) => {
      const url = new URL(server.url(database));
      url.port = String(port);
      return url.href;
    },
    create: async (database) => {
      await ask('postgres', `create database ${database}`);
      return server.url(database);
    },
    ask,
    processorNanoseconds: () => familyNanoseconds(server.pid),
    end: async () => {
      for (const client of clients.values()) await client.end();
      await server.stop();
    },
  };
}

/** Of a process and its children, from Linux's /proc: schedstat counts nanoseconds where stat counts hundredths. */
function familyNanoseconds(parent: number): number {
  try {
    return [parent, ...childrenOf(parent)].reduce((total, pid) => total + ownNanoseconds(pid), 0);
  } catch {
    return Number.NaN;
  }
}

function ownNanoseconds(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ESRCH') return 0;
    throw fault;
  }
}
