/**
 * The table of JWT attacks that is held against the server, held against the verifier for other services, which has been
 * given nothing but the server's address. And whatever is done to a token, the two never disagree.
 */

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerifier, type Verifier } from '../../../src/verify/index.js';
import { base64url, forge } from '../../support/forge.js';
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
} from '../../support/jwt-attacks.js';

/** A server, and a verifier that has verified its victim's token once: it knows the keys, and remembers the token. */
async function watched(at: Target): Promise<Verifier> {
  const verifier = createVerifier({
    issuer: String(at.claims['iss']),
    audience: String(at.claims['aud']),
    jwksUrl: `${at.loopback.origin}/.well-known/jwks.json`,
    revocations: null,
    maxLifetime: 300,
    clock: at.loopback.counterfoil.clock,
  });
  expect(await verifier.verify(at.accessToken)).toMatchObject({ kind: 'verified', userId: at.claims['sub'] });
  return verifier;
}

let es256: Target;
let lure: Lure;
let verifier: Verifier;

beforeAll(async () => {
  lure = await startLure();
  es256 = await target();
  verifier = await watched(es256);
});
afterAll(async () => {
  verifier.close();
  await es256.loopback.stop();
  await lure.close();
});

const { ownKey, withHeader, withClaims } = insider(() => es256);
const table = attackTable(
  () => es256,
  () => lure,
);

/** What the server says of a token, in the verifier's words. */
async function serverSays(token: string): Promise<string> {
  const { model } = es256.loopback.counterfoil.app.parts;
  const outcome = await model.authenticate({ bearer: token, cookie: null });
  return outcome.kind === 'refused' ? outcome.because : outcome.kind;
}
async function verifierSays(token: string): Promise<string> {
  const outcome = await verifier.verify(token);
  return outcome.kind === 'verified' ? 'authenticated' : outcome.because;
}

function refusesAll(attacks: Attacks): void {
  for (const [name, token] of Object.entries(attacks)) {
    it(`refuses ${name}, and for the server's reason`, async () => {
      const attack = token();
      expect((await verifier.verify(attack)).kind).toBe('refused');
      expect(await verifierSays(attack)).toBe(await serverSays(attack));
    });
  }
}

describe('the algorithm is never the token’s to choose', () => {
  refusesAll(table.algorithm);
});

describe('the key is never the token’s to bring', () => {
  refusesAll(table.key);
});

describe('the form is one and no other', () => {
  refusesAll(table.form);
});

describe('the signature is one that the key has made', () => {
  refusesAll(table.signature);
});

describe('every claim is checked', () => {
  refusesAll(table.claims);
});

describe('kinds are never confused', () => {
  refusesAll(table.kinds);
});

describe('besides', () => {
  it('takes tokens of the forger of these tests when nothing is wrong with them', async () => {
    expect(await verifierSays(ownKey(({ header }) => header))).toBe('authenticated');
    const { iat } = es256.claims;
    expect(await verifierSays(withClaims({ iat: iat + 30, exp: iat + 300 }))).toBe('authenticated');
    expect(await verifierSays(withClaims({ nbf: iat }))).toBe('authenticated');
  });

  it('asks no one for a key', async () => {
    await fetch(lure.url('/control'));
    expect(lure.visits()).toBe(1);
  });

  it('refuses a kid of a megabyte before it reads the token, and what is no text at all', async () => {
    expect(await verifierSays(withHeader({ kid: 'k'.repeat(1 << 20) }))).toBe('malformed');
    for (const none of [undefined, null, 7, {}, ['a.b.c']])
      expect(await verifierSays(none as unknown as string)).toBe('malformed');
  });

  it.each<['EdDSA' | 'RS256', (at: Target) => Attacks]>([
    ['EdDSA', edwardsAttacks],
    ['RS256', rsaAttacks],
  ])('knows a key of %s by that name only', async (algorithm, attacks) => {
    const at = await target(algorithm);
    const own = await watched(at);
    try {
      expect((await own.verify(forge(at.header, at.claims, at.own))).kind).toBe('verified');
      for (const [name, token] of Object.entries(attacks(at)))
        expect((await own.verify(token())).kind, name).toBe('refused');
    } finally {
      own.close();
      await at.loopback.stop();
    }
  });
});

describe('the server and the verifier', () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>('', 0, -1, null, true, [], {}, '0', 1e300),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.integer(),
  );
  const name = fc.constantFrom(
    ...[
      'iss',
      'aud',
      'sub',
      'sid',
      'client_id',
      'iat',
      'exp',
      'jti',
      'epoch',
      'scope',
      'auth_time',
      'nbf',
      'x',
    ],
  );
  const seconds = fc.integer({ min: -400, max: 400 });

  /** A change to a good token: of one character, of a part, of a claim that is then signed, or none. */
  const mutated = fc.oneof(
    fc
      .tuple(fc.nat(1_000), fc.string({ unit: 'grapheme-ascii', maxLength: 2 }))
      .map(([index, text]) => () => {
        const at = index % es256.accessToken.length;
        return es256.accessToken.slice(0, at) + text + es256.accessToken.slice(at + 1);
      }),
    fc.tuple(fc.nat(2), fc.constantFrom('=', '.', '', ' ', 'A', '\u00e9')).map(
      ([index, text]) =>
        () =>
          es256.accessToken
            .split('.')
            .map((part, at) => (at === index ? part + text : part))
            .join('.'),
    ),
    fc.tuple(name, value).map(
      ([key, changed]) =>
        () =>
          withClaims({ [key]: changed }),
    ),
    fc.tuple(seconds, seconds).map(
      ([issued, life]) =>
        () =>
          withClaims({ iat: es256.claims.iat + issued, exp: es256.claims.iat + issued + life }),
    ),
    fc.tuple(fc.constantFrom('alg', 'typ', 'kid', 'x'), value).map(
      ([key, changed]) =>
        () =>
          withHeader({ [key]: changed }),
    ),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => () => {
      const [header] = es256.accessToken.split('.');
      const input = `${header}.${base64url(bytes)}`;
      return `${input}.${base64url(es256.own(Buffer.from(input)))}`;
    }),
    fc.string({ maxLength: 30 }).map((text) => () => text),
    fc.constant(() => es256.accessToken),
  );

  it('agree on every token, reason included, whatever is done to it', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (token) => {
        const text = token();
        expect(await verifierSays(text)).toBe(await serverSays(text));
      }),
      { numRuns: 600 },
    );
  });
});
