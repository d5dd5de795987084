/** ASVS 16.3: what happens around signing in, and what is refused, leaves one line or one row each, and says so. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUDIT_KINDS } from '../../src/entities/audit.js';
import { createLog } from '../../src/system/log.js';
import { type Api, PASSWORD, startApi } from '../support/api.js';
import { REPOSITORY } from '../support/sandbox.js';

let api: Api;
let lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  const log = createLog('info', { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
  api = await startApi({ log });
});
afterAll(() => api.stop());
beforeEach(() => {
  lines = [];
});

const EVERYTHING = { userId: null, kind: null };
const events = () => lines.map(({ event }) => event);

/** What the audit log has gained since `before`, oldest first. */
async function auditSince(before: number) {
  const page = await api.counterfoil.app.store.audit.list(EVERYTHING, { first: 100, after: null });
  return page.items
    .map(({ item }) => item)
    .filter(({ sequence }) => sequence > before)
    .map(({ kind, detail }) => (detail === null ? kind : `${kind}: ${detail}`))
    .reverse();
}

async function newestAudit(): Promise<number> {
  const page = await api.counterfoil.app.store.audit.list(EVERYTHING, { first: 1, after: null });
  return page.items[0]?.item.sequence ?? 0;
}

it('a right password of a user who is suspended, which its owner should know of', async () => {
  const user = await api.user('suspended@example.test');
  const operator = await api.signedIn('operator@example.test', ['OPERATOR']);
  await operator.mutate('suspendUser', { userId: user.id, reason: 'test' });
  const before = await newestAudit();
  lines = [];
  await api.client().login(user.email);
  expect(await auditSince(before)).toEqual(['login.failed: suspended']);
  expect(lines).toMatchObject([
    { event: 'login.failed', level: 'warn', userId: user.id, detail: 'suspended' },
  ]);
});

it('signing in and out, one row each', async () => {
  const before = await newestAudit();
  const client = api.client();
  const account = { email: 'ada@example.test', password: PASSWORD };
  await client.mutate('register', { ...account, name: 'Ada' });
  await client.send('mutation { logout { accessTokensDeadBy } }');
  await client.login(account.email, 'something else entirely');
  await client.login(account.email);
  await client.mutate('changePassword', { currentPassword: 'wrong', newPassword: `${PASSWORD} more` });
  await client.mutate('changePassword', { currentPassword: PASSWORD, newPassword: `${PASSWORD} more` });
  await client.mutate('logoutAllDevices', { exceptCurrent: true });
  await client.mutate('deleteAccount', { password: 'wrong' });
  await client.mutate('deleteAccount', { password: `${PASSWORD} more` });
  expect(await auditSince(before)).toEqual([
    'user.registered',
    'login.succeeded',
    'session.ended: logout',
    'login.failed',
    'login.succeeded',
    'password.change-failed',
    'password.changed',
    'sessions.ended: others',
    'user.delete-failed',
    'user.deleted',
  ]);
});

it('a refresh, with its verdict; and reuse, which is in the audit log too', async () => {
  const client = await api.signedIn('ben@example.test');
  client.accessToken = null;
  const stolen = client.refreshToken;
  await client.refresh({ idempotencyKey: 'one' });
  await client.refresh({ idempotencyKey: 'two' });
  const before = await newestAudit();
  lines = [];
  await api.client().refresh({ refreshToken: stolen });
  await api.client().refresh({ refreshToken: 'cfr_nonsense' });
  await api.client().refresh({ refreshToken: client.refreshToken });
  expect(lines.map(({ event, verdict }) => [event, verdict])).toEqual([
    ['refresh.reused', undefined],
    ['refresh', 'invalid'],
    ['refresh', 'ended'],
  ]);
  expect(await auditSince(before)).toEqual(['session.reuse-detected']);
});

describe('what was refused', () => {
  it('for want of a role: with the field and the user', async () => {
    const client = await api.signedIn('cleo@example.test');
    const id = await client.whoAmI();
    lines = [];
    expect(await client.outcome('{ signingKeys { kid } }')).toBe('FORBIDDEN');
    expect(lines).toMatchObject([{ event: 'access.forbidden', field: 'Query.signingKeys', userId: id }]);
  });

  it.each([
    ['a token that is none', 'nonsense', 'malformed'],
    ['a refresh token in its place', `cfr_${'A'.repeat(62)}`, 'refresh-token'],
  ])('%s', async (_, token, because) => {
    const client = api.client('203.0.113.9');
    client.accessToken = token;
    await client.whoAmI();
    expect(lines).toMatchObject([{ event: 'access.refused', because, ip: '203.0.113.9' }]);
  });

  it('a token that was good until its session ended', async () => {
    const client = await api.signedIn('dora@example.test');
    await client.send('mutation { logout { accessTokensDeadBy } }');
    lines = [];
    await client.whoAmI();
    expect(lines).toMatchObject([{ event: 'access.refused', because: 'session-ended' }]);
  });

  it('a page of a foreign origin', async () => {
    await api.client('203.0.113.9', { origin: 'https://evil.test' }).send('{ __typename }');
    expect(lines).toMatchObject([{ event: 'request.foreign', ip: '203.0.113.9' }]);
  });

  it('a document over a limit, by the limit', async () => {
    await api.client().send(`{ ${Array.from({ length: 16 }, (_, n) => `a${n}: __typename`).join(' ')} }`);
    expect(lines.map(({ event, limit }) => [event, limit])).toContainEqual(['document.breach', 'aliases']);
  });

  it('one guess too many', async () => {
    const limited = await startApi({
      log: createLog('info', { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) }),
      settings: { rateLimits: 'on' },
    });
    try {
      const stranger = limited.client();
      for (let guess = 0; guess < 6; guess += 1) await stranger.login('nobody@example.test', 'wrong');
      expect(events()).toEqual([...Array(5).fill('login.failed'), 'login.throttled']);
    } finally {
      await limited.stop();
    }
  });
});

describe('docs/how-to/logging.md', () => {
  const page = readFileSync(join(REPOSITORY, 'docs/how-to/logging.md'), 'utf8');
  const [logPart = '', auditPart = ''] = page.split('\n## The audit log\n');
  const named = (text: string) =>
    new Set(
      text
        .split('\n')
        .filter((line) => line.startsWith('| `'))
        .flatMap((line) =>
          [...(line.split('|')[1] ?? '').matchAll(/`([a-z.-]+)`/g)].map(([, name = '']) => name),
        ),
    );

  it('lists every event that the code logs, and no other', () => {
    const sources = readdirSync(join(REPOSITORY, 'src'), { recursive: true, encoding: 'utf8' })
      // The verifier runs elsewhere and has no log; what its hooks are told is not ours to list here.
      .filter((path) => path.endsWith('.ts') && !path.startsWith('verify/'))
      .map((path) => readFileSync(join(REPOSITORY, 'src', path), 'utf8'));
    const logged = sources.flatMap((text) =>
      [...text.matchAll(/(?:event|failure): '([a-z.-]+)'/g)].map(([, event = '']) => event),
    );
    expect([...named(logPart)].sort()).toEqual([...new Set(logged)].sort());
  });

  it('lists every kind of the audit log, and no other', () => {
    expect([...named(auditPart)].sort()).toEqual([...AUDIT_KINDS].sort());
  });
});
