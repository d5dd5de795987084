/** The same on PostgreSQL as on SQLite: the server takes rows put in by bulk for its own, by whatever way it reaches them. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mutate, whoIs } from '../../../lab/harness/client.js';
import { type DelayingProxy, startDelayingProxy } from '../../../lab/harness/delaying-proxy.js';
import { MASTER_KEY } from '../../../lab/harness/farm/farm.js';
import { MODELS, type Model } from '../../../lab/harness/observation.js';
import { credentialsOf, makeDatabase } from '../../../lab/harness/population.js';
import { addPopulation } from '../../../lab/harness/population-postgres.js';
import { environmentOf, OPERATOR } from '../../../lab/harness/server.js';
import { createApp } from '../../../src/app.js';
import { readEnvironment } from '../../../src/config/environment.js';
import { type FreshDatabase, freshDatabase } from '../../support/postgres.js';

const USERS = 50;

let folder: string;
let database: FreshDatabase;
let proxy: DelayingProxy | null;
let close: () => Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-'));
  database = await freshDatabase();
  proxy = null;
  close = async () => undefined;
});

afterEach(async () => {
  await close();
  await proxy?.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const optionsOf = (model: Model, url = database.url) => ({
  model,
  folder,
  environment: { COUNTERFOIL_DATABASE: url, COUNTERFOIL_MASTER_KEY: MASTER_KEY },
});

/** The server of `src/`, with the configuration that the lab gives it. */
async function serve(model: Model, url: string): Promise<string> {
  const outcome = readEnvironment(environmentOf(optionsOf(model, url)));
  if (outcome.kind === 'bad') throw new Error(JSON.stringify(outcome.problems));
  const app = await createApp(outcome.config);
  await app.start();
  const server = await app.createServer();
  close = async () => {
    await server.close();
    await app.stop();
  };
  return server.listen({ host: '127.0.0.1', port: 0 });
}

/** Of every column of a table, which types its values have, or null for none. */
async function shapes(table: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select distinct (select jsonb_object_agg(key, jsonb_typeof(value)) from jsonb_each(to_jsonb(t))) as shape
       from ${table} t`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

describe('a PostgreSQL database filled by bulk', () => {
  it.each(MODELS)(
    'opens to the credentials handed out for it, by a way that takes longer: %s',
    async (model) => {
      const options = optionsOf(model);
      await makeDatabase(options);
      await addPopulation(database.url, USERS);
      const credentials = await credentialsOf(options, USERS, 10);
      const far = new URL(database.url);
      proxy = await startDelayingProxy(Number(far.port), 1);
      far.hostname = 'localhost';
      far.port = String(proxy.port);
      const url = await serve(model, far.href);

      expect(credentials).toHaveLength(10);
      for (const { bearer, userId } of credentials) expect(await whoIs(url, { bearer })).toBe(userId);
    },
  );

  it('renews its sessions, counts them, and has rows of the very shape that the server writes', async () => {
    const options = optionsOf('hybrid');
    await makeDatabase(options);
    await addPopulation(database.url, USERS);
    const [credential] = await credentialsOf(options, USERS, 1);
    const before = await Promise.all(['users', 'sessions'].map(shapes));
    const url = await serve('hybrid', database.url);

    const account = { email: 'real@example.org', password: OPERATOR.password, deviceName: 'Real device' };
    const agent = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
    await mutate(url, 'register', account, { headers: agent });
    expect(await Promise.all(['users', 'sessions'].map(shapes))).toEqual(before);

    const renewed = await mutate(url, 'refresh', { refreshToken: credential?.refreshToken });
    expect(renewed.__typename).toBe('RefreshSuccess');
    const all = await mutate(url, 'logoutAllDevices', {}, { bearer: credential?.bearer ?? '' });
    expect(all.sessionsEnded).toBe(1);
  });
});
