/** Remembering verified tokens changes what verification costs, and nothing that it says. */

import fc from 'fast-check';
import { generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import type { SigningMaterial, VerifyingMaterial } from '../../../src/entities/key-material.js';
import {
  type AccessClaims,
  type Expectations,
  signAccessToken,
  verifyAccessToken,
} from '../../../src/tokens/access-token.js';
import { VerifiedTokens } from '../../../src/tokens/verified-tokens.js';
import { CLAIMS, NOW } from './claims.js';

const KIDS = ['a', 'b'] as const;
const LIMIT = 6;

describe('verification that remembers', () => {
  it('says the same as one that does not, whatever comes in whatever order', async () => {
    const [signers, verifiers] = await twoKeys();
    const tokens = await Promise.all(
      [0, 100, 250, 400].flatMap((delay) =>
        signers.map((signer) => signAccessToken(issuedAt(delay), signer)),
      ),
    );
    const spellings = [
      ...tokens,
      ...tokens.map((token) => `${token.slice(0, -1)}_`),
      ...tokens.map((t) => `${t}=`),
    ];
    const step = fc.record({
      token: fc.constantFrom(...spellings),
      seconds: fc.integer({ min: -60, max: 800 }),
      known: fc.subarray([...KIDS]),
      audience: fc.constantFrom(CLAIMS.aud, 'https://other.example.com'),
      renewed: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const verified = new VerifiedTokens<AccessClaims>(LIMIT);
        for (const { token, seconds, known, audience, renewed } of steps) {
          const findKey = (kid: string) => {
            const key = known.some((each) => each === kid) ? verifiers.get(kid) : undefined;
            return key && renewed ? { ...key } : key;
          };
          const expected = expectations({ now: NOW + seconds * 1000, audience, findKey });
          const fresh = await verifyAccessToken(token, expected);
          expect(await verifyAccessToken(token, { ...expected, verified })).toEqual(fresh);
          expect(verified.size).toBeLessThanOrEqual(LIMIT);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not compute a signature again, and does where the key is no longer the same one', async () => {
    const [[signer], verifiers] = await twoKeys();
    const token = await signAccessToken(issuedAt(0), signer);
    const verified = new VerifiedTokens<AccessClaims>(LIMIT);
    const key = verifiers.get('a') as VerifyingMaterial;
    let looked = 0;
    // A key whose material cannot be read is enough for a token that needs no verifying.
    const unreadable = new Proxy(key, {
      get(target, name, receiver) {
        if (name === 'publicKey') looked += 1;
        return Reflect.get(target, name, receiver);
      },
    });
    const expected = expectations({ findKey: () => unreadable, verified });
    for (let time = 0; time < 5; time++)
      expect((await verifyAccessToken(token, expected)).kind).toBe('verified');
    expect(looked).toBe(1);
    await verifyAccessToken(token, { ...expected, findKey: () => ({ ...key }) });
    expect((await verifyAccessToken(token, { ...expected, findKey: () => undefined })).kind).toBe('refused');
  });

  it('remembers nothing that was refused', async () => {
    const [[signer], verifiers] = await twoKeys();
    const verified = new VerifiedTokens<AccessClaims>(LIMIT);
    const expected = expectations({ findKey: (kid) => verifiers.get(kid), verified });
    const token = await signAccessToken(issuedAt(-400), signer);
    for (const bad of [token, `${token}=`, 'a.b.c', '']) await verifyAccessToken(bad, expected);
    expect(verified.size).toBe(0);
  });
});

describe('the memory of verified tokens', () => {
  it('keeps what is asked for, and never more than its limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 })),
        fc.integer({ min: 2, max: 10 }),
        (asked, limit) => {
          const memory = new VerifiedTokens<number>(limit);
          const key = { kid: 'a' } as VerifyingMaterial;
          for (const each of asked) {
            memory.set(String(each), { claims: each, key });
            expect(memory.get(String(each))?.claims).toBe(each);
            expect(memory.size).toBeLessThanOrEqual(limit);
          }
        },
      ),
    );
  });

  it('lets what is used often outlive what is not', () => {
    const memory = new VerifiedTokens<string>(10);
    const key = { kid: 'a' } as VerifyingMaterial;
    memory.set('often', { claims: 'often', key });
    for (let other = 0; other < 100; other++) {
      memory.set(`once ${other}`, { claims: '', key });
      expect(memory.get('often')?.claims).toBe('often');
    }
    expect(memory.get('once 0')).toBeUndefined();
  });
});

function issuedAt(delaySeconds: number): AccessClaims {
  return { ...CLAIMS, iat: CLAIMS.iat + delaySeconds, exp: CLAIMS.exp + delaySeconds };
}

function expectations(changes: Partial<Expectations>): Expectations {
  return {
    issuer: CLAIMS.iss,
    audience: CLAIMS.aud,
    now: NOW,
    skewMs: 30_000,
    expiryLeewayMs: 0,
    maxLifetimeMs: 300_000,
    findKey: () => undefined,
    ...changes,
  };
}

async function twoKeys(): Promise<[[SigningMaterial, SigningMaterial], Map<string, VerifyingMaterial>]> {
  const verifiers = new Map<string, VerifyingMaterial>();
  const make = async (kid: string): Promise<SigningMaterial> => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    verifiers.set(kid, { kid, algorithm: 'ES256', publicKey });
    return { kid, algorithm: 'ES256', privateKey };
  };
  return [[await make('a'), await make('b')], verifiers];
}
