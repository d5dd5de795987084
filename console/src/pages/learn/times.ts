/** Lengths of time to the second, and where a token is in its life. Pure. */

/** "4 min 12 s", "12 s", "3 days". */
export function length(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** "in 4 min 12 s", "38 s ago". */
export function distance(at: number, now: number): string {
  return at > now ? `in ${length(at - now)}` : `${length(now - at)} ago`;
}

/** Seconds since the epoch, as tokens have them (RFC 7519 NumericDate), in milliseconds; null for anything else. */
export function instantOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value * 1_000 : null;
}

/** The part of a life that is left: from 1 to 0. */
export function partLeft(from: number, to: number, now: number): number {
  return to <= from ? 0 : Math.min(1, Math.max(0, (to - now) / (to - from)));
}
