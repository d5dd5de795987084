/** What a model really guarantees, found out by using and attacking it: one measurement for each field of `Guarantees`. */

import { createLocalJWKSet, jwtVerify } from 'jose';
import { revokeSigningKey, rotateSigningKey } from '../../../src/account/signing-keys.js';
import { auditEvent } from '../../../src/entities/audit.js';
import type { SigningMaterial } from '../../../src/entities/key-material.js';
import {
  NOTHING_PRESENTED,
  type PresentedCredentials,
  type SignedIn,
} from '../../../src/session/contract.js';
import type { Guarantees } from '../../../src/session/guarantees.js';
import { signAccessToken } from '../../../src/tokens/access-token.js';
import { writeRefreshToken } from '../../../src/tokens/refresh-token.js';
import { writeSessionToken } from '../../../src/tokens/session-token.js';
import { outcomeOf, renewalOf, sentWith, type World } from './world.js';

type Measures = { readonly [Name in keyof Guarantees]: (world: World) => Promise<Guarantees[Name]> };

export const MEASURES: Measures = {
  storeReadsPerRequest: async ({ model, counts, user, signIn }) => {
    const sent = sentWith(await signIn(await user()));
    const before = counts.reads + counts.writes;
    const requests = 3;
    for (let request = 0; request < requests; request++) await model.authenticate(sent);
    return (counts.reads + counts.writes - before) / requests;
  },

  storeWritesPerRenewal: async ({ model, counts, clock, user, signIn }) => {
    const signedIn = await signIn(await user());
    clock.advance(61_000);
    const before = counts.writes;
    const renewed = await model.renew(renewalOf(signedIn));
    if (renewed.kind !== 'renewed') throw new Error(`the renewal was ${renewed.kind}`);
    return counts.writes - before;
  },

  revocationFelt: async (world) => {
    const { model, elsewhere, clock, policy, user, signIn, readLog } = world;
    const owner = await user();
    const signedIn = await signIn(owner);
    const sent = sentWith(signedIn);
    const { id: sessionId } = signedIn.session;
    const audit = auditEvent('session.ended', clock.now(), { userId: owner.id, sessionId });
    readLog();
    await model.end({ sessionId, ownerId: owner.id, reason: 'logout', audit });
    if ((await outcomeOf(elsewhere, sent)) === 'refused') return 'next request';
    // It hears nothing, and so has to ask when its knowledge is too old.
    clock.advance(policy.maxStalenessMs + 1);
    if ((await outcomeOf(elsewhere, sent)) === 'refused') return 'within maxStaleness';
    // Whoever kept a copy can renew it for as long as the model lets them.
    let copy = signedIn;
    for (;;) {
      clock.advance(model.idleTtlMs * 0.9);
      const renewed = await elsewhere.renew(renewalOf(copy));
      if (renewed.kind !== 'renewed') break;
      copy = { ...copy, tokens: renewed.tokens };
      if (clock.now() >= copy.session.expiresAt) throw new Error('the copy outlived its absolute expiry');
    }
    if (clock.now() < copy.session.expiresAt - model.idleTtlMs)
      throw new Error('the copy died of something else');
    return 'not before the absolute expiry';
  },

  endsAllSessions: async ({ model, clock, user, signIn }) => {
    const owner = await user();
    const devices = [await signIn(owner), await signIn(owner, 'cookie')];
    await model.endAll(owner.id, null, auditEvent('sessions.ended', clock.now(), { userId: owner.id }));
    const outcomes = await Promise.all(devices.map((device) => outcomeOf(model, sentWith(device))));
    return outcomes.every((outcome) => outcome === 'refused');
  },

  verifiableElsewhere: async ({ counterfoil, policy, clock, user, signIn }) => {
    const { tokens } = await signIn(await user());
    const keys = createLocalJWKSet(counterfoil.app.parts.keyring.ring.jwks() as { keys: [] });
    const { issuer, audience } = policy;
    const currentDate = new Date(clock.now());
    const checks = { issuer, audience, typ: 'at+jwt', currentDate };
    return jwtVerify(tokens.accessToken, keys, checks).then(
      () => true,
      () => false,
    );
  },

  leakedSigningKey: async (world) => {
    const { model, counterfoil, user, signIn } = world;
    const victim = await signIn(await user());
    const forgery = await forge(world, victim, counterfoil.app.parts.keyring.ring.signer());
    const sent = [
      { bearer: forgery, cookie: null },
      { bearer: null, cookie: forgery },
    ];
    const opened = async () =>
      (await Promise.all(sent.map((each) => outcomeOf(model, each)))).includes(victim.user.id);
    if (!(await opened())) return 'no forgeries';
    const { kid } = counterfoil.app.parts.keyring.ring.signer();
    await rotateSigningKey(counterfoil.app.parts, { algorithm: null, force: true }, NOBODY);
    const bought = await exchanged(world, victim, forgery);
    await revokeKey(world, kid);
    if (await opened()) throw new Error('the forgery outlived its key');
    const outcomes = await Promise.all(bought.map((each) => outcomeOf(model, each)));
    const renewals = await Promise.all(
      bought.map(({ bearer }) =>
        model.renew({
          refreshToken: bearer,
          presented: NOTHING_PRESENTED,
          idempotencyKey: null,
          ipAddress: null,
        }),
      ),
    );
    const outlived = outcomes.includes(victim.user.id) || renewals.some(({ kind }) => kind === 'renewed');
    return outlived ? 'forgeries, and what they are renewed into' : 'forgeries until it is revoked';
  },

  signingKeyRevoked: async (world) => {
    const { model, user, signIn } = world;
    const person = await user();
    const honest = [await signIn(person), await signIn(person, 'cookie')];
    await revokeActiveKey(world);
    const untouched = await Promise.all(honest.map((each) => outcomeOf(model, sentWith(each))));
    if (untouched.every((outcome) => outcome === person.id)) return 'nothing';
    const renewed = await Promise.all(honest.map((each) => model.renew(renewalOf(each))));
    return renewed.every(({ kind }) => kind === 'renewed') ? 'a silent refresh' : 'everybody signs in again';
  },

  leakedDatabase: async (world) => {
    const { model, user, signIn, database } = world;
    const person = await user();
    await signIn(person);
    await signIn(person, 'cookie');
    const loot = [...new Set((await database.values()).flatMap(credentialsIn))];
    for (const each of loot) {
      for (const sent of [
        { bearer: each, cookie: null },
        { bearer: null, cookie: each },
      ]) {
        if ((await outcomeOf(model, sent)) === person.id) return 'every session';
        const renewal = { refreshToken: each, presented: sent, idempotencyKey: null, ipAddress: null };
        if ((await model.renew(renewal)).kind === 'renewed') return 'every session';
      }
    }
    return 'no session';
  },

  credentialBytes: async ({ user, signIn }) => {
    const { bearer, cookie } = sentWith(await signIn(await user()));
    return (bearer ?? cookie ?? '').length;
  },

  knowsItsSessions: async ({ model, counterfoil, clock, user, signIn }) => {
    const person = await user();
    const { session } = await signIn(person);
    const { sessions } = counterfoil.app.store;
    const page = { first: 10, after: null };
    const live = await sessions.listLive(person.id, clock.now(), model.idleTtlMs, page);
    return live.items.some(({ item }) => item.id === session.id);
  },
};

/** Whether what was stated is what was measured. Of sizes, an upper bound is stated, and one that is near. */
export function isTrue<Name extends keyof Guarantees>(
  name: Name,
  stated: Guarantees[Name],
  measured: Guarantees[Name],
): boolean {
  if (name === 'credentialBytes')
    return Number(measured) <= Number(stated) && Number(measured) >= Number(stated) * 0.85;
  return stated === measured;
}

const NOBODY = { userId: null, caller: { ipAddress: null, clientLabel: null } };

/** A token for the victim's session, as whoever has the private key would write it. */
async function forge(
  { model, policy, clock }: World,
  { user, session }: { readonly user: { id: string }; readonly session: { id: string; epoch: number } },
  key: SigningMaterial,
): Promise<string> {
  const iat = Math.floor(clock.now() / 1000);
  const claims = {
    iss: policy.issuer,
    aud: policy.audience,
    sub: user.id,
    sid: session.id,
    client_id: policy.clientId,
    iat,
    exp: iat + policy.accessTtlMs / 1000,
    jti: 'forged',
    ...(model.name === 'stateless' ? {} : { epoch: session.epoch }),
    scope: 'user operator',
    auth_time: iat,
  };
  return signAccessToken(claims as Parameters<typeof signAccessToken>[0], key);
}

/** All that whoever holds the forgery is given for it, one after the other: by renewing, and as the surviving device. */
async function exchanged(
  { model, clock }: World,
  { user, session }: SignedIn,
  forgery: string,
): Promise<PresentedCredentials[]> {
  const bought: (string | null)[] = [];
  const presented = { bearer: forgery, cookie: null };
  const renewed = await model.renew({ refreshToken: null, presented, idempotencyKey: null, ipAddress: null });
  if (renewed.kind === 'renewed') bought.push(renewed.tokens.accessToken, renewed.tokens.refreshToken);
  const caller = await model.authenticate(presented);
  const audit = auditEvent('sessions.ended', clock.now(), { userId: user.id });
  const ended = await model.endAll(user.id, session.id, audit);
  if (caller.kind === 'authenticated' && ended.kind === 'ended' && ended.survivor !== null) {
    const tokens = await model.reissue(ended.user, ended.survivor, caller.token);
    bought.push(tokens?.accessToken ?? null, tokens?.refreshToken ?? null);
  }
  return bought.filter((each) => each !== null).map((bearer) => ({ bearer, cookie: null }));
}

async function revokeActiveKey(world: World): Promise<void> {
  await revokeKey(world, world.counterfoil.app.parts.keyring.ring.signer().kid);
}

async function revokeKey({ counterfoil }: World, kid: string): Promise<void> {
  const revoked = await revokeSigningKey(counterfoil.app.parts, { kid, reason: 'leaked' }, NOBODY);
  if (revoked.kind !== 'revoked') throw new Error(`the key could not be revoked: ${revoked.kind}`);
}

/** Everything that a value of a row might be taken for. */
function credentialsIn(value: string | Buffer): string[] {
  const bytes = Buffer.from(value);
  const texts = [bytes.toString(), bytes.toString('base64url'), bytes.toString('hex')];
  const named = texts.flatMap((text) => [text, `cfs_${text}`, `cfr_${text}`]);
  if (bytes.length < 16 || bytes.length > 64) return named;
  // As a secret of the stateful model, and as the server secret behind refresh tokens.
  const secret = Buffer.concat([bytes, bytes]).subarray(0, 32);
  const minted = writeRefreshToken(
    { version: 1, bytes: secret },
    bytes.subarray(0, 16),
    bytes.subarray(0, 16).toString('base64url') as Parameters<typeof writeRefreshToken>[2],
    0,
  );
  return [...named, writeSessionToken(secret), minted];
}
