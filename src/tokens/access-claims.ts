/**
 * The claims of an access token (RFC 9068 §2.2): their shape, and whether they hold here and now. Pure, and free of all
 * that only Node has. Asked after the signature has been proven good, by `verify-access-token.ts`.
 */

import { isIdentifier, type SessionId, type UserId } from '../entities/identifier.js';
import { canonicalObject } from './jws-text.js';

/** The claims of RFC 9068 §2.2 as we write them; times are whole seconds since the epoch (RFC 7519 NumericDate). */
export interface AccessClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: UserId;
  readonly sid: SessionId;
  readonly client_id: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  /** Only where it can be checked: tokens of the stateless model have none, and are good for no other. */
  readonly epoch?: number;
  readonly scope: string;
  readonly auth_time: number;
}

/** What claims must agree with. */
export interface ClaimExpectations {
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How far the signer's clock may be ahead of ours (`iat` in the future); milliseconds. */
  readonly skewMs: number;
  /** How long after `exp` a token still passes: 0 where the signer and the verifier share a clock; milliseconds. */
  readonly expiryLeewayMs: number;
  /** The longest life (`exp - iat`) that present policy grants; a token that claims more is refused. */
  readonly maxLifetimeMs: number;
  /** Whether tokens name the epoch; unless told otherwise, they must. */
  readonly epochs?: boolean;
}

export type ClaimFault =
  | 'bad-claims'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'not-yet-valid'
  | 'lives-too-long'
  | 'expired';

/** We never write `nbf`, but whoever reads it in a token of ours must heed it (RFC 7519 §4.1.5). */
export type ReadClaims = AccessClaims & { readonly nbf?: number };

/** The claims in a payload, or null where one is missing or is not of its type. */
export function readClaims(payload: Uint8Array): ReadClaims | null {
  const found = canonicalObject(payload);
  if (found === null) return null;
  const texts = [found['iss'], found['aud'], found['client_id'], found['jti'], found['scope']];
  const counts = [
    found['iat'],
    found['exp'],
    found['epoch'] === undefined ? 0 : found['epoch'],
    found['auth_time'],
    found['nbf'] === undefined ? 0 : found['nbf'],
  ];
  const wellTyped =
    texts.every((text) => typeof text === 'string' && text !== '') &&
    counts.every((count) => Number.isSafeInteger(count) && (count as number) >= 0) &&
    [found['sub'], found['sid']].every((id) => typeof id === 'string' && isIdentifier(id));
  return wellTyped ? (found as unknown as ReadClaims) : null;
}

export function claimFault(claims: ReadClaims, expected: ClaimExpectations): ClaimFault | null {
  if ((claims.epoch !== undefined) !== (expected.epochs ?? true)) return 'bad-claims';
  if (claims.iss !== expected.issuer) return 'wrong-issuer';
  if (claims.aud !== expected.audience) return 'wrong-audience';
  if (Math.max(claims.iat, claims.nbf ?? 0) * 1000 > expected.now + expected.skewMs) return 'not-yet-valid';
  if ((claims.exp - claims.iat) * 1000 > expected.maxLifetimeMs) return 'lives-too-long';
  if (claims.exp * 1000 <= expected.now - expected.expiryLeewayMs) return 'expired';
  return null;
}
