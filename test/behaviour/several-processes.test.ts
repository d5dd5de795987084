/** Several server processes on one SQLite file: as good as one, but for a bounded lag. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KeyView, Payload } from '../support/mutation.js';
import {
  ask,
  endAll,
  mutate,
  OPERATOR,
  type ServerProcess,
  startServer,
  untilTrue,
  verdicts,
  whoIs,
} from '../support/server-process.js';

const MAX_STALENESS_MS = 5_000;
const PASSWORD = 'orchid kettle granite 41';
const PUBLISH_LEAD_SECONDS = 3;

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'counterfoil-processes-'));
}

function read<Row>(folder: string, sql: string): Row[] {
  const database = new Database(join(folder, 'counterfoil.db'), { readonly: true });
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}

let users = 0;

/** A new user, signed in at that server. */
async function signedIn(
  url: string,
): Promise<
  Required<Pick<Payload, 'viewer' | 'session'>> & { email: string; access: string; refresh: string }
> {
  users += 1;
  const email = `user${users}@example.test`;
  const { viewer, session, tokens, ...rest } = await mutate(url, 'register', { email, password: PASSWORD });
  if (!viewer || !session || !tokens?.refreshToken) throw new Error(JSON.stringify(rest));
  return { email, viewer, session, access: tokens.accessToken, refresh: tokens.refreshToken };
}

async function operatorToken(url: string): Promise<string> {
  const { tokens } = await mutate(url, 'login', OPERATOR);
  if (!tokens) throw new Error('the operator could not sign in');
  return tokens.accessToken;
}

async function keysAt(url: string): Promise<KeyView[]> {
  const { data, errors } = await ask(
    url,
    '{ signingKeys { kid algorithm state activatesAt revokedReason } }',
    {},
    await operatorToken(url),
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data['signingKeys'] as KeyView[];
}

const activeOf = (keys: readonly KeyView[]) =>
  keys.filter(({ state }) => state === 'ACTIVE').map(({ kid }) => kid);

describe('several processes started at once on an empty folder', () => {
  const folders: string[] = [];
  afterEach(endAll);
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it.each([1, 2, 3])(
    'agree on one master key, one key ring and one operator, and all serve (round %i)',
    async () => {
      const folder = newFolder();
      folders.push(folder);
      const servers = await Promise.all([1, 2, 3].map(() => startServer(folder)));
      expect(readdirSync(folder).filter((name) => name.startsWith('master.key'))).toEqual(['master.key']);
      expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600);
      expect(read(folder, 'select state from signing_keys order by state')).toEqual([
        { state: 'active' },
        { state: 'standby' },
      ]);
      expect(read(folder, 'select version from refresh_secrets')).toEqual([{ version: 1 }]);
      expect(read(folder, 'select revision from key_ring')).toEqual([{ revision: 1 }]);
      expect(read(folder, 'select email from users')).toEqual([{ email: OPERATOR.email }]);
      const published = await Promise.all(
        servers.map(async ({ url }) => (await fetch(`${url}/.well-known/jwks.json`)).text()),
      );
      expect(new Set(published).size).toBe(1);
      const first = servers[0] as ServerProcess;
      const { viewer, access, refresh } = await signedIn(first.url);
      let token = refresh;
      for (const { url } of servers) {
        expect(await whoIs(url, access)).toBe(viewer.id);
        const renewed = await mutate(url, 'refresh', { refreshToken: token });
        expect(renewed.__typename).toBe('RefreshSuccess');
        token = renewed.tokens?.refreshToken ?? '';
      }
      expect(readFileSync(join(folder, 'master.key'), 'utf8')).toMatch(/^[\w+/]{43}=\n$/);
    },
  );
});

describe('several processes on one file', () => {
  let folder: string;
  let a: string;
  let b: string;
  let c: string;

  beforeAll(async () => {
    folder = newFolder();
    const start = () =>
      startServer(folder, {
        COUNTERFOIL_KEY_PUBLISH_LEAD: String(PUBLISH_LEAD_SECONDS),
        COUNTERFOIL_MAX_STALENESS: String(MAX_STALENESS_MS / 1000),
      });
    const servers = await Promise.all([start(), start(), start()]);
    [a, b, c] = servers.map(({ url }) => url) as [string, string, string];
  });
  afterAll(async () => {
    await endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function verdictsOfAll(): Promise<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const url of [a, b, c]) {
      for (const [kind, count] of Object.entries(await verdicts(url))) sums[kind] = (sums[kind] ?? 0) + count;
    }
    return sums;
  }

  for (const [how, key] of [
    ['with one idempotency key', 'one-and-the-same'],
    ['without any', null],
  ] as const) {
    it(`rotates once for 100 refreshes at once of one token over two processes, ${how}; all get the same successor`, async () => {
      for (let round = 1; round <= 3; round++) {
        const { refresh, viewer, session } = await signedIn(a);
        const before = await verdictsOfAll();
        const input = {
          refreshToken: refresh,
          ...(key === null ? {} : { idempotencyKey: `${key}-${round}` }),
        };
        const payloads = await Promise.all(
          Array.from({ length: 100 }, (_, index) => mutate(index % 2 === 0 ? a : b, 'refresh', input)),
        );
        expect(new Set(payloads.map(({ __typename }) => __typename))).toEqual(new Set(['RefreshSuccess']));
        const successors = new Set(payloads.map(({ tokens }) => tokens?.refreshToken));
        expect(successors.size).toBe(1);
        const after = await verdictsOfAll();
        const made = (kind: string) => (after[kind] ?? 0) - (before[kind] ?? 0);
        expect({ rotate: made('rotate'), replay: made('replay'), reuse: made('reuse') }).toEqual({
          rotate: 1,
          replay: 99,
          reuse: 0,
        });
        const rows = read<{ generation: number; ended_at: number | null }>(
          folder,
          `select generation, ended_at from sessions where hex(id) = '${Buffer.from(session.id, 'base64url').toString('hex').toUpperCase()}'`,
        );
        expect(rows).toEqual([{ generation: 1, ended_at: null }]);
        for (const { tokens } of payloads) expect(await whoIs(c, tokens?.accessToken ?? '')).toBe(viewer.id);
        const next = await mutate(c, 'refresh', {
          refreshToken: [...successors][0],
          idempotencyKey: `next-${round}`,
        });
        expect(next.__typename).toBe('RefreshSuccess');
      }
    });
  }

  describe('what one process revokes, the others refuse within the staleness bound:', () => {
    type Victim = Awaited<ReturnType<typeof signedIn>>;
    const REVOCATIONS: Readonly<Record<string, (victim: Victim, operator: string) => Promise<Payload>>> = {
      logout: async ({ access }) => {
        const { data } = await ask(a, 'mutation { logout { __typename } }', {}, access);
        return data?.['logout'] as Payload;
      },
      'logout of one device': ({ access, session }) =>
        mutate(a, 'logoutDevice', { sessionId: session.id }, access),
      'logout of all devices': ({ access }) => mutate(a, 'logoutAllDevices', {}, access),
      'a password change': ({ access }) =>
        mutate(
          a,
          'changePassword',
          { currentPassword: PASSWORD, newPassword: 'granite kettle orchid 42' },
          access,
        ),
      'deletion of the account': ({ access }) => mutate(a, 'deleteAccount', { password: PASSWORD }, access),
      suspension: ({ viewer }, operator) =>
        mutate(a, 'suspendUser', { userId: viewer.id, reason: 'x' }, operator),
      'an operator': ({ viewer }, operator) => mutate(a, 'endUserSessions', { userId: viewer.id }, operator),
      'reuse of a refresh token': async ({ refresh }) => {
        const first = await mutate(a, 'refresh', { refreshToken: refresh, idempotencyKey: 'owner' });
        expect(first.__typename).toBe('RefreshSuccess');
        return mutate(a, 'refresh', { refreshToken: refresh, idempotencyKey: 'thief' });
      },
    };

    for (const [name, revoke] of Object.entries(REVOCATIONS)) {
      it(name, async () => {
        const operator = await operatorToken(a);
        const lags: number[] = [];
        for (let sample = 0; sample < 5; sample++) {
          const victim = await signedIn(b);
          for (const url of [a, b, c]) expect(await whoIs(url, victim.access)).toBe(victim.viewer.id);
          const answered = await revoke(victim, operator);
          expect(answered.__typename).toMatch(/Success$|^RefreshTokenReused$/);
          // Here at once; elsewhere within the bound; and for good.
          expect(await whoIs(a, victim.access)).toBe('UNAUTHENTICATED');
          const refusedBy = (url: string) =>
            untilTrue(
              async () => (await whoIs(url, victim.access)) === 'UNAUTHENTICATED',
              MAX_STALENESS_MS,
              `${name} at ${url}`,
            );
          lags.push(...(await Promise.all([refusedBy(b), refusedBy(c)])));
          const again = await Promise.all([a, b, c].map((url) => whoIs(url, victim.access)));
          expect(again).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED']);
        }
        report(name, lags);
      });
    }

    it('a revoked signing key; the sessions live and are refreshed anywhere', async () => {
      const lags: number[] = [];
      for (let sample = 0; sample < 3; sample++) {
        const victims = [await signedIn(a), await signedIn(b)];
        const operator = await operatorToken(a);
        const [kid] = activeOf(await keysAt(a));
        const revoked = await mutate(a, 'revokeSigningKey', { kid, reason: 'it leaked' }, operator);
        expect(revoked.__typename).toBe('RevokeSigningKeySuccess');
        for (const { access } of victims) {
          expect(await whoIs(a, access)).toBe('UNAUTHENTICATED');
          const refusedBy = (url: string) =>
            untilTrue(
              async () => (await whoIs(url, access)) === 'UNAUTHENTICATED',
              MAX_STALENESS_MS,
              `key at ${url}`,
            );
          lags.push(...(await Promise.all([refusedBy(b), refusedBy(c)])));
        }
        for (const { refresh, viewer } of victims) {
          const renewed = await mutate(b, 'refresh', { refreshToken: refresh, idempotencyKey: 'k' });
          expect(renewed.__typename).toBe('RefreshSuccess');
          for (const url of [a, b, c])
            expect(await whoIs(url, renewed.tokens?.accessToken ?? '')).toBe(viewer.id);
        }
      }
      report('a revoked signing key', lags);
    });
  });

  describe('told to rotate the signing key at once', () => {
    const rotateAt = async (url: string, input: Record<string, unknown>) =>
      mutate(url, 'rotateSigningKey', input, await operatorToken(url));

    it('they agree on one date and one key, and one of them promotes it then', async () => {
      // A forced rotation leaves a standby that is too young, whatever went before.
      const forced = await rotateAt(a, { force: true });
      const old = forced.active?.kid ?? '';
      const revisions = () =>
        read<{ revision: number }>(folder, 'select revision from key_ring')[0]?.revision ?? 0;
      const answers = await Promise.all([a, b, c, a, b, c].map((url) => rotateAt(url, {})));
      for (const answer of answers) {
        expect(answer).toMatchObject({
          __typename: 'RotateSigningKeySuccess',
          retired: null,
          active: { kid: old },
        });
      }
      expect(new Set(answers.map(({ standby }) => standby?.kid)).size).toBe(1);
      expect(new Set(answers.map(({ activatesAt }) => activatesAt)).size).toBe(1);
      const scheduled = revisions();
      const promised = answers[0]?.standby?.kid;
      const deadline = PUBLISH_LEAD_SECONDS * 1000 + 15_000;
      for (const url of [a, b, c]) {
        await untilTrue(
          async () => activeOf(await keysAt(url))[0] === promised,
          deadline,
          `rotation at ${url}`,
        );
      }
      expect(revisions()).toBe(scheduled + 1);
      for (const url of [a, b, c]) expect(activeOf(await keysAt(url))).toEqual([promised]);
      const states = read<{ state: string }>(
        folder,
        `select state from signing_keys where kid in ('${old}', '${promised}') order by state`,
      );
      expect(states).toEqual([{ state: 'active' }, { state: 'retired' }]);
    });

    it('and not to wait, they end with one new active key everywhere, and no token of before is refused', async () => {
      const before = await signedIn(c);
      const [old] = activeOf(await keysAt(a));
      const answers = await Promise.all([a, b].map((url) => rotateAt(url, { force: true })));
      for (const answer of answers) expect(answer.__typename).toBe('RotateSigningKeySuccess');
      const inStore = () =>
        read<{ kid: string }>(folder, "select kid from signing_keys where state = 'active'").map(
          ({ kid }) => kid,
        );
      expect(inStore()).toHaveLength(1);
      expect(inStore()).not.toEqual([old]);
      expect(answers.map(({ active }) => active?.kid)).toContain(inStore()[0]);
      for (const url of [a, b, c]) {
        await untilTrue(
          async () => activeOf(await keysAt(url))[0] === inStore()[0],
          MAX_STALENESS_MS,
          `rotation at ${url}`,
        );
        expect(await whoIs(url, before.access)).toBe(before.viewer.id);
      }
      const after = await signedIn(a);
      for (const url of [a, b, c]) expect(await whoIs(url, after.access)).toBe(after.viewer.id);
    });
  });

  it('leave a file that is whole, with counters that equal the rows', () => {
    expect(read(folder, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    const miscounted = `select u.email from users u where u.session_count <>
      (select count(*) from sessions s where s.user_id = u.id and s.epoch = u.epoch and s.ended_at is null)`;
    expect(read(folder, miscounted)).toEqual([]);
  });
});

function report(name: string, lags: readonly number[]): void {
  const sorted = [...lags].sort((x, y) => x - y);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0);
  process.stdout.write(`lag of ${name} at other processes: median ${at(0.5)} ms, longest ${at(1)} ms\n`);
}
