/** The lab measures on databases that were filled by bulk. That says something only if the server takes them for its own. */

import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, mutate, whoIs } from '../../../lab/harness/client.js';
import { MODELS } from '../../../lab/harness/observation.js';
import { addSessions, addUsers, credentialsOf, makeDatabase } from '../../../lab/harness/population.js';
import { databaseFile, environmentOf, OPERATOR, type ServerOptions } from '../../../lab/harness/server.js';
import { createApp } from '../../../src/app.js';
import { readEnvironment } from '../../../src/config/environment.js';

const USERS = 50;

let folder: string;
let close: () => Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-'));
  close = async () => undefined;
});

afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

async function populated(options: ServerOptions): Promise<void> {
  await makeDatabase(options);
  addUsers(folder, USERS);
  addSessions(folder, USERS);
}

/** The server of `src/`, with the configuration that the lab gives it. */
async function serve(options: ServerOptions): Promise<string> {
  const outcome = readEnvironment(environmentOf(options));
  if (outcome.kind === 'bad') throw new Error(JSON.stringify(outcome.problems));
  const app = await createApp(outcome.config);
  await app.start();
  const server = await app.createServer();
  await server.listen({ host: '127.0.0.1', port: 0 });
  close = async () => {
    await server.close();
    await app.stop();
  };
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}

/** Which type each column of a row has; `null` for none. */
function shapes(table: string, where: string): string[] {
  const database = new Database(databaseFile(folder), { readonly: true });
  try {
    const columns = database
      .prepare(`select name from pragma_table_info('${table}')`)
      .pluck()
      .all() as string[];
    const types = columns.map((name) => `'${name} ' || typeof(${name})`).join(" || ', ' || ");
    return database
      .prepare(`select distinct ${types} from ${table} where ${where}`)
      .pluck()
      .all() as string[];
  } finally {
    database.close();
  }
}

describe('a database filled by bulk', () => {
  it.each(MODELS)('opens to the credentials handed out for it: %s', async (model) => {
    const options = { model, folder };
    await populated(options);
    const credentials = await credentialsOf(options, USERS, 10);
    const url = await serve(options);

    expect(credentials).toHaveLength(10);
    for (const { bearer, userId } of credentials) expect(await whoIs(url, { bearer })).toBe(userId);
  });

  it('opens to no credential of a session that is not in it', async () => {
    const options = { model: 'stateful', folder } as const;
    await makeDatabase(options);
    addUsers(folder, 1);
    const [credential] = await credentialsOf(options, 1, 1);
    const url = await serve(options);

    expect(await whoIs(url, { bearer: credential?.bearer ?? '' })).toBe('UNAUTHENTICATED');
  });

  it('renews its sessions with the refresh tokens handed out', async () => {
    const options = { model: 'hybrid', folder } as const;
    await populated(options);
    const [credential] = await credentialsOf(options, USERS, 1);
    const url = await serve(options);

    const renewed = await mutate(url, 'refresh', { refreshToken: credential?.refreshToken });
    expect(renewed.__typename).toBe('RefreshSuccess');
  });

  it('counts and lists its sessions as the server does', async () => {
    const options = { model: 'hybrid', folder } as const;
    await populated(options);
    const [credential] = await credentialsOf(options, USERS, 1);
    const url = await serve(options);

    const listed = await ask(
      url,
      '{ viewer { sessions { edges { node { deviceName } } } } }',
      {},
      { bearer: credential?.bearer ?? '' },
    );
    expect(listed.data).toEqual({
      viewer: { sessions: { edges: [{ node: { deviceName: 'Lab device' } }] } },
    });
    const all = await mutate(url, 'logoutAllDevices', {}, { bearer: credential?.bearer ?? '' });
    expect(all.sessionsEnded).toBe(1);
  });

  it('has rows of the very shape that the server writes', async () => {
    const options = { model: 'hybrid', folder } as const;
    await populated(options);
    const url = await serve(options);
    const account = { email: 'real@example.org', password: OPERATOR.password, deviceName: 'Real device' };
    const agent = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
    const real = await mutate(url, 'register', account, { headers: agent });
    expect(real.__typename).toBe('RegisterSuccess');

    expect(shapes('users', "roles = 'USER'")).toHaveLength(1);
    expect(shapes('sessions', 'true')).toHaveLength(1);
  });

  it('hands out credentials spread over all of its sessions', async () => {
    const options = { model: 'stateful', folder } as const;
    await populated(options);
    const all = await credentialsOf(options, USERS, USERS);
    const some = await credentialsOf(options, USERS, 5);

    expect(some.map(({ userId }) => all.findIndex((one) => one.userId === userId))).toEqual([
      0, 10, 20, 30, 40,
    ]);
  });
});
