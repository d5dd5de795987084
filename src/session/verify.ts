/** Verification of this server's own access tokens, for the models that have them: signature and claims, no revocation. */

import { type AccessClaims, type Verification, verifyAccessToken } from '../tokens/access-token.js';
import type { Authenticated } from './contract.js';
import { rolesOf } from './issue.js';
import type { Verifier } from './parts.js';

/** `epochs`: whether this model's tokens name the epoch. */
export function verifier(parts: Verifier, epochs: boolean): (token: string) => Promise<Verification> {
  const { clock, keys, policy, verified } = parts;
  return (token) =>
    verifyAccessToken(token, {
      issuer: policy.issuer,
      audience: policy.audience,
      now: clock.now(),
      skewMs: policy.skewMs,
      expiryLeewayMs: 0,
      maxLifetimeMs: policy.accessTtlMs,
      epochs,
      findKey: (kid) => keys.verifier(kid),
      verified,
    });
}

const known = new WeakMap<AccessClaims, Authenticated>();

/** Whom verified claims speak of. Worked out once for a token that is remembered. */
export function authenticatedBy(claims: AccessClaims): Authenticated {
  const authenticated = known.get(claims) ?? Object.freeze(read(claims));
  known.set(claims, authenticated);
  return authenticated;
}

function read(claims: AccessClaims): Authenticated {
  const scopes = claims.scope.split(' ');
  return {
    kind: 'authenticated',
    userId: claims.sub,
    sessionId: claims.sid,
    roles: Object.freeze(rolesOf(scopes)),
    scopes: Object.freeze(scopes),
    authenticatedAt: claims.auth_time * 1000,
    expiresAt: claims.exp * 1000,
    token: { id: claims.jti, issuedAt: claims.iat },
  };
}
