/** What every session model does alike: one suite over all of them. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditEvent } from '../../../src/entities/audit.js';
import type { Delivery } from '../../../src/entities/session.js';
import { MODEL_NAMES, type ModelName } from '../../../src/entities/session-model.js';
import { NOTHING_PRESENTED, type Renewed, type SignedIn } from '../../../src/session/contract.js';
import { held, makeWorld, outcomeOf, renewalOf, sentWith, type World } from './world.js';

const DELIVERIES: readonly Delivery[] = ['body', 'cookie'];
const OTHERS = (name: ModelName) => MODEL_NAMES.filter((other) => other !== name);

describe.each(MODEL_NAMES)('a session of the %s model', (name) => {
  let world: World;
  beforeEach(async () => {
    world = await makeWorld(name);
  });
  afterEach(() => world.stop());

  it.each(DELIVERIES)('is authenticated by what its client holds, with delivery by %s', async (delivery) => {
    const { model, clock, user, signIn } = world;
    const owner = await user();
    const signedIn = await signIn(owner, delivery);
    expect(await model.authenticate(sentWith(signedIn))).toMatchObject({
      kind: 'authenticated',
      userId: owner.id,
      sessionId: signedIn.session.id,
      roles: ['USER'],
      scopes: ['user'],
      authenticatedAt: clock.now(),
      expiresAt: signedIn.tokens.accessTokenExpiresAt,
    });
  });

  it('does not begin for a user who was suspended or logged out everywhere meanwhile', async () => {
    const { model, clock, counterfoil, user } = world;
    const { users } = counterfoil.app.store;
    const stale = await user('stale@example.test');
    const suspended = await user('suspended@example.test');
    const at = clock.now();
    const ending = (userId: typeof stale.id) => {
      const audit = auditEvent('user.suspended', at, { userId });
      return { userId, at, until: at, audit };
    };
    await users.suspend({ ...ending(suspended.id), reason: 'x' });
    await users.suspend({ ...ending(stale.id), reason: 'x' });
    await users.reinstate(stale.id, auditEvent('user.reinstated', at, { userId: stale.id }));
    for (const each of [stale, suspended]) {
      const client = { deviceName: null, clientLabel: null, ipAddress: null };
      const audit = auditEvent('login.succeeded', at, { userId: each.id });
      expect(await model.begin(each, { delivery: 'body', client, audit })).toBeNull();
    }
  });

  it('takes nothing for nobody, and anything else for nobody in particular', async () => {
    const { model, user, signIn } = world;
    const { tokens } = await signIn(await user());
    expect(await outcomeOf(model, NOTHING_PRESENTED)).toBe('anonymous');
    const flipped = tokens.accessToken.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const bearer of ['', 'x', `${tokens.accessToken}x`, tokens.accessToken.slice(1), flipped])
      expect(await outcomeOf(model, { bearer, cookie: null })).toBe('refused');
  });

  it('lets a bad bearer token count before a good cookie', async () => {
    const { model, user, signIn } = world;
    const { cookie } = sentWith(await signIn(await user(), 'cookie'));
    expect(await outcomeOf(model, { bearer: '', cookie })).toBe('refused');
  });

  it.each(OTHERS(name))('opens nothing where the same database is served by the %s model', async (other) => {
    const { tokens } = await world.signIn(await world.user());
    const model = world.of(other);
    for (const text of [tokens.accessToken, tokens.refreshToken ?? '']) {
      for (const presented of [
        { bearer: text, cookie: null },
        { bearer: null, cookie: text },
      ]) {
        expect(['refused', 'anonymous']).toContain(await outcomeOf(model, presented));
        for (const refreshToken of [text, null]) {
          const renewal = { refreshToken, presented, idempotencyKey: null, ipAddress: null };
          expect((await model.renew(renewal)).kind).not.toBe('renewed');
        }
      }
    }
  });

  it.each(DELIVERIES)(
    'goes on as long as it is renewed, until its absolute expiry (%s)',
    async (delivery) => {
      const { model, clock, policy, user, signIn } = world;
      const signedIn = await signIn(await user(), delivery);
      const { expiresAt } = signedIn.session;
      let present: SignedIn = signedIn;
      while (clock.now() + model.idleTtlMs * 0.9 < expiresAt) {
        clock.advance(model.idleTtlMs * 0.9);
        const renewed = await model.renew(renewalOf(present));
        present = { ...present, ...mustBe(renewed) };
        expect(present.session.expiresAt).toBe(expiresAt);
        expect(present.tokens.accessTokenExpiresAt).toBeLessThanOrEqual(expiresAt);
        expect(present.tokens.cookieExpiresAt).toBeLessThanOrEqual(expiresAt);
      }
      clock.advance(expiresAt - clock.now() + 1);
      expect(await outcomeOf(model, held(delivery, present.tokens))).toBe('refused');
      expect((await model.renew(renewalOf(present))).kind).toBe('ended');
      expect(expiresAt - signedIn.session.createdAt).toBe(policy.absoluteTtlMs);
    },
  );

  it('dies when nothing is heard of it for its idle lifetime', async () => {
    const { model, clock, user, signIn } = world;
    const signedIn = await signIn(await user());
    clock.advance(model.idleTtlMs);
    expect(await outcomeOf(model, sentWith(signedIn))).toBe('refused');
    expect((await model.renew(renewalOf(signedIn))).kind).toBe('ended');
  });

  it('renews a session again and again at once, with or without a key', async () => {
    const { model, user, signIn } = world;
    const signedIn = await signIn(await user());
    const kinds = await Promise.all(
      [...Array(20).keys()].map(async () => (await model.renew(renewalOf(signedIn, 'key'))).kind),
    );
    expect(new Set(kinds)).toEqual(new Set(['renewed']));
  });

  it('is not renewed by nothing, and says the same of what it cannot read', async () => {
    const nothing = {
      refreshToken: null,
      presented: NOTHING_PRESENTED,
      idempotencyKey: null,
      ipAddress: null,
    };
    expect(await world.model.renew(nothing)).toEqual({ kind: 'invalid' });
    for (const refreshToken of ['', 'x', 'cfs_x', 'cfr_x', 'a.b.c'])
      expect(await world.model.renew({ ...nothing, refreshToken })).toEqual({ kind: 'invalid' });
  });

  it('leaves the sessions of others alone when it is ended by somebody else', async () => {
    const { model, clock, user, signIn } = world;
    const ada = await signIn(await user('ada@example.test'));
    const eve = await user('eve@example.test');
    const audit = auditEvent('session.ended', clock.now(), { userId: eve.id });
    const { id: sessionId } = ada.session;
    await model.end({ sessionId, ownerId: eve.id, reason: 'logout-device', audit });
    await model.endAll(eve.id, null, audit);
    expect(await outcomeOf(model, sentWith(ada))).toBe(ada.user.id);
  });

  it('says of the cookie what it is, where the model keeps sessions', async () => {
    const { model, clock, user, signIn } = world;
    const signedIn = await signIn(await user(), 'cookie');
    const cookie = sentWith(signedIn).cookie ?? '';
    const identified = await model.identify(cookie);
    const { knowsItsSessions } = model.guarantees;
    expect(identified?.session.id).toBe(knowsItsSessions ? signedIn.session.id : undefined);
    expect(await model.identify('x')).toBeNull();
    const { id: sessionId } = signedIn.session;
    const audit = auditEvent('session.ended', clock.now(), { sessionId });
    const ended = await model.end({ sessionId, ownerId: null, reason: 'logout', audit });
    expect(ended.kind).toBe(knowsItsSessions ? 'ended' : 'unsupported');
    expect(await model.identify(cookie)).toBeNull();
  });
});

describe('a session of the stateful model', () => {
  it('is not refused because its use cannot be written down', async () => {
    const world = await makeWorld('stateful');
    try {
      const { model, clock, user, signIn } = world;
      const signedIn = await signIn(await user());
      clock.advance(model.idleTtlMs - 1);
      const letGo = await world.database.holdWrites();
      expect(await outcomeOf(model, sentWith(signedIn))).toBe(signedIn.user.id);
      await letGo();
      clock.advance(1);
      expect(await outcomeOf(model, sentWith(signedIn))).toBe('refused');
    } finally {
      await world.stop();
    }
  });

  it('has no verdict, and so no yes, while the store does not answer', async () => {
    const world = await makeWorld('stateful');
    const signedIn = await world.signIn(await world.user());
    await world.stop();
    expect(await outcomeOf(world.model, sentWith(signedIn))).toBe('undecided');
  });
});

function mustBe(renewed: Renewed) {
  if (renewed.kind !== 'renewed') throw new Error(`the renewal was ${renewed.kind}`);
  return renewed;
}
