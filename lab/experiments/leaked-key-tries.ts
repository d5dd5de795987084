/** What a forger can try with the stolen key, and whether the server lets it pass. Counts what opens; ends nothing. */

import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { SigningMaterial } from '../../src/entities/key-material.js';
import { ask, mutate, whoIs } from '../harness/client.js';
import { forge, madeUpId } from './forgery.js';

/** The server that is attacked, and what the forger has found out. */
export interface Target {
  readonly url: string;
  readonly issuer: string;
  /** The longest life that the server grants a token. */
  readonly accessSeconds: number;
  /** As the server calls it. */
  readonly model: string;
  readonly victim: Person;
  /** A user who once logged out all devices, so that the epoch is no longer the first one. */
  readonly veteran: Person;
  /** A user whose other devices are logged out by the forger. */
  readonly survivor: Person;
  readonly operatorId: string;
}

export interface Person {
  readonly userId: string;
  readonly sessionId: string;
}

const YEAR_SECONDS = 365 * 86_400;

type Try = (key: SigningMaterial, target: Target) => Promise<boolean>;

/** The names are those of the report's table. */
export const TRIES: Readonly<Record<string, Try>> = {
  'the victim, with the id of a real session': async (key, target) => {
    const { userId, sessionId } = target.victim;
    return isTakenFor(target, userId, await forge(key, target, { userId, sessionId }));
  },
  'the victim, with the id of a session that does not exist': async (key, target) => {
    const { userId } = target.victim;
    return isTakenFor(target, userId, await forge(key, target, { userId }));
  },
  'a user who has just logged out all devices, with the epoch before that': async (key, target) => {
    const { userId } = target.veteran;
    return isTakenFor(target, userId, await forge(key, target, { userId, epoch: 0 }));
  },
  'the same user, with an epoch guessed far too high': async (key, target) => {
    const { userId } = target.veteran;
    return isTakenFor(target, userId, await forge(key, target, { userId, epoch: 1_000_000 }));
  },
  'an operator: the signing keys are listed': async (key, target) => {
    return rules(target, await forge(key, target, { userId: target.operatorId, scope: 'user operator' }));
  },
  'the victim, with the rights of an operator': async (key, target) => {
    return rules(target, await forge(key, target, { userId: target.victim.userId, scope: 'user operator' }));
  },
  'a token that says it lives for a year': async (key, target) => {
    const { userId } = target.victim;
    return isTakenFor(target, userId, await forge(key, target, { userId, lifeSeconds: YEAR_SECONDS }));
  },
  'renewal: the forgery is exchanged for a genuine credential': async (key, target) =>
    (await renewed(target.url, await forge(key, target, { userId: target.victim.userId }))) !== null,
  'a genuine credential, as the device that survives a logout of all others': async (key, target) => {
    const bearer = await forge(key, target, { ...target.survivor, epoch: 0 });
    const payload = await mutate(target.url, 'logoutAllDevices', { exceptCurrent: true }, { bearer }).catch(
      () => null,
    );
    return (
      typeof payload?.tokens?.accessToken === 'string' || typeof payload?.tokens?.refreshToken === 'string'
    );
  },
};

async function rules({ url }: Target, bearer: string): Promise<boolean> {
  const { data } = await ask(url, '{ signingKeys { kid } }', {}, { bearer });
  return Array.isArray(data?.['signingKeys']);
}

export function isTakenFor(target: Target, userId: string, bearer: string): Promise<boolean> {
  return whoIs(target.url, { bearer }).then((who) => who === userId);
}

/** What the server gives for a credential: sent as the bearer and, where that yields nothing, named as a refresh token. */
export async function renewed(url: string, token: string): Promise<string | null> {
  const document = `mutation ($input: RefreshInput!) {
    refresh(input: $input) { ... on RefreshSuccess { tokens { accessToken } } }
  }`;
  for (const [input, sent] of [
    [{}, { bearer: token }],
    [{ refreshToken: token }, {}],
  ] as const) {
    const { data } = await ask(url, document, { input }, sent);
    const refresh = data?.['refresh'] as { tokens?: { accessToken: string | null } } | null | undefined;
    if (typeof refresh?.tokens?.accessToken === 'string') return refresh.tokens.accessToken;
  }
  return null;
}

/** A service elsewhere that knows nothing but the public keys it fetched. */
export interface Outsider {
  accepts(token: string): Promise<boolean>;
  /** How long it may go by these keys, as the server told it. */
  readonly mayKeepSeconds: number;
}

export async function outsider(url: string, issuer: string): Promise<Outsider> {
  const response = await fetch(`${url}/.well-known/jwks.json`);
  const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
  const [, seconds] = /max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '') ?? [];
  return {
    mayKeepSeconds: Number(seconds),
    accepts: (token) =>
      jwtVerify(token, keys, { issuer, audience: issuer, typ: 'at+jwt' }).then(
        () => true,
        () => false,
      ),
  };
}

/** A forgery that lives for a year: for services that do not ask how long a token claims to live. */
export function longForgery(key: SigningMaterial, target: Target): Promise<string> {
  return forge(key, target, {
    userId: target.victim.userId,
    sessionId: madeUpId(),
    lifeSeconds: YEAR_SECONDS,
  });
}
