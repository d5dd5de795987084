/**
 * Introspection: what a token is worth now (RFC 7662). Asks the store even where this process's own knowledge would do,
 * since somebody else's decision will rest on the answer. Changes nothing, but that an access token of the stateful model
 * is used by being asked about: whoever calls another service with it is as present as whoever calls this one.
 */

import type { Introspection } from '../entities/introspection.js';
import { diesAt } from '../entities/session.js';
import { Unavailable } from '../entities/unavailable.js';
import type { Role } from '../entities/user.js';
import type { Authenticated } from '../session/contract.js';
import type { AccountParts } from './parts.js';

const INACTIVE: Introspection = { kind: 'inactive' };

/** Rejects with `Unavailable` where the store cannot be asked. */
export async function introspect(parts: AccountParts, token: string): Promise<Introspection> {
  const authentication = await parts.model.authenticate({ bearer: token, cookie: null }, 'by-store');
  if (authentication.kind === 'authenticated') return accessToken(parts, authentication);
  if (authentication.kind === 'undecided') throw new Unavailable('Nothing can be said of a token now.');
  const mayBeOther = authentication.kind === 'refused' && authentication.because === 'refresh-token';
  return mayBeOther ? refreshToken(parts, token) : INACTIVE;
}

/** A token may be older than the last word on its user: one who is suspended or gone has none that is good. */
async function accessToken({ store }: AccountParts, proven: Authenticated): Promise<Introspection> {
  const user = await store.users.find(proven.userId);
  if (user?.standing.kind !== 'active') return INACTIVE;
  const present = scopesOf(user.roles);
  return {
    kind: 'active',
    use: 'access',
    userId: proven.userId,
    sessionId: proven.sessionId,
    scopes: proven.scopes.filter((scope) => present.includes(scope)),
    expiresAt: proven.expiresAt,
    authenticatedAt: proven.authenticatedAt,
    // An opaque token is as old as its session.
    issuedAt: proven.token === undefined ? proven.authenticatedAt : proven.token.issuedAt * 1000,
    tokenId: proven.token?.id ?? null,
  };
}

async function refreshToken({ model }: AccountParts, token: string): Promise<Introspection> {
  const found = await model.identify(token);
  if (!found?.renewable) return INACTIVE;
  const { session, user } = found;
  return {
    kind: 'active',
    use: 'refresh',
    userId: user.id,
    sessionId: session.id,
    scopes: scopesOf(user.roles),
    expiresAt: diesAt(session, model.idleTtlMs),
    authenticatedAt: session.createdAt,
    issuedAt: null,
    tokenId: null,
  };
}

/** As they stand in a token (RFC 9068 §2.2.3): roles in lower case. */
function scopesOf(roles: readonly Role[]): string[] {
  return roles.map((role) => role.toLowerCase());
}
