/**
 * A specimen of a signed token, for where the real one is not for scripts: the same claims, signed by a key that is made in
 * this page and forgotten with it. It opens nothing.
 */

import { textOf } from './decode.js';
import type { PublicKey } from './verify.js';

export interface Specimen {
  readonly text: string;
  readonly keys: readonly PublicKey[];
}

const ES256 = { name: 'ECDSA', namedCurve: 'P-256' };

export async function makeSpecimen(claims: Readonly<Record<string, unknown>>): Promise<Specimen> {
  const pair = await crypto.subtle.generateKey(ES256, false, ['sign', 'verify']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  // RFC 7638 §3: the members in this order, and nothing else.
  const thumbprint = await crypto.subtle.digest('SHA-256', encoded({ crv, kty, x, y }));
  const kid = textOf(new Uint8Array(thumbprint));
  const header = textOf(encoded({ alg: 'ES256', typ: 'at+jwt', kid }));
  const input = `${header}.${textOf(encoded(claims))}`;
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    pair.privateKey,
    new TextEncoder().encode(input),
  );
  const key: PublicKey = {
    ...(kty && { kty }),
    ...(crv && { crv }),
    ...(x && { x }),
    ...(y && { y }),
    alg: 'ES256',
    kid,
  };
  return { text: `${input}.${textOf(new Uint8Array(signature))}`, keys: [key] };
}

function encoded(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}
