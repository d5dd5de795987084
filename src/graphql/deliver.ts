/** Brings issued tokens to the client: the refresh token into the cookie or into the body, never into both. */

import type { Session } from '../entities/session.js';
import type { IssuedTokens } from '../session/contract.js';
import type { CounterfoilContext } from './context.js';
import { TokenSet } from './types/nodes.js';

export function deliver(
  { counterfoil }: CounterfoilContext,
  session: Session,
  tokens: IssuedTokens,
): TokenSet {
  const { jar, parts } = counterfoil;
  const now = parts.clock.now();
  if (session.delivery === 'body' || tokens.refreshToken === null)
    return new TokenSet(tokens, tokens.refreshToken, now);
  jar.keep(tokens.refreshToken, tokens.refreshTokenExpiresAt ?? now);
  return new TokenSet(tokens, null, now);
}

/**
 * The same for a session that goes on with the refresh token it has: a cookie that the browser still holds is not sent
 * again, since whoever asks with an access token alone must not be given one.
 */
export function deliverAgain(
  { counterfoil }: CounterfoilContext,
  session: Session,
  tokens: IssuedTokens,
): TokenSet {
  const refreshToken = session.delivery === 'body' ? tokens.refreshToken : null;
  return new TokenSet(tokens, refreshToken, counterfoil.parts.clock.now());
}
