/**
 * Verifiers as other services write them, with libraries that this one does not use, and with the caches that those
 * services have. Each is given nothing but an issuer, an audience and the address of the JWKS.
 */

import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { createVerifier } from 'fast-jwt';
import jsonwebtoken from 'jsonwebtoken';
import { JwksClient } from 'jwks-rsa';

export interface CachingVerifier {
  readonly name: string;
  readonly algorithms: readonly string[];
  /** The subject of the token; throws where the library refuses it. */
  verify(token: string): Promise<string>;
  /** How often the JWKS has been fetched. */
  readonly fetches: number;
  /** The kids that it has learned. */
  readonly known: ReadonlySet<string>;
}

interface Trust {
  readonly issuer: string;
  readonly audience: string;
}

const jwksOf = ({ issuer }: Trust) => `${issuer}/.well-known/jwks.json`;

/** jsonwebtoken with jwks-rsa as it comes: a key is kept for ten minutes, an unknown kid fetches the JWKS. No EdDSA. */
export function jsonwebtokenVerifier(trust: Trust): CachingVerifier {
  let fetches = 0;
  const known = new Set<string>();
  const client = new JwksClient({
    jwksUri: jwksOf(trust),
    fetcher: async (uri) => {
      fetches += 1;
      return (await fetch(uri)).json() as Promise<{ keys: never[] }>;
    },
  });
  return {
    name: 'jsonwebtoken with jwks-rsa',
    algorithms: ['ES256', 'RS256'],
    verify: async (token) => {
      const kid = jsonwebtoken.decode(token, { complete: true })?.header.kid;
      const key = await client.getSigningKey(kid);
      known.add(key.kid);
      const { issuer, audience } = trust;
      const claims = jsonwebtoken.verify(token, key.getPublicKey(), {
        issuer,
        audience,
        algorithms: ['ES256', 'RS256'],
      });
      return String(claims.sub);
    },
    get fetches() {
      return fetches;
    },
    known,
  };
}

/**
 * fast-jwt over a JWKS that is kept for exactly as long as its max-age says. An unknown kid is refused without a look
 * at the server, as a gateway does that will not be made to fetch by whoever sends it a token: the strictest of caches.
 */
export function fastJwtVerifier(trust: Trust): CachingVerifier {
  let fetches = 0;
  let freshUntil = 0;
  let keys = new Map<string, string>();

  async function refetchWhenStale(): Promise<void> {
    if (Date.now() < freshUntil) return;
    const response = await fetch(jwksOf(trust));
    const [, maxAge] = /max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '') ?? [];
    const body = (await response.json()) as { keys: (JsonWebKey & { kid: string })[] };
    fetches += 1;
    freshUntil = Date.now() + Number(maxAge) * 1000;
    keys = new Map(
      body.keys.map((key) => [
        key.kid,
        createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString(),
      ]),
    );
  }

  const verify = createVerifier({
    key: async ({ header }: { header: { kid?: string } }) => {
      await refetchWhenStale();
      const key = keys.get(header.kid ?? '');
      if (key === undefined) throw new Error(`unknown kid ${header.kid}`);
      return key;
    },
    algorithms: ['ES256', 'RS256', 'EdDSA'],
    allowedIss: trust.issuer,
    allowedAud: trust.audience,
    checkTyp: 'at+jwt',
    requiredClaims: ['iss', 'aud', 'sub', 'client_id', 'iat', 'exp', 'jti'],
  });
  return {
    name: 'fast-jwt with a JWKS kept for its max-age',
    algorithms: ['ES256', 'RS256', 'EdDSA'],
    verify: async (token) => String((await verify(token)).sub),
    get fetches() {
      return fetches;
    },
    get known() {
      return new Set(keys.keys());
    },
  };
}
