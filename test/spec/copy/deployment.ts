/** A deployment on a SQLite file for the tests of the copy: what may happen to it, and all of it as the ports show it. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { VerifierId } from '../../../src/entities/identifier.js';
import { identifierFromBytes } from '../../../src/entities/identifier.js';
import type { Session } from '../../../src/entities/session.js';
import type { User } from '../../../src/entities/user.js';
import { copyToPostgres } from '../../../src/store/copy/copy.js';
import type { CopyOutcome, CopyRequest } from '../../../src/store/copy/order.js';
import type { Store } from '../../../src/store/ports/store.js';
import { openPostgres } from '../../../src/store/postgres/open.js';
import { Connection } from '../../../src/store/sqlite/connection.js';
import { migrateSqlite } from '../../../src/store/sqlite/migrate.js';
import { unseal } from '../../../src/store/sqlite/move.js';
import { storeOver } from '../../../src/store/sqlite/open.js';
import {
  audited,
  begunSession,
  createdUser,
  EVERYTHING,
  ending,
  endingAll,
  IDLE_TTL_MS,
  NOW,
  rotation,
  userEnding,
} from '../../contract/store/fixtures.js';
import { storeAt } from '../../contract/store/postgres.js';
import { MIGRATIONS } from '../../contract/store/sqlite.js';
import { MIGRATIONS as ON_POSTGRES } from '../../support/postgres.js';

export const RULE = { name: 'rule', points: 5, windowSeconds: 3_600 };
const FUTURE = NOW + 1_000;

export class Deployment {
  readonly file: string;
  readonly connection: Connection;
  readonly store: Store;
  readonly #users: User[] = [];
  readonly #sessions: { session: Session; generation: number }[] = [];
  #revision = 0;

  private constructor(connection: Connection, file: string) {
    this.connection = connection;
    this.file = file;
    this.store = storeOver(connection);
  }

  static async open(): Promise<Deployment> {
    const file = join(mkdtempSync(join(tmpdir(), 'counterfoil-copy-')), 'counterfoil.db');
    const connection = new Connection(file);
    await migrateSqlite(connection, MIGRATIONS);
    return new Deployment(connection, file);
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(dirname(this.file), { recursive: true, force: true });
  }

  copy(url: string, more: Partial<CopyRequest> = {}): Promise<CopyOutcome> {
    return copyToPostgres({
      file: this.file,
      url,
      targetName: `postgres://target${new URL(url).pathname}`,
      mode: 'copy',
      rowsAtOnce: 3,
      maxHoldMs: 60_000,
      migrations: { sqlite: MIGRATIONS, postgres: ON_POSTGRES },
      migrateTarget: async () => {
        const database = openPostgres({ url, poolSize: 2, random: Math.random }, ON_POSTGRES);
        await database.migrate().finally(() => database.close());
      },
      clock: { now: () => NOW, monotonic: () => performance.now() },
      onProgress: () => {},
      ...more,
    });
  }

  /** One thing that may happen; `pick` chooses what, and to whom. Logins and rotations are most of what does. */
  async happen(pick: number): Promise<void> {
    const user = this.#users[pick % Math.max(1, this.#users.length)];
    const held = this.#sessions[(pick >> 4) % Math.max(1, this.#sessions.length)];
    const { login, rotate } = this.#events;
    const events = [...Object.values(this.#events), login, rotate, login, rotate, login, rotate];
    await events[(pick >> 2) % events.length]?.(user, held, pick);
  }

  /** Some of everything. */
  async settle(): Promise<void> {
    const { register, login, rotate, logout, logoutAll, suspend, remove, attempt, verifier, keys } =
      this.#events;
    const events = [logout, logoutAll, suspend, remove, verifier, keys, verifier, keys, attempt, attempt];
    for (let index = 0; index < 9; index++) await register(undefined, undefined, index);
    for (let index = 0; index < 27; index++) await login(this.#users[index % 9]);
    for (let index = 0; index < 40; index++) await rotate(undefined, this.#sessions[index % 23]);
    for (const [index, event] of events.entries())
      await event(this.#users[index], this.#sessions[index], 3 * index);
  }

  readonly #events = {
    register: async (_: User | undefined, __: unknown, pick: number) => {
      const name = `Ada | \\ 'é' "${pick}"`;
      this.#users.push(await createdUser(this.store, { name, createdAt: NOW + pick }));
    },
    login: async (user: User | undefined) => {
      const now = user && (await this.store.users.find(user.id));
      if (now?.standing.kind !== 'active') return;
      const client = { deviceName: 'phone\nor so', clientLabel: null, ipAddress: '198.18.0.1' };
      const session = await begunSession(this.store, now, { client, delivery: 'cookie' });
      this.#sessions.push({ session, generation: 0 });
    },
    rotate: async (_: unknown, held: { session: Session; generation: number } | undefined) => {
      if (held === undefined) return;
      const { session, generation } = held;
      const keyHash = randomBytes(16);
      const { kind } = await this.store.sessions.rotate(
        rotation(session, generation, { epoch: session.epoch, keyHash }),
      );
      if (kind === 'rotated') held.generation += 1;
    },
    logout: async (_: unknown, held: { session: Session } | undefined) => {
      if (held) await this.store.sessions.end(ending(held.session.id));
    },
    logoutAll: async (user: User | undefined) => {
      if (user) await this.store.sessions.endAll(endingAll(user.id));
    },
    suspend: async (user: User | undefined) => {
      if (user) await this.store.users.suspend({ ...userEnding(user.id), reason: 'why\u0007 not' });
    },
    remove: async (user: User | undefined, _: unknown, pick: number) => {
      if (user === undefined || pick % 3 !== 0) return;
      await this.store.users.remove(userEnding(user.id));
      // The address is free again, and somebody takes it.
      const again = await createdUser(this.store, { email: user.email });
      this.#users.push(again);
    },
    attempt: async (_: unknown, __: unknown, pick: number) => {
      await this.store.attempts.spend(RULE, `somebody ${pick % 5}`);
    },
    forget: async (_: unknown, __: unknown, pick: number) => {
      await this.store.attempts.forget(RULE, `somebody ${pick % 5}`);
    },
    verifier: async (_: unknown, __: unknown, pick: number) => {
      const stored = newVerifier(`orders ${pick}`);
      await this.store.verifiers.create(stored, audited('verifier.created'));
      if (pick % 2 === 0)
        await this.store.verifiers.withdraw(stored.verifier.id, NOW, audited('verifier.withdrawn'));
    },
    keys: async (_: unknown, __: unknown, pick: number) => {
      const changed = await this.store.keys.change({
        from: this.#revision,
        put: [
          {
            kid: `kid-${pick % 4}`,
            algorithm: 'ES256',
            publishedAt: NOW,
            state: { kind: 'active', activatedAt: NOW + pick },
            publicJwk: { kty: 'EC', crv: 'P-256', x: 'a|b', y: 'é' },
            sealedPrivateKey: randomBytes(40),
          },
        ],
        drop: pick % 3 === 0 ? [`kid-${(pick + 1) % 4}`] : [],
        secrets: [{ version: 1 + (pick % 2), sealed: randomBytes(60), createdAt: NOW }],
        at: NOW,
        revocations: [],
        audit: null,
      });
      if (changed.kind === 'changed') this.#revision = changed.revision;
    },
    sweep: async () => {
      const request = { now: FUTURE, idleTtlMs: IDLE_TTL_MS, keepMs: 0, cursor: null, limit: 1_000 };
      await this.store.sessions.sweep(request);
    },
    prune: async (_: unknown, __: unknown, pick: number) => {
      if (pick % 5 === 0) await this.store.revocations.prune(NOW + 1_000_000, 1_000);
    },
  };

  /** The same once the file has been sealed: takes the seal off, for it would not answer. */
  async contentsBehindSeal(): Promise<unknown> {
    if (unseal(this.connection.raw) === null) throw new Error('the file is not sealed');
    await this.store.revocations.read(null, NOW);
    return this.contents();
  }

  /** All of it, as this deployment's own ports show it, and as those of a copy do. */
  async contents(store: Store = this.store): Promise<unknown> {
    const users = (await store.users.list(EVERYTHING, null)).items.map(({ item }) => item);
    return {
      users,
      credentials: await Promise.all(this.#users.map(({ id }) => store.users.credentialsById(id))),
      byEmail: await Promise.all(this.#users.map(({ email }) => store.users.credentialsByEmail(email))),
      sessions: await Promise.all(this.#sessions.map(async ({ session }) => store.sessions.find(session.id))),
      live: await Promise.all(
        users.map(async ({ id }) => (await store.sessions.listLive(id, NOW, IDLE_TTL_MS, EVERYTHING)).items),
      ),
      revocations: (await store.revocations.read(null, 0)).entries,
      ring: sortedRing(await store.keys.load()),
      audit: (await store.audit.list({ userId: null, kind: null }, EVERYTHING)).items,
      verifiers: await Promise.all(
        (await store.verifiers.list()).map(async ({ id }) => store.verifiers.find(id)),
      ),
      waits: await Promise.all(
        [0, 1, 2, 3, 4].map((each) => store.attempts.waitFor(RULE, `somebody ${each}`)),
      ),
    };
  }

  async contentsAt(url: string): Promise<unknown> {
    const { store } = storeAt(url, 4);
    try {
      return await this.contents(store);
    } finally {
      await store.close();
    }
  }
}

export function newVerifier(name = 'orders') {
  const id = identifierFromBytes<VerifierId>(randomBytes(16));
  return { verifier: { id, name, createdAt: NOW, withdrawnAt: null }, secretHash: randomBytes(32) };
}

/** Byte strings of either driver, and in one order. */
function sortedRing(ring: Awaited<ReturnType<Store['keys']['load']>>) {
  const keys = [...ring.keys].sort((a, b) => a.kid.localeCompare(b.kid));
  const secrets = [...ring.secrets].sort((a, b) => a.version - b.version);
  return { revision: ring.revision, keys, secrets };
}
