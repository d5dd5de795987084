/**
 * Brings issued tokens to the client. What a browser must keep (the refresh token, or the only token where a model has
 * but one) goes into the cookie or into the body, never into both.
 */

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
  const { accessToken, refreshToken } = tokens;
  const now = parts.clock.now();
  if (session.delivery === 'body') return new TokenSet(tokens, { accessToken, refreshToken }, now);
  jar.keep(refreshToken ?? accessToken, tokens.cookieExpiresAt);
  return new TokenSet(tokens, { accessToken: refreshToken && accessToken, refreshToken: null }, now);
}

/**
 * The same for a session that goes on with what its client holds: a cookie that the browser still holds is not sent
 * again, since whoever asks with an access token alone must not be given one.
 */
export function deliverAgain(
  { counterfoil }: CounterfoilContext,
  session: Session,
  tokens: IssuedTokens | null,
): TokenSet | null {
  if (tokens === null) return null;
  const refreshToken = session.delivery === 'body' ? tokens.refreshToken : null;
  return new TokenSet(tokens, { ...tokens, refreshToken }, counterfoil.parts.clock.now());
}
