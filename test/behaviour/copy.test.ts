/**
 * A deployment moves from SQLite to PostgreSQL while people use it: `counterfoil copy`, killed once on the way, then
 * `--cut-over`, then servers on the target at the same address. Everybody goes on with the tokens they hold.
 */

import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../lab/harness/free-port.js';
import { startNode } from '../../lab/harness/pinned.js';
import { type PostgresServer, startPostgres } from '../../lab/harness/postgres.js';
import { databaseFile, environmentOf, REPOSITORY, startServer } from '../../lab/harness/server.js';
import { mutation, type Payload } from '../support/mutation.js';
import { ask, endAll } from '../support/server-process.js';

const PASSWORD = 'orchid kettle granite 41';
const CLIENTS = 12;
/** Sessions of people who are away, so that there is something to copy. */
const AWAY = 6_000;
const SIGNED_IN_AGAIN_AFTER_MS = 1_500;

let folder: string;
let postgres: PostgresServer;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-move-'));
  postgres = await startPostgres({ settings: { fsync: 'off', full_page_writes: 'off' } });
  await postgres.ask('postgres', 'create database moved');
  url = `http://localhost:${await freePort()}`;
});
afterAll(async () => {
  await endAll();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What clients met that they should not have: an end that they did not ask for. */
const wrongs: string[] = [];
let stopped = false;

/** Somebody who uses the server without pause, keeps the idempotency key of each refresh, and tries again what failed. */
class Person {
  readonly email = `${randomUUID()}@example.test`;
  access = '';
  refresh = '';
  id = '';
  refreshes = 0;
  out = false;

  /** The payload, or null where the server could not be reached or said to try again. */
  async #try(name: 'register' | 'login' | 'refresh', input: object): Promise<Payload | null> {
    const answered = await ask(url, mutation(name), { input }).catch(() => null);
    const code = answered?.errors?.[0]?.extensions?.code;
    if (code !== undefined && code !== 'UNAVAILABLE') wrongs.push(`${name}: ${code}`);
    return (answered?.data?.[name] as Payload | undefined) ?? null;
  }

  async #until(name: 'register' | 'login' | 'refresh', input: object): Promise<Payload> {
    for (;;) {
      const payload = await this.#try(name, input);
      if (payload !== null) return payload;
      await sleep(50);
    }
  }

  keep({ tokens, viewer }: Payload): void {
    this.access = tokens?.accessToken ?? this.access;
    this.refresh = tokens?.refreshToken ?? this.refresh;
    this.id = viewer?.id ?? this.id;
  }

  async arrive(): Promise<void> {
    this.keep(await this.#until('register', { email: this.email, password: PASSWORD }));
  }

  async renew(): Promise<void> {
    const payload = await this.#until('refresh', {
      refreshToken: this.refresh,
      idempotencyKey: randomUUID(),
    });
    if (payload.__typename !== 'RefreshSuccess') wrongs.push(`a refresh: ${payload.__typename}`);
    this.refreshes += 1;
    this.keep(payload);
  }

  /** `viewer`, by the token in hand: its id, or the code of the refusal; null where nothing could be said. */
  async look(): Promise<string | null> {
    const answered = await ask(url, '{ viewer { id } }', {}, this.access).catch(() => null);
    const code = answered?.errors?.[0]?.extensions?.code;
    if (code === 'UNAVAILABLE') return null;
    return code ?? (answered?.data?.['viewer'] as { id: string } | undefined)?.id ?? null;
  }

  async leave(): Promise<void> {
    for (;;) {
      const answered = await ask(url, 'mutation { logout { __typename } }', {}, this.access).catch(
        () => null,
      );
      if (answered?.data?.['logout'] || answered?.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED') break;
      await sleep(50);
    }
    this.out = true;
  }

  async live(): Promise<void> {
    await this.arrive();
    while (!stopped) {
      await this.renew();
      const seen = await this.look();
      if (seen !== null && seen !== this.id) wrongs.push(`a token in hand: ${seen}`);
      await sleep(20);
    }
  }
}

/** Comes, stays a moment and leaves, again and again; every one of them must stay out. */
async function passersBy(left: Person[]): Promise<void> {
  while (!stopped) {
    const person = new Person();
    await person.arrive();
    await person.renew();
    await person.leave();
    left.push(person);
    await sleep(100);
  }
}

async function serve(environment: Record<string, string>, onLog: (text: string) => void = () => {}) {
  const port = new URL(url).port;
  return startServer({
    model: 'hybrid',
    folder,
    side: 'anywhere',
    onLog,
    environment: { PORT: port, COUNTERFOIL_MASTER_KEY_FILE: join(folder, 'master.key'), ...environment },
  });
}

/** The command as a process of its own; `kill` ends it, for good, at the first word it says. */
async function command(line: readonly string[], { kill = false } = {}) {
  const child = startNode({
    line: [join(REPOSITORY, 'dist/main.js'), ...line],
    side: 'anywhere',
    folder,
    environment: { ...environmentOf({ model: 'hybrid', folder }), TARGET: postgres.url('moved') },
  });
  let said = '';
  const listen = (text: unknown) => {
    said += String(text);
    if (kill) child.kill('SIGKILL');
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  const [code] = await once(child, 'exit');
  return { code: code as number | null, said };
}

function fillWithPeopleWhoAreAway(): void {
  const database = new Database(databaseFile(folder), { timeout: 5_000 });
  const insert = database.prepare(
    `insert into sessions (id, user_id, epoch, generation, salt, cookie, keyed, created_at, last_seen_at, expires_at)
     select ?, id, 0, 0, ?, 0, 0, created_at, created_at, created_at + 7776000000 from users limit 1`,
  );
  database
    .transaction(() => {
      for (let index = 0; index < AWAY; index++) insert.run(randomBytes(16), randomBytes(16));
    })
    .immediate();
  database.close();
}

describe('a deployment that moves under load', () => {
  it('keeps everybody signed in with the tokens they hold, and those who left stay out', async () => {
    let log = '';
    const old = await serve({ LOG_LEVEL: 'info' }, (text) => {
      log += text;
    });
    const people = Array.from({ length: CLIENTS }, () => new Person());
    const left: Person[] = [];
    const lives = [...people.map((person) => person.live()), passersBy(left)];
    await sleep(300);
    fillWithPeopleWhoAreAway();

    const killed = await command(['copy', '--to-env', 'TARGET'], { kill: true });
    expect(killed.code).toBeNull();
    const copied = await command(['copy', '--to-env', 'TARGET', '--json']);
    expect(copied.code, copied.said).toBe(0);
    await sleep(300);
    const cut = await command(['copy', '--to-env', 'TARGET', '--cut-over']);
    expect(cut.code, cut.said).toBe(0);
    expect(cut.said).toMatch(/is sealed\. Writes were refused for/);

    // The old server says so, takes itself out of service, and lets nobody start beside it.
    const person = people[0] as Person;
    const refused = await ask(url, mutation('refresh'), { input: { refreshToken: person.refresh } });
    expect(refused.errors?.[0]?.extensions?.code).toBe('UNAVAILABLE');
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect(log).toMatch(/moved to postgres:\/\/localhost:\d+\/moved/);
    expect(log).not.toContain(`${new URL(postgres.url()).password}@`);
    const beside = await command(['serve']);
    expect(beside).toMatchObject({
      code: 1,
      said: expect.stringContaining('has moved to postgres://localhost'),
    });
    await old.end();

    const before = people.map(({ refreshes }) => refreshes);
    await serve({ COUNTERFOIL_DATABASE: postgres.url('moved') });
    const someoneLeft = left.length;
    await sleep(SIGNED_IN_AGAIN_AFTER_MS);
    stopped = true;
    await Promise.all(lives);

    expect(wrongs).toEqual([]);
    for (const [index, { refreshes }] of people.entries())
      expect(refreshes).toBeGreaterThan(before[index] ?? 0);
    expect(someoneLeft).toBeGreaterThan(2);
    for (const { access, refresh } of left) {
      expect((await ask(url, '{ viewer { id } }', {}, access)).errors?.[0]?.extensions?.code).toBe(
        'UNAUTHENTICATED',
      );
      const again = await ask(url, mutation('refresh'), { input: { refreshToken: refresh } });
      expect(again.data?.['refresh']).toMatchObject({ __typename: 'SessionEnded' });
    }
    const again = await command(['copy', '--to-env', 'TARGET', '--cut-over', '--json']);
    expect(again).toMatchObject({ code: 0, said: expect.stringContaining('moved-before') });
  }, 120_000);
});
