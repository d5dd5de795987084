/** A hundred refreshes at once on one node: one rotation, one successor, in either delivery, with a key or without. */

import { afterEach, describe, expect, it } from 'vitest';
import { auditEvent } from '../../../src/entities/audit.js';
import type { Delivery } from '../../../src/entities/session.js';
import { NOTHING_PRESENTED, type Renewed } from '../../../src/session/contract.js';
import {
  ON_POSTGRES,
  type SignedInContext,
  startCounterfoil,
  type TestCounterfoil,
} from '../../support/counterfoil.js';

const AT_ONCE = 100;

let counterfoil: TestCounterfoil;

async function signIn(delivery: Delivery): Promise<SignedInContext> {
  counterfoil = await startCounterfoil({ settings: { rateLimits: 'off' } });
  return counterfoil.signedInAs({ delivery });
}

afterEach(() => counterfoil.stop());

function renew(refreshToken: string | null, idempotencyKey: string | null): Promise<Renewed> {
  if (refreshToken === null) throw new Error('there is no refresh token');
  return counterfoil.app.parts.model.renew({
    presented: NOTHING_PRESENTED,
    refreshToken,
    idempotencyKey,
    ipAddress: null,
  });
}

function atOnce(refreshToken: string | null, keyOf: (index: number) => string | null): Promise<Renewed[]> {
  return Promise.all(Array.from({ length: AT_ONCE }, (_, index) => renew(refreshToken, keyOf(index))));
}

function tokenIn(renewed: Renewed | undefined): string | null {
  return renewed?.kind === 'renewed' ? renewed.tokens.refreshToken : null;
}

async function rowOf({ session }: SignedInContext) {
  const found = await counterfoil.app.store.sessions.find(session.id);
  if (found === null) throw new Error('the session is gone');
  return found.session;
}

describe.each(['cookie', 'body'] as const)('a hundred refreshes with one token at once (%s)', (delivery) => {
  it.each([
    ['with one key', 'kept'],
    ['without a key', null],
  ])('%s: one rotates, and all get the same successor', async (_, key) => {
    const signedIn = await signIn(delivery);
    const all = await atOnce(signedIn.tokens.refreshToken, () => key);
    const verdicts = all.map((renewed) => (renewed.kind === 'renewed' ? renewed.verdict : renewed.kind));
    expect(verdicts.filter((verdict) => verdict === 'rotate')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === 'replay')).toHaveLength(AT_ONCE - 1);
    expect(new Set(all.map(tokenIn)).size).toBe(1);
    expect(tokenIn(all[0])).not.toBe(signedIn.tokens.refreshToken);
    expect(await rowOf(signedIn)).toMatchObject({ generation: 1, life: { kind: 'live' } });
  });

  it('the access tokens that all of them get are accepted', async () => {
    const signedIn = await signIn(delivery);
    for (const renewed of await atOnce(signedIn.tokens.refreshToken, () => 'kept')) {
      if (renewed.kind !== 'renewed') throw new Error(`one was ${renewed.kind}`);
      const authentication = await counterfoil.app.parts.model.authenticate({
        bearer: renewed.tokens.accessToken,
        cookie: null,
      });
      expect(authentication).toMatchObject({ kind: 'authenticated', sessionId: signedIn.session.id });
    }
  });

  it('when half of them are late copies within the grace, they get that successor, too', async () => {
    const signedIn = await signIn(delivery);
    const first = await renew(signedIn.tokens.refreshToken, null);
    counterfoil.clock.advance(30_000);
    const late = await atOnce(signedIn.tokens.refreshToken, () => null);
    expect(new Set([first, ...late].map(tokenIn)).size).toBe(1);
    counterfoil.clock.advance(1);
    expect((await renew(signedIn.tokens.refreshToken, null)).kind).toBe('reused');
  });

  it('each with a key of its own: one rotates, and the others end the session, once', async () => {
    const signedIn = await signIn(delivery);
    const all = await atOnce(signedIn.tokens.refreshToken, (index) => `key ${index}`);
    const kinds = all.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'renewed')).toHaveLength(1);
    expect(kinds.every((kind) => kind === 'renewed' || kind === 'reused' || kind === 'ended')).toBe(true);
    expect((await rowOf(signedIn)).life).toMatchObject({ kind: 'ended', reason: 'reuse' });
    const { entries: log } = await counterfoil.app.store.revocations.read(null, counterfoil.clock.now());
    const endings = log.filter(({ revocation }) => revocation.kind === 'session-ended');
    expect(endings.map(({ revocation }) => revocation)).toEqual([
      { kind: 'session-ended', sessionId: signedIn.session.id },
    ]);
    expect(
      await counterfoil.app.parts.model.authenticate({ bearer: signedIn.tokens.accessToken, cookie: null }),
    ).toMatchObject({
      kind: 'refused',
    });
  });

  it('racing a logout: whoever is answered, nothing that was answered is good afterwards', async () => {
    const signedIn = await signIn(delivery);
    const { model } = counterfoil.app.parts;
    const { id, userId } = signedIn.session;
    const audit = auditEvent('session.ended', counterfoil.clock.now(), { userId, sessionId: id });
    const [all] = await Promise.all([
      atOnce(signedIn.tokens.refreshToken, () => 'kept'),
      model.end({ sessionId: id, ownerId: userId, reason: 'logout', audit }),
    ]);
    for (const renewed of all) {
      if (renewed.kind !== 'renewed') expect(renewed.kind).toBe('ended');
      else
        expect(await model.authenticate({ bearer: renewed.tokens.accessToken, cookie: null })).toMatchObject({
          kind: 'refused',
        });
      const token = tokenIn(renewed);
      if (token !== null) expect((await renew(token, 'next')).kind).toBe('ended');
    }
  });

  it('racing a logout of the other devices: what the survivor is answered is good, and so is its next refresh', async () => {
    const signedIn = await signIn(delivery);
    const { model } = counterfoil.app.parts;
    const { id, userId } = signedIn.session;
    const audit = auditEvent('sessions.ended', counterfoil.clock.now(), { userId });
    const [all] = await Promise.all([
      atOnce(signedIn.tokens.refreshToken, () => 'kept'),
      model.endAll(userId, id, audit),
    ]);
    const successors = new Set(all.map(tokenIn));
    expect(successors.size).toBe(1);
    for (const renewed of all) {
      if (renewed.kind !== 'renewed') throw new Error(`one was ${renewed.kind}`);
      const answer = await model.authenticate({ bearer: renewed.tokens.accessToken, cookie: null });
      // Where a store answers over a connection, a refresh that came first may be answered last: what it gave is then of
      // the epoch before, and the client refreshes once more.
      if (!(ON_POSTGRES && answer.kind === 'refused' && answer.because === 'epoch-raised'))
        expect(answer).toMatchObject({ kind: 'authenticated' });
    }
    const next = await renew([...successors][0] ?? null, 'next');
    if (next.kind !== 'renewed') throw new Error(`the survivor's next refresh was ${next.kind}`);
    expect(await model.authenticate({ bearer: next.tokens.accessToken, cookie: null })).toMatchObject({
      kind: 'authenticated',
    });
  });
});
