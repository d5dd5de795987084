/** Verifying in the page: by the key's algorithm, whatever the token says, and honest about what cannot be checked. */

import { describe, expect, it } from 'vitest';
import { readToken, textOf, withOneLetterChanged } from '../../../console/src/pages/learn/decode.js';
import { makeSpecimen } from '../../../console/src/pages/learn/specimen.js';
import { type PublicKey, verifySignature } from '../../../console/src/pages/learn/verify.js';

const SIGNERS = {
  ES256: [
    { name: 'ECDSA', namedCurve: 'P-256' },
    { name: 'ECDSA', hash: 'SHA-256' },
  ],
  EdDSA: [{ name: 'Ed25519' }, { name: 'Ed25519' }],
  RS256: [
    {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    { name: 'RSASSA-PKCS1-v1_5' },
  ],
} as const;
type Algorithm = keyof typeof SIGNERS;

const encoded = (value: unknown) => textOf(new TextEncoder().encode(JSON.stringify(value)));

async function signed(
  algorithm: Algorithm,
  says: string = algorithm,
): Promise<{ text: string; key: PublicKey }> {
  const [making, signing] = SIGNERS[algorithm];
  const pair = (await crypto.subtle.generateKey(making, true, ['sign', 'verify'])) as {
    readonly privateKey: Parameters<typeof crypto.subtle.sign>[1];
    readonly publicKey: Parameters<typeof crypto.subtle.exportKey>[1];
  };
  const input = `${encoded({ alg: says, typ: 'at+jwt', kid: 'k' })}.${encoded({ sub: 'ada' })}`;
  const signature = await crypto.subtle.sign(signing, pair.privateKey, new TextEncoder().encode(input));
  const jwk = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as PublicKey;
  return {
    text: `${input}.${textOf(new Uint8Array(signature))}`,
    key: { ...jwk, alg: algorithm, kid: 'k', key_ops: ['verify'] },
  };
}

describe.each(Object.keys(SIGNERS) as Algorithm[])('%s', (algorithm) => {
  it('a real signature fits, and one over other letters does not', async () => {
    const { text, key } = await signed(algorithm);
    expect(await verifySignature(text, [key])).toEqual({ kind: 'good', algorithm });
    expect(await verifySignature(withOneLetterChanged(text), [key])).toEqual({ kind: 'bad' });
  });

  it('a token that names another algorithm than its key is refused', async () => {
    const { text, key } = await signed(algorithm, 'none');
    expect(await verifySignature(text, [key])).toEqual({ kind: 'bad' });
  });
});

it('a key that is not among the published ones is said to be unknown', async () => {
  const { text, key } = await signed('ES256');
  expect(await verifySignature(text, [])).toEqual({ kind: 'unknown-key' });
  expect(await verifySignature(text, [{ ...key, kid: 'other' }])).toEqual({ kind: 'unknown-key' });
});

it('what cannot be checked is not called good', async () => {
  const { text, key } = await signed('ES256');
  expect(await verifySignature(text, [{ ...key, alg: 'XS512' }])).toMatchObject({ kind: 'cannot' });
  expect(await verifySignature(text, [{ kty: 'AKP', alg: 'ML-DSA-44', kid: 'k' }])).toMatchObject({
    kind: expect.stringMatching(/^(cannot|bad)$/),
  });
});

it('a specimen is verified by its own key, and has no other', async () => {
  const { text, keys } = await makeSpecimen({ sub: 'ada', scope: 'user' });
  expect(readToken(text)?.claims).toEqual({ sub: 'ada', scope: 'user' });
  expect(await verifySignature(text, keys)).toMatchObject({ kind: 'good' });
});
