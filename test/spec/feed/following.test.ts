/** `GET /revocations` over real connections: who may follow, what they hear, how it ends. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { revokeSigningKey } from '../../../src/account/signing-keys.js';
import { withdrawVerifier } from '../../../src/account/verifiers.js';
import { endedSessions, type FeedReader, followFeed, newVerifier } from '../../support/feed.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';

const NOBODY = { userId: null, caller: { ipAddress: null, clientLabel: null } };

let at: Loopback;
let readers: FeedReader[] = [];

beforeEach(async () => {
  at = await startLoopback();
  readers = [];
});

afterEach(async () => {
  for (const reader of readers) reader.close();
  await at.stop();
});

const app = () => at.counterfoil.app;

async function follow(authorization: string, lastEventId: string | null = null): Promise<FeedReader> {
  const reader = await followFeed(at.port, authorization, lastEventId);
  readers.push(reader);
  return reader;
}

async function endOne(email = 'ada@example.test'): Promise<string> {
  const signedIn = await at.counterfoil.signedInAs({ email });
  await at.counterfoil.run('mutation { logout { accessTokensDeadBy } }', signedIn);
  return signedIn.session.id;
}

describe('a reader', () => {
  it('hears that it begins anew, what is alive, and how fresh that is; then what comes', async () => {
    const { bearer } = await newVerifier(app());
    const before = await endOne();
    const reader = await follow(bearer);
    await expect.poll(() => reader.events.map(({ kind }) => kind)).toContain('fresh');
    expect(reader.events[0]).toEqual({ kind: 'hello', resumed: false });
    expect(endedSessions(reader.events)).toEqual([before]);
    const after = await endOne('ben@example.test');
    await expect.poll(() => endedSessions(reader.events)).toEqual([before, after]);
  });

  it('is sent an event stream that nobody may store or hold back, under the headers of every answer', async () => {
    const { basic } = await newVerifier(app());
    const { headers, statusCode } = (await follow(basic)).response;
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-accel-buffering']).toBe('no');
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('goes on where it was, when it comes back', async () => {
    const { bearer } = await newVerifier(app());
    const first = await follow(bearer);
    const heard = await endOne();
    await expect.poll(() => endedSessions(first.events)).toEqual([heard]);
    first.close();
    const missed = await endOne('ben@example.test');
    const second = await follow(bearer, first.lastEventId);
    await expect.poll(() => endedSessions(second.events)).toEqual([missed]);
    expect(second.events[0]).toEqual({ kind: 'hello', resumed: true });
  });

  it.each(['nonsense', 'AAAAAAAAAAAA.1', '', '.', 'a.b.c', '-1'])(
    'with a last event that is not of this process hears everything: %j',
    async (lastEventId) => {
      const { bearer } = await newVerifier(app());
      const ended = await endOne();
      const reader = await follow(bearer, lastEventId);
      await expect.poll(() => endedSessions(reader.events)).toEqual([ended]);
      expect(reader.events[0]).toEqual({ kind: 'hello', resumed: false });
    },
  );

  it('with a last event that is yet to come hears everything', async () => {
    const { bearer } = await newVerifier(app());
    const ended = await endOne();
    const first = await follow(bearer);
    await expect.poll(() => first.lastEventId).not.toBeNull();
    const [instance] = (first.lastEventId ?? '').split('.');
    const second = await follow(bearer, `${instance}.999999`);
    await expect.poll(() => endedSessions(second.events)).toEqual([ended]);
    expect(second.events[0]).toEqual({ kind: 'hello', resumed: false });
  });
});

describe('in the other session models', () => {
  it.each(['stateful', 'stateless'] as const)(
    '%s: it is served, and tells of revoked keys',
    async (model) => {
      const other = await startLoopback({ settings: { model } });
      try {
        const { bearer } = await newVerifier(other.counterfoil.app);
        const reader = await followFeed(other.port, bearer);
        const { parts } = other.counterfoil.app;
        const [active] = parts.keyring.ring.keys().filter(({ state }) => state.kind === 'active');
        await revokeSigningKey(parts, { kid: active?.kid ?? '', reason: 'a drill' }, NOBODY);
        const told = () =>
          reader.events.flatMap((event) => (event.kind === 'revocation' ? [event.entry.revocation] : []));
        await expect.poll(told).toContainEqual({ kind: 'key-revoked', kid: active?.kid });
        await expect.poll(() => told().map(({ kind }) => kind)).toContain('keys-changed');
        reader.close();
      } finally {
        await other.stop();
      }
    },
  );
});

describe('who is no verifier', () => {
  it.each([
    ['nobody', undefined],
    ['a user', async () => `Bearer ${(await at.counterfoil.signedInAs()).tokens.accessToken}`],
    ['a made-up credential', async () => `Bearer cfv_${'A'.repeat(71)}`],
  ])('is told to authenticate: %s', async (_, authorization) => {
    const headers = authorization === undefined ? {} : { authorization: await authorization() };
    const answer = await at.fetch('/revocations', { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Basic realm=');
    expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
  });
});

describe('the end of a connection', () => {
  it('comes within seconds where the credential was withdrawn, and it opens no other', async () => {
    const { bearer, verifier } = await newVerifier(app());
    const kept = await newVerifier(app(), 'another');
    const [reader, other] = [await follow(bearer), await follow(kept.bearer)];
    await withdrawVerifier(app().parts, verifier.id, {
      userId: null,
      caller: { ipAddress: null, clientLabel: null },
    });
    at.counterfoil.clock.advance(5_000);
    await reader.closed;
    expect(other.response.destroyed).toBe(false);
    const again = await at.fetch('/revocations', { headers: { authorization: bearer } });
    expect(again.status).toBe(401);
  });

  it('comes after ten minutes at the latest, with a word', async () => {
    const { bearer } = await newVerifier(app());
    const reader = await follow(bearer);
    at.counterfoil.clock.advance(600_000);
    await reader.closed;
    expect(reader.events.at(-1)).toEqual({ kind: 'bye' });
  });

  it('comes with a word when the server stops, which waits for nobody', async () => {
    const { bearer } = await newVerifier(app());
    const [reader, other] = [await follow(bearer), await follow(bearer)];
    await at.server.close();
    await Promise.all([reader.closed, other.closed]);
    expect(reader.events.at(-1)).toEqual({ kind: 'bye' });
    expect(other.events.at(-1)).toEqual({ kind: 'bye' });
    expect(app().http.feed.figures().readers).toBe(0);
  });
});
