/**
 * TLS to PostgreSQL, as docs/operations.md tells of `sslmode` (ASVS V12.3.1): what `verify-full` lets through and what it
 * refuses, on a real server with a certificate that nobody but the test trusts.
 */

import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { selfSigned } from '../../../lab/harness/certificate.js';
import { type PostgresServer, startPostgres } from '../../../lab/harness/postgres.js';
import { Unavailable } from '../../../src/entities/unavailable.js';
import { migratePostgres, migrationStatusOf } from '../../../src/store/postgres/migrate.js';
import { MIGRATIONS } from '../../support/postgres.js';
import { begunSession, createdUser, ending, NOW } from './fixtures.js';
import { storeAt } from './postgres.js';

let server: PostgresServer;
let folder: string;
let withTheTestsAuthority: string;

beforeAll(async () => {
  server = await startPostgres();
  await migratePostgres(server.url(), MIGRATIONS);
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-tls-'));
  withTheTestsAuthority = `sslmode=verify-full&sslrootcert=${encodeURIComponent(join(folder, 'ca.pem'))}`;
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Only what was given in the URL says how the server is reached. */
function urlWith(settings: string, host = 'localhost'): string {
  const url = new URL(server.url());
  url.hostname = host;
  return settings === '' ? url.href : `${url.href}?${settings}`;
}

/** Why a store does not serve that is asked something, or null where it was answered. */
async function refusalOf(url: string): Promise<string | null> {
  const { store } = storeAt(url, 2);
  try {
    await store.ping();
    return null;
  } catch (fault) {
    expect(fault).toBeInstanceOf(Unavailable);
    return String((fault as Error).cause);
  } finally {
    await store.close();
  }
}

/** For each of our open connections, whether it is encrypted. */
async function encryptions(): Promise<boolean[]> {
  const rows = await server.ask<{ ssl: boolean }>(
    'postgres',
    `select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name like 'counterfoil%'`,
  );
  return rows.map(({ ssl }) => ssl);
}

/** The server gets a certificate that names `localhost`, signed by itself; the file `ca.pem` trusts it. */
async function turnTlsOn(): Promise<void> {
  const { key, cert } = selfSigned('localhost');
  writeFileSync(join(folder, 'ca.pem'), cert);
  const { uid, gid } = statSync(server.folder);
  for (const [name, text] of Object.entries({ 'server.key': key, 'server.crt': cert })) {
    const path = join(server.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    chownSync(path, uid, gid);
  }
  await server.ask('postgres', 'alter system set ssl = on', 'select pg_reload_conf()');
  await vi.waitUntil(
    async () => (await server.ask<{ ssl: string }>('postgres', 'show ssl'))[0]?.ssl === 'on',
    {
      timeout: 15_000,
    },
  );
}

describe('a server without TLS', () => {
  it.each(['verify-full', 'verify-ca', 'require', 'no-verify'])(
    'is given nothing, least of all a password, where the URL says sslmode=%s',
    async (mode) => {
      expect(await refusalOf(urlWith(`sslmode=${mode}`))).toContain('does not support SSL');
    },
  );
});

describe('a server with TLS', () => {
  beforeAll(turnTlsOn);

  it('serves by verify-full whoever trusts its authority, on every connection', async () => {
    const { store } = storeAt(urlWith(withTheTestsAuthority), 2);
    await store.revocations.read(null, NOW);
    const session = await begunSession(store, await createdUser(store));
    expect((await store.sessions.end(ending(session.id))).kind).toBe('ended');
    const found = await encryptions();
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(found).not.toContain(false);
    await store.close();
    const { applied, known } = await migrationStatusOf(urlWith(withTheTestsAuthority), MIGRATIONS);
    expect(applied).toBe(known);
  });

  it.each(['verify-full', 'verify-ca', 'require'])(
    'is refused by sslmode=%s where nobody who is trusted has signed its certificate',
    async (mode) => {
      expect(await refusalOf(urlWith(`sslmode=${mode}`))).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    },
  );

  it('is refused by verify-full where its certificate names another host', async () => {
    expect(await refusalOf(urlWith(withTheTestsAuthority, '127.0.0.1'))).toContain(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
  });

  it('is asked for no TLS where the URL does not say so: there is no encryption by default', async () => {
    const { store } = storeAt(urlWith(''), 2);
    await store.ping();
    expect(await encryptions()).toEqual([false]);
    await store.close();
  });

  it('is believed whoever it is with no-verify, which encrypts all the same', async () => {
    const { store } = storeAt(urlWith('sslmode=no-verify'), 2);
    await store.ping();
    expect(await encryptions()).toEqual([true]);
    await store.close();
  });
});
