/**
 * The one connection over which this process reads the revocation log and hears that others have written to it. Apart
 * from the pool, since a position in the log is good only on the connection on which it was made: a new one may lead to
 * another server, a standby that has been promoted, whose transaction ids begin again where its copy ended.
 */

import pg from 'pg';
import { Unavailable } from '../../entities/unavailable.js';
import { clientSettings, LOOSELY, PINNED } from './connection-settings.js';

const CHANNEL = 'counterfoil_revocations';
/** Well under the 5 s after which a node counts as stale: a server that hangs is found out in time to look elsewhere. */
const ANSWER_TIMEOUT_MS = 2_000;
const RETRY_MS = { least: 50, most: 2_000 };

/** An open connection; the number tells it from those before and after it. */
export interface LogLine {
  readonly number: number;
  readonly client: pg.Client;
}

export class LogConnection {
  readonly #url: string;
  readonly #random: () => number;
  readonly #listeners = new Set<() => void>();
  /** Tells our own hints from those of others. */
  readonly #self: string;
  #line: LogLine | null = null;
  #opening: Promise<LogLine> | null = null;
  #opened = 0;
  #served = 0;
  #failures = 0;
  #resting: NodeJS.Timeout | null = null;
  #hinting: 'no' | 'yes' | 'again' = 'no';
  #closed = false;
  #turns: Promise<unknown> = Promise.resolve();

  constructor(url: string, random: () => number) {
    this.#url = url;
    this.#random = random;
    this.#self = random().toString(36).slice(2);
  }

  /** Works on the open connection, one after the other, and gives the connection up where that fails. */
  use<Result>(work: (line: LogLine) => Promise<Result>): Promise<Result> {
    const turn = this.#turns.then(() => this.#use(work));
    this.#turns = turn.catch(() => {});
    return turn;
  }

  async #use<Result>(work: (line: LogLine) => Promise<Result>): Promise<Result> {
    const line = await this.#open();
    try {
      return await work(line);
    } catch (fault) {
      this.#drop(line);
      throw fault;
    }
  }

  /** How many connections there were after the first. */
  get reconnects(): number {
    return Math.max(0, this.#served - 1);
  }

  onHint(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Tells the other processes to look. Not within the writing transaction: a commit that notifies holds a lock over the
   * whole cluster until it is on the disk. Several hints become one; one that is lost is made up for by polling.
   */
  hint(pool: Pick<pg.Pool, 'query'>): void {
    if (this.#hinting !== 'no') {
      this.#hinting = 'again';
      return;
    }
    this.#hinting = 'yes';
    const text = `with loosely as (${LOOSELY}) select pg_notify('${CHANNEL}', $1) from loosely`;
    pool
      .query({ name: 'hint', text, values: [this.#self] })
      .catch(() => {})
      .finally(() => {
        const again = this.#hinting === 'again';
        this.#hinting = 'no';
        if (again && !this.#closed) this.hint(pool);
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    if (this.#resting !== null) clearTimeout(this.#resting);
    const line = this.#line ?? (await this.#opening?.catch(() => null)) ?? null;
    this.#line = null;
    await line?.client.end().catch(() => {});
  }

  #open(): Promise<LogLine> {
    if (this.#line !== null) return Promise.resolve(this.#line);
    if (this.#closed || this.#resting !== null)
      return Promise.reject(new Unavailable('The revocation log is out of reach.'));
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #connect(): Promise<LogLine> {
    const client = new pg.Client({
      ...clientSettings(this.#url),
      application_name: 'counterfoil log',
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
    });
    const line = { number: ++this.#opened, client };
    // Errors and ends come between questions, too, and there the next question must find another connection.
    client.on('error', () => this.#drop(line));
    client.on('end', () => this.#drop(line));
    client.on('notification', ({ payload }) => {
      if (payload !== this.#self) for (const listener of this.#listeners) listener();
    });
    try {
      await client.connect();
      await client.query(`${PINNED}; listen ${CHANNEL}`);
    } catch (fault) {
      this.#drop(line);
      throw fault;
    }
    if (this.#closed) {
      await client.end().catch(() => {});
      throw new Unavailable('The revocation log is out of reach.');
    }
    this.#line = line;
    this.#served += 1;
    this.#failures = 0;
    return line;
  }

  /** Ends a connection and lets the next be opened only after a pause, so that a server that restarts is not stormed. */
  #drop(line: LogLine): void {
    if (this.#line !== null && this.#line !== line) return;
    this.#line = null;
    line.client
      .removeAllListeners('end')
      .end()
      .catch(() => {});
    if (this.#closed || this.#resting !== null) return;
    const pause = Math.min(RETRY_MS.most, RETRY_MS.least * 2 ** this.#failures);
    this.#failures += 1;
    this.#resting = setTimeout(
      () => {
        this.#resting = null;
      },
      pause * (0.5 + this.#random() / 2),
    );
    this.#resting.unref();
  }
}
