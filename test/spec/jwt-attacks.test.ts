/**
 * Known attacks on JWT verification (RFC 8725; ASVS V9), each by name, over HTTP against a running server. Every one is
 * answered UNAUTHENTICATED, and nothing changes. The table itself is in `test/support/jwt-attacks.ts`.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiError, COOKIE } from '../support/api.js';
import type { Dump } from '../support/counterfoil.js';
import { base64url, forge } from '../support/forge.js';
import {
  type Attacks,
  attackTable,
  edwardsAttacks,
  insider,
  type Lure,
  rsaAttacks,
  startLure,
  type Target,
  target,
} from '../support/jwt-attacks.js';

let es256: Target;
let lure: Lure;
let before: Dump;

beforeAll(async () => {
  lure = await startLure();
  es256 = await target();
  before = await es256.loopback.dump();
});

afterAll(async () => {
  await es256.loopback.stop();
  await lure.close();
});

async function ask(at: Target, authorization: string) {
  const viewer = await at.loopback.post('{ viewer { id } }', {}, { authorization });
  const ending = await at.loopback.post(
    'mutation { logoutAllDevices { __typename } }',
    {},
    { authorization },
  );
  return { viewer, ending };
}

async function expectRefused(token: string, at: Target = es256): Promise<void> {
  const tables = await at.loopback.dump();
  for (const answer of Object.values(await ask(at, `Bearer ${token}`))) {
    const body = (await answer.json()) as { errors: ApiError[] };
    expect(body.errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    // Not because the session had ended, which would hide that the token was taken for a good one.
    expect(body.errors[0]?.extensions.reason).toMatch(/^(invalid|expired)$/);
    expect(answer.status).toBe(200);
  }
  expect(await at.loopback.dump()).toEqual(tables);
}

async function isAccepted(token: string, at: Target = es256): Promise<boolean> {
  const answer = await at.loopback.post('{ viewer { id } }', {}, { authorization: `Bearer ${token}` });
  const { data } = (await answer.json()) as { data: { viewer: unknown } | null };
  return data?.viewer !== null && data?.viewer !== undefined;
}

const { ownKey, withClaims, withHeader } = insider(() => es256);

describe('the forger of these tests', () => {
  it('makes tokens that pass when nothing is wrong with them', async () => {
    expect(await isAccepted(ownKey(({ header }) => header))).toBe(true);
    expect(await isAccepted(es256.accessToken)).toBe(true);
  });
});

const table = attackTable(
  () => es256,
  () => lure,
);

function refusesAll(attacks: Attacks): void {
  for (const [name, token] of Object.entries(attacks)) it(`refuses ${name}`, () => expectRefused(token()));
}

describe('the algorithm is never the token’s to choose', () => {
  refusesAll(table.algorithm);
});

describe('the key is never the token’s to bring', () => {
  refusesAll(table.key);

  it('asks no one for a key: the listener behind jku and x5u has seen no request', async () => {
    await fetch(lure.url('/control'));
    expect(lure.visits()).toBe(1);
  });

  it('refuses a kid of a megabyte before it reads the token', async () => {
    const token = withHeader({ kid: 'k'.repeat(1 << 20) });
    expect(
      await es256.loopback.counterfoil.app.parts.model.authenticate({ bearer: token, cookie: null }),
    ).toEqual({
      kind: 'refused',
      because: 'malformed',
    });
    const answer = await es256.loopback.post('{ viewer { id } }', {}, { authorization: `Bearer ${token}` });
    expect(answer.status).toBe(431);
  });
});

describe('the form is one and no other', () => {
  refusesAll(table.form);
});

describe('the signature is one that the key has made', () => {
  refusesAll(table.signature);

  it('refuses the token with any one byte of its signature flipped', async () => {
    const { accessToken, loopback } = es256;
    const [header, payload, signature = ''] = accessToken.split('.');
    const { model } = loopback.counterfoil.app.parts;
    const bytes = Buffer.from(signature, 'base64url');
    for (const index of bytes.keys()) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      const outcome = await model.authenticate({
        bearer: `${header}.${payload}.${base64url(flipped)}`,
        cookie: null,
      });
      expect(outcome).toEqual({ kind: 'refused', because: 'bad-signature' });
    }
  });
});

describe('every claim is checked', () => {
  refusesAll(table.claims);

  const later = (seconds: number) => es256.claims.iat + seconds;

  it('lets a signer’s clock be ahead by the skew, and an nbf that has come be', async () => {
    expect(await isAccepted(withClaims({ iat: later(30), exp: later(300) }))).toBe(true);
    expect(await isAccepted(withClaims({ nbf: later(0) }))).toBe(true);
  });
});

describe('kinds are never confused', () => {
  refusesAll(table.kinds);

  it('takes no access token where a refresh token belongs, in the body or in the cookie', async () => {
    const { loopback, accessToken } = es256;
    const tables = await loopback.dump();
    const refresh = 'mutation ($input: RefreshInput!) { refresh(input: $input) { __typename } }';
    const byBody = await loopback.post(refresh, { input: { refreshToken: accessToken } });
    const byCookie = await loopback.post(refresh, { input: {} }, { cookie: `${COOKIE}=${accessToken}` });
    for (const answer of [byBody, byCookie]) {
      expect(await answer.json()).toEqual({ data: { refresh: { __typename: 'RefreshTokenInvalid' } } });
    }
    expect(await loopback.dump()).toEqual(tables);
  });
});

describe('other servers and other keys', () => {
  it('refuses a token of another instance with the same issuer, audience and master key', async () => {
    const other = await target();
    try {
      expect(await isAccepted(other.accessToken, other)).toBe(true);
      await expectRefused(other.accessToken);
      await expectRefused(forge({ ...other.header, kid: es256.header['kid'] }, es256.claims, other.own));
    } finally {
      await other.loopback.stop();
    }
  });

  it('knows an EdDSA key by that name only: Ed25519, ES256 and HS256 on it are refused', async () => {
    const at = await target('EdDSA');
    try {
      expect(at.header['alg']).toBe('EdDSA');
      expect(await isAccepted(forge(at.header, at.claims, at.own), at)).toBe(true);
      for (const token of Object.values(edwardsAttacks(at))) await expectRefused(token(), at);
    } finally {
      await at.loopback.stop();
    }
  });

  it('knows an RSA key by RS256 only: PS256, RS512 and HS256 with its PEM are refused', async () => {
    const at = await target('RS256');
    try {
      expect(await isAccepted(forge(at.header, at.claims, at.own), at)).toBe(true);
      for (const token of Object.values(rsaAttacks(at))) await expectRefused(token(), at);
    } finally {
      await at.loopback.stop();
    }
  });

  it('has changed nothing in all of this', async () => {
    expect(await es256.loopback.dump()).toEqual(before);
  });
});
