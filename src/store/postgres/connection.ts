/**
 * The connections of one process to PostgreSQL, and the two ways to write through them. Owns the pool, transactions and
 * their repetition, and the telling of the revocation log's subscribers; not a single query of a table.
 *
 * What must not be lost waits until the server says that it is durable, on the synchronous standby, too, where there is
 * one. What may be lost is one statement that turns the waiting off for itself alone (`LOOSELY`).
 */

import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { RevocationEntry } from '../../entities/revocation.js';
import type { PoolFigures, Troubles } from '../ports/store.js';
import { commit } from './commit.js';
import { clientSettings, DURABLE, PINNED } from './connection-settings.js';
import { CommitUnknown, isDone, type LogRow, type Made } from './doubt.js';
import { isConflict, isLost, isTimeout } from './faults.js';
import { LogConnection } from './log-connection.js';

export interface PostgresSettings {
  readonly url: string;
  readonly poolSize: number;
  /** From 0 to 1; for pauses that must not fall together. */
  readonly random: () => number;
}

export type Drizzled = NodePgDatabase;
export type Transaction = Pick<Drizzled, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;
export type Tell = (row: LogRow) => void;
type Listener = (entries: readonly RevocationEntry[]) => void;

const ATTEMPTS = 3;
const PAUSE_MS = 50;

/** A commit waits for all that comes before it in the write-ahead log, but only where it has written to that itself. */
const WRITE_SOMETHING = `select pg_logical_emit_message(true, 'counterfoil', '')`;

export interface DurablyOptions {
  /**
   * Whether the work may be done again where the connection was lost while the commit was under way, so that nobody
   * knows whether it happened. What writes to the revocation log always may: the log tells, and what happened is not
   * done again. Other work may where doing it twice comes to the same.
   */
  readonly repeatable: boolean;
}

/**
 * A standby, or a primary that was made one, answers with what was true once: a node that follows no log any more would
 * ask it about sessions, and be told that one that has ended lives. Asked of a new connection only, since no server
 * becomes a standby without breaking those that it has.
 */
async function mustBePrimary(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ recovering: boolean }>('select pg_is_in_recovery() as recovering');
  if (rows[0]?.recovering !== false) throw new Error('Connection refused: the server is a standby');
}

export class Connection {
  readonly pool: pg.Pool;
  readonly db: Drizzled;
  readonly log: LogConnection;
  readonly #listeners = new Set<Listener>();
  readonly #limit: number;
  readonly #random: () => number;
  readonly #troubles = { conflicts: 0, losses: 0, timeouts: 0 };

  constructor({ url, poolSize, random }: PostgresSettings) {
    this.#limit = poolSize;
    this.#random = random;
    this.pool = new pg.Pool({
      ...clientSettings(url),
      max: poolSize,
      idleTimeoutMillis: 30_000,
      onConnect: async (client) => {
        client.on('error', () => {});
        await client.query(`${PINNED}; ${DURABLE}`);
        await mustBePrimary(client);
      },
    });
    // An idle connection that breaks is dropped by the pool; nobody was using it.
    this.pool.on('error', () => {});
    this.db = drizzle(this.pool);
    this.log = new LogConnection(url, random);
  }

  /** A transaction that is durable when this resolves; then the subscribers hear of its log rows, and others get a hint. */
  async durably<Result>(
    { repeatable }: DurablyOptions,
    work: (tx: Transaction, tell: Tell) => Promise<Result>,
  ): Promise<Result> {
    let last: Made<Result> | null = null;
    const { result, rows } = await this.#again(repeatable, (afterUnknown) =>
      this.#once(async (tx) => {
        if (afterUnknown && last !== null && (await isDone(tx, last))) return last;
        const rows: LogRow[] = [];
        last = { result: await work(tx, (row) => rows.push(row)), rows };
        return last;
      }, afterUnknown),
    );
    if (rows.length > 0) {
      const entries = rows.map(({ entry }) => entry);
      for (const listener of this.#listeners) listener(entries);
      this.log.hint(this.pool);
    }
    return result;
  }

  /** One statement, or a few that read. Done again where the connection breaks: only for what may be done twice. */
  repeatedly<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#again(true, work);
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  figures(): PoolFigures {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { limit: this.#limit, open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  troubles(): Troubles {
    return { ...this.#troubles, reconnects: this.log.reconnects };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.log.close();
    if (!this.pool.ended) await this.pool.end();
  }

  /** What another transaction undid, or a broken connection, is tried again after a pause; what took too long is not. */
  async #again<Result>(
    repeatable: boolean,
    once: (afterUnknown: boolean) => Promise<Result>,
  ): Promise<Result> {
    let unknown = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(unknown);
      } catch (fault) {
        unknown ||= fault instanceof CommitUnknown;
        const cause = fault instanceof CommitUnknown ? fault.cause : fault;
        const late = isTimeout(cause);
        if (late) this.#troubles.timeouts += 1;
        const conflict = isConflict(cause);
        const broken = isLost(cause) && !late && (repeatable || !unknown);
        if (attempt === ATTEMPTS || !(conflict || broken)) throw cause;
        this.#troubles[conflict ? 'conflicts' : 'losses'] += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt * (0.5 + this.#random())));
    }
  }

  /** `afterUnknown`: an attempt before this one may have happened. */
  async #once<Result>(work: (tx: Transaction) => Promise<Result>, afterUnknown: boolean): Promise<Result> {
    const client = await this.pool.connect();
    let failure: unknown = null;
    try {
      await client.query('begin');
      const result = await work(drizzle(client));
      // It may find that everything was done, and write nothing; what it found must be durable when it is told all the same.
      if (afterUnknown) await client.query(WRITE_SOMETHING);
      await commit(client);
      return result;
    } catch (fault) {
      failure = fault instanceof CommitUnknown ? fault.cause : fault;
      if (!isLost(failure)) await client.query('rollback').catch(() => {});
      throw fault;
    } finally {
      // A connection on which an answer is still to come must not serve anybody else.
      client.release(failure !== null && isLost(failure));
    }
  }
}
