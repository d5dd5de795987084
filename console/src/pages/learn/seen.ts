/** An access token that this page has seen, and what its coming says of the refresh that brought it; pure. */

export interface Seen {
  readonly jti: string;
  readonly sid: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
  readonly at: number;
  /** Null where it came by itself, or from another tab; else the milliseconds that it took. */
  readonly tookMs: number | null;
  /** Whether it was there before this page was. */
  readonly isFirst: boolean;
  /** What the row said when it was the newest; null until the row has been asked. */
  readonly generation: number | null;
}

/**
 * What the server has decided, as it follows from the generations of a token and of the one seen before it. Null where
 * nothing was: a changed password, or a logout of the others, brings a new access token and no refresh.
 */
export function verdictOn(seen: Seen, before: Seen | undefined): 'rotate' | 'replay' | null {
  if (seen.generation === null || before === undefined || before.generation === null) return null;
  if (seen.generation > before.generation) return 'rotate';
  return seen.tookMs === null ? null : 'replay';
}
