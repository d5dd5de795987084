/**
 * `kill -9` of the server at random moments under load, 10 times, or 50 where COUNTERFOIL_LONG_TESTS is set. Clients that
 * keep their idempotency keys go on where they were; whoever was told that they are logged out stays so. Two files with a
 * server each take the kills in turns of their own, to halve the time.
 */

import { randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { readRefreshToken } from '../../src/tokens/refresh-token.js';
import type { Tokens } from '../support/mutation.js';
import {
  ask,
  endAll,
  mutate,
  type ServerProcess,
  startServer,
  verdicts,
  whoIs,
} from '../support/server-process.js';

const LANES = 2;
const KILLS_PER_LANE = process.env['COUNTERFOIL_LONG_TESTS'] ? 25 : 5;
const CLIENTS = 4;
const LEAVERS = ['logout', 'logoutAllDevices', 'logout', 'logoutAllDevices'] as const;
const LOAD_MS = { min: 30, max: 350 };
const PASSWORD = 'orchid kettle granite 41';

const MISCOUNTED = `select u.email from users u where u.session_count <>
  (select count(*) from sessions s where s.user_id = u.id and s.epoch = u.epoch and s.ended_at is null)`;

interface Held {
  readonly access: string;
  readonly refresh: string;
}

/** Somebody who was told that they are logged out. */
interface Departed extends Held {
  readonly by: 'logout' | 'logoutAllDevices';
}

function held(tokens: Tokens | null | undefined): Held {
  if (!tokens?.refreshToken) throw new Error('no tokens came');
  return { access: tokens.accessToken, refresh: tokens.refreshToken };
}

/** A file with a server that is killed and started again; `url` waits for the one that runs. */
class Lane {
  readonly folder = mkdtempSync(join(tmpdir(), 'counterfoil-kill-'));
  #server: Promise<ServerProcess> = startServer(this.folder);
  over = false;

  async url(): Promise<string> {
    return (await this.#server).url;
  }

  /** Kills the server, has what it left examined, and starts the next one on that. */
  async kill(examine: () => void): Promise<void> {
    const server = await this.#server;
    let started: (next: ServerProcess | PromiseLike<ServerProcess>) => void = () => {};
    // Put in place before the kill, so that nobody is sent to the dead.
    this.#server = new Promise((resolve) => {
      started = resolve;
    });
    await server.end('SIGKILL');
    examine();
    started(startServer(this.folder));
    await this.#server;
  }

  read<Row>(sql: string): Row[] {
    const database = new Database(join(this.folder, 'counterfoil.db'), { readonly: true });
    try {
      return database.prepare(sql).all() as Row[];
    } finally {
      database.close();
    }
  }
}

/** A client that refreshes without a pause, and writes its idempotency key down before each refresh. */
class KeyedClient {
  #tokens: Held;
  #key: string | null = null;
  refreshes = 0;
  interrupted = 0;
  readonly refusals: string[] = [];

  constructor(
    readonly lane: Lane,
    tokens: Held,
  ) {
    this.#tokens = tokens;
  }

  /** Of the token that came last. */
  get generation(): number {
    return readRefreshToken(this.#tokens.refresh)?.generation ?? Number.NaN;
  }

  row(): { readonly generation: number; readonly ended_at: number | null } | undefined {
    const id = readRefreshToken(this.#tokens.refresh)?.sessionId ?? '';
    const hex = Buffer.from(id, 'base64url').toString('hex').toUpperCase();
    return this.lane.read<{ generation: number; ended_at: number | null }>(
      `select generation, ended_at from sessions where hex(id) = '${hex}'`,
    )[0];
  }

  get access(): string {
    return this.#tokens.access;
  }

  async refreshUntilOver(): Promise<void> {
    while (!this.lane.over) await this.refresh();
  }

  async refresh(): Promise<void> {
    this.#key ??= randomUUID();
    const url = await this.lane.url();
    try {
      const input = { refreshToken: this.#tokens.refresh, idempotencyKey: this.#key };
      const { __typename, tokens } = await mutate(url, 'refresh', input);
      if (__typename !== 'RefreshSuccess') {
        this.refusals.push(__typename);
        return;
      }
      this.#tokens = held(tokens);
      this.#key = null;
      this.refreshes += 1;
    } catch {
      // No answer: nothing is known, so the same refresh is sent again under the same key.
      this.interrupted += 1;
    }
  }
}

async function register(url: string): Promise<Held & { readonly email: string }> {
  const email = `${randomUUID()}@example.test`;
  return { email, ...held((await mutate(url, 'register', { email, password: PASSWORD })).tokens) };
}

/** Somebody on two devices, who will log out one or both of them. */
interface Leaver {
  readonly by: Departed['by'];
  readonly devices: readonly [Held, Held];
}

async function arrive(lane: Lane, by: Departed['by']): Promise<Leaver> {
  const url = await lane.url();
  const first = await register(url);
  const second = held((await mutate(url, 'login', { email: first.email, password: PASSWORD })).tokens);
  return { by, devices: [first, second] };
}

/** Logs out at some moment of the time given. Resolves to whoever was told so; rejects where no answer came. */
async function leave(lane: Lane, { by, devices }: Leaver, withinMs: number): Promise<Departed[]> {
  const url = await lane.url();
  await sleep(randomInt(withinMs));
  const [, second] = devices;
  const { data } = await ask(url, `mutation { ${by} { __typename } }`, {}, second.access);
  if (!data?.[by]) throw new Error('no acknowledgement came');
  return (by === 'logout' ? [second] : devices).map((tokens) => ({ ...tokens, by }));
}

async function expectGone(lane: Lane, departed: readonly Departed[]): Promise<void> {
  const url = await lane.url();
  for (const { access, refresh, by } of departed) {
    expect(await whoIs(url, access), by).toBe('UNAUTHENTICATED');
    const { __typename } = await mutate(url, 'refresh', {
      refreshToken: refresh,
      idempotencyKey: randomUUID(),
    });
    expect(__typename, by).toBe('SessionEnded');
  }
}

describe('kill -9 under load', () => {
  const lanes: Lane[] = [];
  afterEach(async () => {
    for (const lane of lanes) lane.over = true;
    await endAll();
    for (const { folder } of lanes) rmSync(folder, { recursive: true, force: true });
  });

  it(`${LANES * KILLS_PER_LANE} times leaves nothing inconsistent, logs nobody out and loses no revocation`, {
    timeout: 300_000,
  }, async () => {
    lanes.push(...Array.from({ length: LANES }, () => new Lane()));
    const figures = await Promise.all(lanes.map(takeTheKills));
    const sum = (pick: (figure: (typeof figures)[number]) => number) =>
      figures.reduce((total, figure) => total + pick(figure), 0);
    process.stdout.write(
      `${sum(({ kills }) => kills)} kills: ${sum(({ refreshes }) => refreshes)} refreshes, ` +
        `${sum(({ interrupted }) => interrupted)} cut off (of these ${sum(({ committed }) => committed)} had been committed), ` +
        `${sum(({ departed }) => departed)} logged out and refused ever after\n`,
    );
    expect(sum(({ kills }) => kills)).toBe(LANES * KILLS_PER_LANE);
    expect(sum(({ interrupted }) => interrupted)).toBeGreaterThan(0);
    expect(sum(({ departed }) => departed)).toBeGreaterThan(0);
  });

  async function takeTheKills(lane: Lane) {
    const url = await lane.url();
    const clients: KeyedClient[] = [];
    for (let count = 0; count < CLIENTS; count++) clients.push(new KeyedClient(lane, await register(url)));
    const departed: Departed[] = [];
    let [kills, committed, reuses] = [0, 0, 0];
    const load = clients.map((client) => client.refreshUntilOver());

    for (; kills < KILLS_PER_LANE; kills++) {
      const leavers = await Promise.all(LEAVERS.map((by) => arrive(lane, by)));
      const loadMs = randomInt(LOAD_MS.min, LOAD_MS.max);
      // The last of them come too late, and may or may not be heard.
      const leaving = leavers.map((leaver) => leave(lane, leaver, loadMs + 20));
      const settled = Promise.allSettled(leaving);
      await sleep(loadMs);
      reuses += (await verdicts(await lane.url()))['reuse'] ?? 0;
      await lane.kill(() => {
        expect(lane.read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
        expect(lane.read(MISCOUNTED)).toEqual([]);
        for (const client of clients) {
          const row = client.row();
          expect(row?.ended_at).toBeNull();
          expect(row?.generation).toBeGreaterThanOrEqual(client.generation);
          if ((row?.generation ?? 0) > client.generation) committed += 1;
        }
      });
      const gone = (await settled).flatMap((outcome) =>
        outcome.status === 'fulfilled' ? outcome.value : [],
      );
      await expectGone(lane, gone);
      departed.push(...gone);
    }

    lane.over = true;
    await Promise.all(load);
    reuses += (await verdicts(await lane.url()))['reuse'] ?? 0;
    expect(reuses).toBe(0);
    await expectGone(lane, departed);
    for (const client of clients) {
      await client.refresh();
      expect(client.refusals).toEqual([]);
      expect(await whoIs(await lane.url(), client.access)).toMatch(/^[\w-]{22}$/);
      expect(client.row()).toEqual({ generation: client.generation, ended_at: null });
    }
    const total = (pick: (client: KeyedClient) => number) =>
      clients.reduce((sum, client) => sum + pick(client), 0);
    return {
      kills,
      committed,
      departed: departed.length,
      refreshes: total(({ refreshes }) => refreshes),
      interrupted: total(({ interrupted }) => interrupted),
    };
  }
});
