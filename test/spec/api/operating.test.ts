/** What operators do: to users, and to the key ring. */

import { webcrypto } from 'node:crypto';
import { getNamedType, isInputObjectType } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endUserSessions, reinstateUser, suspendUser } from '../../../src/account/operate.js';
import { HERE } from '../../../src/cli/with-app.js';
import { type Api, type Client, type KeyView, PASSWORD, startApi } from '../../support/api.js';
import { newVerifier } from '../../support/feed.js';

const LEAD_S = 3600;
const hasMlDsa = await webcrypto.subtle.generateKey({ name: 'ML-DSA-44' }, false, ['sign']).then(
  () => true,
  () => false,
);

let api: Api;
let operator: Client;
let user: Client;
let userId: string;

beforeEach(async () => {
  api = await startApi();
  operator = await api.signedIn('operator@example.test', ['USER', 'OPERATOR']);
  user = await api.signedIn('user@example.test');
  userId = String(await user.whoAmI());
});
afterEach(() => api.stop());

const keys = () =>
  operator.read<KeyView[]>('{ signingKeys { kid algorithm state activatesAt revokedReason } }');
const states = async () => (await keys()).map(({ state }) => state).sort();
const headerOf = (token: string | null) =>
  JSON.parse(Buffer.from(token?.split('.')[0] ?? '', 'base64url').toString()) as { kid: string; alg: string };

/** Longer than an access token lives: everybody in need of one refreshes. */
async function pass(seconds: number): Promise<void> {
  api.pass(seconds);
  await operator.refresh();
  await user.refresh();
}

describe('suspendUser, reinstateUser, endUserSessions', () => {
  it('a suspended user is out at once, everywhere, and cannot come back; a reinstated one can', async () => {
    const payload = await operator.mutate('suspendUser', { userId, reason: 'spam' });
    expect(payload).toMatchObject({ __typename: 'SuspendUserSuccess', sessionsEnded: 1 });
    expect(payload.user?.suspendedAt).toBe(new Date(api.counterfoil.clock.now()).toISOString());
    expect(await user.whoAmI()).toBe('UNAUTHENTICATED');
    expect((await user.refresh()).__typename).toBe('SessionEnded');
    expect((await api.client().login('user@example.test')).__typename).toBe('AccountSuspended');

    const reinstated = await operator.mutate('reinstateUser', { userId });
    expect(reinstated.user?.suspendedAt).toBeNull();
    expect((await user.refresh()).__typename).toBe('SessionEnded');
    expect((await api.client().login('user@example.test')).__typename).toBe('LoginSuccess');
  });

  it('a login that races a suspension does not survive it', async () => {
    for (let round = 0; round < 10; round++) {
      const racer = api.client();
      await Promise.all([
        racer.login('user@example.test'),
        operator.mutate('suspendUser', { userId, reason: 'race' }),
      ]);
      expect(await racer.whoAmI()).toBe('UNAUTHENTICATED');
      await operator.mutate('reinstateUser', { userId });
    }
  });

  it('endUserSessions ends all sessions of one user, who may sign in again, and nobody else’s', async () => {
    await api.signedIn('user@example.test');
    const payload = await operator.mutate('endUserSessions', { userId });
    expect(payload).toMatchObject({ __typename: 'EndUserSessionsSuccess', sessionsEnded: 2 });
    expect(await user.whoAmI()).toBe('UNAUTHENTICATED');
    expect((await api.client().login('user@example.test')).__typename).toBe('LoginSuccess');
    expect((await operator.refresh()).__typename).toBe('RefreshSuccess');
  });

  it.each(['suspendUser', 'reinstateUser', 'endUserSessions'] as const)('%s: UserNotFound', async (name) => {
    for (const id of ['AAAAAAAAAAAAAAAAAAAAAA', 'x', '']) {
      const input = name === 'suspendUser' ? { userId: id, reason: '' } : { userId: id };
      expect((await operator.mutate(name, input)).__typename).toBe('UserNotFound');
    }
  });

  it('an operator who is suspended has no power left', async () => {
    const other = await api.signedIn('second@example.test', ['USER', 'OPERATOR']);
    await other.mutate('suspendUser', { userId: await operator.whoAmI(), reason: 'gone' });
    expect(await operator.outcome('{ signingKeys { kid } }')).toBe('UNAUTHENTICATED');
  });

  it('a reason has at most 200 characters', async () => {
    const input = (length: number) => ({ userId, reason: 'x'.repeat(length) });
    const query = 'mutation($input: SuspendUserInput!) { suspendUser(input: $input) { __typename } }';
    expect(await operator.outcome(query, { input: input(201) })).toBe('BAD_USER_INPUT');
    expect(await user.whoAmI()).toBe(userId);
    expect((await operator.mutate('suspendUser', input(200))).__typename).toBe('SuspendUserSuccess');
  });

  it('no mutation takes a password of somebody else', async () => {
    const { schema } = api.counterfoil;
    const inputs = Object.values(schema.getMutationType()?.getFields() ?? {})
      .flatMap(({ args }) => args.map(({ type }) => getNamedType(type)))
      .filter((type) => isInputObjectType(type) && 'userId' in type.getFields())
      .flatMap((type) => (isInputObjectType(type) ? Object.keys(type.getFields()) : []));
    expect([...new Set(inputs)].sort()).toEqual(['reason', 'sessionId', 'text', 'userId']);
  });
});

describe('rotateSigningKey', () => {
  it('before the standby has been published for long enough: says when it will sign, and then it does', async () => {
    const [before] = [headerOf(user.accessToken).kid];
    const payload = await operator.mutate('rotateSigningKey', {});
    const now = api.counterfoil.clock.now();
    expect(Date.parse(payload.activatesAt ?? '')).toBe(now + LEAD_S * 1000);
    expect(payload.retired).toBeNull();
    expect(payload.active?.kid).toBe(before);
    expect(payload.standby).toMatchObject({ state: 'STANDBY', activatesAt: payload.activatesAt });
    expect((await operator.mutate('rotateSigningKey', {})).activatesAt).toBe(payload.activatesAt);
  });

  it('afterwards: at once. The old key’s tokens stay good until they expire', async () => {
    await pass(LEAD_S);
    const payload = await operator.mutate('rotateSigningKey', {});
    expect(Date.parse(payload.activatesAt ?? '')).toBe(api.counterfoil.clock.now());
    expect(payload.retired?.kid).toBe(headerOf(user.accessToken).kid);
    expect(await user.whoAmI()).toBe(userId);
    await user.refresh();
    expect(headerOf(user.accessToken).kid).toBe(payload.active?.kid);
    expect(await states()).toEqual(['ACTIVE', 'RETIRED', 'STANDBY']);
  });

  it('force: at once, published long enough or not', async () => {
    const payload = await operator.mutate('rotateSigningKey', { force: true });
    expect(Date.parse(payload.activatesAt ?? '')).toBe(api.counterfoil.clock.now());
    expect(await user.whoAmI()).toBe(userId);
  });

  it.each(['EdDSA', 'RS256'])('to %s: the standby of another algorithm makes way', async (algorithm) => {
    const payload = await operator.mutate('rotateSigningKey', { algorithm, force: true });
    expect(payload.active?.algorithm).toBe(algorithm);
    expect(payload.standby?.algorithm).toBe(algorithm);
    expect(payload.retired?.algorithm).toBe('ES256');
    expect(await user.whoAmI()).toBe(userId);
    await user.refresh();
    expect(headerOf(user.accessToken).alg).toBe(algorithm);
    expect(await user.whoAmI()).toBe(userId);
  });

  it('to ML-DSA-44: where this runtime has it; else UnsupportedAlgorithm, and nothing has changed', async () => {
    const before = await keys();
    const payload = await operator.mutate('rotateSigningKey', { algorithm: 'ML_DSA_44', force: true });
    if (hasMlDsa) return void expect(payload.active?.algorithm).toBe('ML_DSA_44');
    expect(payload.__typename).toBe('UnsupportedAlgorithm');
    expect(payload.message).toContain('ML-DSA-44');
    expect(await keys()).toEqual(before);
  });

  it('several at once leave one active key and one standby', async () => {
    const rotations = Array.from({ length: 5 }, () => operator.mutate('rotateSigningKey', { force: true }));
    await Promise.all(rotations);
    const all = await states();
    expect(all.filter((state) => state !== 'RETIRED')).toEqual(['ACTIVE', 'STANDBY']);
  });
});

describe('signingKeyPolicy', () => {
  it('tells, in seconds, by which times this deployment changes its keys', async () => {
    const ask = '{ signingKeyPolicy { publishLead rotationPeriod tokenLingers } }';
    const [life, skew, staleness] = [300, 30, 5];
    expect(await operator.read(ask)).toEqual({
      publishLead: LEAD_S,
      rotationPeriod: 30 * 86_400,
      tokenLingers: life + skew + staleness,
    });
    const chosen = await startApi({ settings: { keyPublishLead: 600, keyRotation: 86_400, accessTtl: 60 } });
    const theirs = await chosen.signedIn('operator@example.test', ['USER', 'OPERATOR']);
    expect(await theirs.read(ask)).toEqual({ publishLead: 600, rotationPeriod: 86_400, tokenLingers: 95 });
    await chosen.stop();
    expect(await user.outcome(ask)).toBe('FORBIDDEN');
  });
});

describe('revokeSigningKey', () => {
  it('the active key: its tokens are refused at once, the standby signs, and clients refresh without a login', async () => {
    const { kid } = headerOf(user.accessToken);
    const payload = await operator.mutate('revokeSigningKey', { kid, reason: ' leaked ' });
    expect(payload.revoked).toMatchObject({ kid, state: 'REVOKED', revokedReason: 'leaked' });
    expect(payload.active?.state).toBe('ACTIVE');
    const deadBy = Date.parse(payload.accessTokensDeadBy ?? '') - api.counterfoil.clock.now();
    expect(deadBy).toBe(5000);
    expect(await user.whoAmI()).toBe('UNAUTHENTICATED');
    expect((await user.refresh()).__typename).toBe('RefreshSuccess');
    expect(headerOf(user.accessToken).kid).toBe(payload.active?.kid);
    expect(await user.whoAmI()).toBe(userId);
  });

  it('the standby: another takes its place, and nobody notices', async () => {
    const standby = (await keys()).find(({ state }) => state === 'STANDBY');
    await operator.mutate('revokeSigningKey', { kid: standby?.kid, reason: 'lost' });
    expect(await states()).toEqual(['ACTIVE', 'REVOKED', 'STANDBY']);
    expect(await user.whoAmI()).toBe(userId);
  });

  it('a second time: says the same, and adds no key', async () => {
    const { kid } = headerOf(user.accessToken);
    await operator.mutate('revokeSigningKey', { kid, reason: 'first' });
    await operator.refresh();
    const before = await keys();
    const again = await operator.mutate('revokeSigningKey', { kid, reason: 'second' });
    expect(again.revoked?.revokedReason).toBe('first');
    expect(await keys()).toEqual(before);
  });

  it('SigningKeyNotFound', async () => {
    for (const kid of ['', 'nope', "' or 1=1 --"])
      expect((await operator.mutate('revokeSigningKey', { kid, reason: '' })).__typename).toBe(
        'SigningKeyNotFound',
      );
  });
});

describe('the account’s owner', () => {
  interface Account {
    activity: { edges: { node: Record<string, unknown> }[] };
  }
  const ASK = '{ viewer { activity(first: 10) { edges { node { kind ipAddress byAnother detail } } } } }';

  it('reads what happened to the account, and not where an operator was, nor why they did it', async () => {
    await operator.mutate('suspendUser', { userId, reason: 'secret reason' });
    await operator.mutate('reinstateUser', { userId });
    const NOTIFY = 'mutation($input: NotifyUserInput!) { notifyUser(input: $input) { __typename } }';
    await operator.read(NOTIFY, { input: { userId, text: 'Maintenance at six.' } });
    const again = api.client();
    await again.login('user@example.test');
    const { activity } = await again.read<Account>(ASK);
    const byOperator = { ipAddress: null, byAnother: true, detail: null };
    expect(activity.edges.slice(0, 4).map(({ node }) => node)).toEqual([
      { kind: 'login.succeeded', ipAddress: expect.any(String), byAnother: false, detail: null },
      { kind: 'message.sent', ...byOperator, detail: 'Maintenance at six.' },
      { kind: 'user.reinstated', ...byOperator },
      { kind: 'user.suspended', ...byOperator },
    ]);
  });

  it('reads what was said to one of their devices on that device, and on no other', async () => {
    const { id: sessionId } = await user.read<{ id: string }>('{ session { id } }');
    const NOTIFY = 'mutation($input: NotifyUserInput!) { notifyUser(input: $input) { __typename } }';
    await operator.read(NOTIFY, { input: { sessionId, text: 'To this device.' } });
    const other = api.client();
    await other.login('user@example.test');
    const said = async (client: Client) => {
      const { activity } = await client.read<Account>(ASK);
      return activity.edges.find(({ node }) => node['kind'] === 'message.sent')?.node['detail'];
    };
    expect(await said(user)).toBe('To this device.');
    expect(await said(other)).toBeNull();
  });

  it('is not told where a verifier or the command line is, and not that they did it themselves', async () => {
    const { app } = api.counterfoil;
    const { parts } = app;
    const service = await newVerifier(app);
    await api.server.inject({
      method: 'POST',
      url: '/oauth/revoke',
      remoteAddress: '203.0.113.77',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: service.basic },
      payload: new URLSearchParams({ token: user.refreshToken ?? '' }).toString(),
    });
    await endUserSessions(parts, userId, HERE);
    await suspendUser(parts, userId, 'secret reason', HERE);
    await reinstateUser(parts, userId, HERE);
    const again = api.client();
    await again.login('user@example.test');
    const { activity } = await again.read<Account>(ASK);
    const byAnother = { ipAddress: null, byAnother: true };
    expect(activity.edges.slice(1, 5).map(({ node }) => node)).toEqual([
      { kind: 'user.reinstated', ...byAnother, detail: null },
      { kind: 'user.suspended', ...byAnother, detail: null },
      { kind: 'sessions.ended', ...byAnother, detail: 'operator' },
      { kind: 'session.ended', ...byAnother, detail: 'verifier' },
    ]);
    expect(JSON.stringify(activity)).not.toContain(service.verifier.id);
  });

  it('pages through all of it by cursors that count nothing, and are nothing to anybody else', async () => {
    for (let round = 0; round < 6; round++) await user.login('user@example.test');
    interface Page {
      activity: {
        edges: { cursor: string; node: { id: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string | null };
      };
    }
    const PAGE = `query($first: Int!, $after: String) { viewer { activity(first: $first, after: $after) {
      edges { cursor node { id } } pageInfo { hasNextPage endCursor } } } }`;
    const pageOf = async (client: Client, first: number, after: string | null) =>
      (await client.read<Page>(PAGE, { first, after })).activity;
    const all = (await pageOf(user, 100, null)).edges.map(({ node }) => node.id);
    expect(all.length).toBeGreaterThan(6);
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const { edges, pageInfo } = await pageOf(user, 3, after);
      for (const { cursor, node } of edges) {
        seen.push(node.id);
        expect(cursor).toMatch(/^[\w-]{22}$/);
        expect(cursor).toBe(node.id);
      }
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(all);
    expect(new Set(seen).size).toBe(seen.length);
    for (const foreign of [seen[0] ?? '', '3', 'nonsense'])
      expect((await pageOf(foreign === seen[0] ? operator : user, 100, foreign)).edges).toEqual([]);
  });

  it('reads nothing of what happened to others', async () => {
    await user.mutate('logoutAllDevices', { exceptCurrent: true });
    const { activity } = await operator.read<Account>(ASK);
    expect(activity.edges.map(({ node }) => node['kind'])).not.toContain('sessions.ended');
  });
});

describe('what a process has counted', () => {
  interface Figures {
    process: string;
    refreshVerdicts: { verdict: string; because: string | null; count: number }[];
    revocations: { felt: number; lag: { p50Ms: number; maxMs: number } | null };
    argon2: { running: number; limit: number };
  }
  const ASK = `{ serverFigures { process refreshVerdicts { verdict because count }
    revocations { felt lag { p50Ms maxMs } } argon2 { running limit } } }`;

  it('goes up with each refresh by its verdict, and with each revocation that is felt', async () => {
    const before = await operator.read<Figures>(ASK);
    await user.refresh();
    await operator.mutate('endUserSessions', { userId });
    await user.refresh();
    const after = await operator.read<Figures>(ASK);
    const counted = ({ refreshVerdicts }: Figures, verdict: string) =>
      refreshVerdicts.find((each) => each.verdict === verdict)?.count ?? 0;
    expect(after.process).toBe(before.process);
    expect(counted(after, 'rotate')).toBe(counted(before, 'rotate') + 1);
    expect(counted(after, 'ended')).toBe(counted(before, 'ended') + 1);
    expect(after.revocations.felt).toBe(before.revocations.felt + 1);
    expect(after.revocations.lag?.maxMs).toBeGreaterThanOrEqual(0);
    expect(after.argon2.limit).toBeGreaterThan(0);
  });
});

describe('what operators did is in the audit log', () => {
  interface Log {
    edges: { node: { kind: string; userId: string | null; actorId: string | null; detail: string | null } }[];
  }
  const log = (filter = '') =>
    operator.read<Log>(`{ auditLog${filter} { edges { node { kind userId actorId detail } } } }`);

  it('with who did it to whom', async () => {
    const actorId = await operator.whoAmI();
    await operator.mutate('suspendUser', { userId, reason: 'secret reason' });
    await operator.mutate('reinstateUser', { userId });
    await operator.mutate('endUserSessions', { userId });
    await operator.mutate('rotateSigningKey', { force: true });
    const { edges } = await log('(first: 4)');
    expect(edges.map(({ node }) => [node.kind, node.actorId, node.userId])).toEqual([
      ['key.rotated', actorId, null],
      ['sessions.ended', actorId, userId],
      ['user.reinstated', actorId, userId],
      ['user.suspended', actorId, userId],
    ]);
  });

  it('filters by user and by kind, and refuses what can be neither', async () => {
    await api.client().login('user@example.test', 'a wrong password');
    expect((await log('(kind: "login.failed")')).edges.map(({ node }) => node.userId)).toEqual([userId]);
    expect((await log(`(userId: "${userId}", kind: "login.succeeded")`)).edges).toHaveLength(1);
    expect((await log('(userId: "AAAAAAAAAAAAAAAAAAAAAA")')).edges).toEqual([]);
    for (const filter of ['(kind: "nonsense")', '(kind: "")', '(userId: "nonsense")', '(userId: "")'])
      expect(await operator.outcome(`{ auditLog${filter} { edges { cursor } } }`)).toBe('BAD_USER_INPUT');
  });

  it('names no password and no token', async () => {
    await user.refresh();
    await user.mutate('changePassword', {
      currentPassword: PASSWORD,
      newPassword: 'meadow copper lantern 8',
    });
    const body = JSON.stringify(await log('(first: 100)'));
    for (const secret of [PASSWORD, 'meadow', 'cfr_', user.accessToken ?? ''])
      expect(body).not.toContain(secret);
  });
});
