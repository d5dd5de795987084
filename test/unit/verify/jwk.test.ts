/** Which keys of a JWK Set are taken: those that Counterfoil publishes, and no others. */

import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { namedKey } from '../../../src/verify/jwk.js';

const ALGORITHMS = ['ES256', 'EdDSA', 'RS256'] as const;
let keys: Record<(typeof ALGORITHMS)[number], JWK>;
let privateJwk: JWK;

beforeAll(async () => {
  const made = await Promise.all(
    ALGORITHMS.map(async (alg) => {
      const pair = await generateKeyPair(alg, { extractable: true });
      if (alg === 'ES256') privateJwk = await exportJWK(pair.privateKey);
      return [alg, { ...(await exportJWK(pair.publicKey)), kid: alg, alg, use: 'sig' }];
    }),
  );
  keys = Object.fromEntries(made);
});

const taken = async (jwk: unknown) => (await namedKey(jwk)?.material()) ?? null;
const changed = (more: object, alg: (typeof ALGORITHMS)[number] = 'ES256') =>
  taken({ ...keys[alg], ...more });

describe('a key of a JWK Set', () => {
  it.each(ALGORITHMS)('is taken when it is what Counterfoil publishes: %s', async (algorithm) => {
    expect(await taken(keys[algorithm])).toMatchObject({ kid: algorithm, algorithm });
    expect(await changed({ key_ops: ['verify'], ext: true, x5c: ['MIIB'] }, algorithm)).not.toBeNull();
  });

  it('can check signatures and nothing else, and cannot be taken out again', async () => {
    const material = await taken(keys.ES256);
    expect(material?.publicKey).toMatchObject({ type: 'public', extractable: false, usages: ['verify'] });
  });

  it.each([
    ['an algorithm that is not of its type', { alg: 'RS256' }],
    ['an algorithm that we do not use', { alg: 'ES384' }],
    ['no algorithm', { alg: undefined }],
    ['another curve', { crv: 'P-384' }],
    ['another type', { kty: 'OKP' }],
    ['a use other than signatures', { use: 'enc' }],
    ['no use', { use: undefined }],
    ['operations without verifying', { key_ops: ['sign'] }],
    ['operations that are no list', { key_ops: 'verify' }],
    ['no kid', { kid: undefined }],
    ['an empty kid', { kid: '' }],
    ['a kid that is no text', { kid: 1 }],
    ['a kid that is too long', { kid: 'k'.repeat(257) }],
    ['no x', { x: undefined }],
    ['an x that is no point', { x: 'AAAA' }],
    ['a y that is no text', { y: 7 }],
  ])('is passed over with %s', async (_why, more) => {
    expect(await changed(more)).toBeNull();
  });

  it('is passed over where it is private, secret, weak or nothing', async () => {
    expect(await taken({ ...privateJwk, kid: 'a', alg: 'ES256', use: 'sig' })).toBeNull();
    expect(await taken({ kty: 'oct', k: 'AAAA', kid: 'a', alg: 'HS256', use: 'sig' })).toBeNull();
    expect(await changed({ n: 'q'.repeat(171) }, 'RS256')).toBeNull();
    expect(await changed({ crv: 'X25519' }, 'EdDSA')).toBeNull();
    expect(await changed({ pub: 'AAAA', kty: 'AKP', alg: 'ML-DSA-44' })).toBeNull();
    for (const none of [null, undefined, 1, 'key', [], {}]) expect(await taken(none)).toBeNull();
  });
});
