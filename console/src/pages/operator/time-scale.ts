/**
 * Where an instant stands in the timeline of the keys. Keys live for a month and retire for minutes, so time is drawn
 * logarithmically in both directions from now: what is near is large, and what is far still fits.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Below this, time is drawn as it is. */
const UNIT = MINUTE;
const TICKS: readonly (readonly [milliseconds: number, label: string])[] = [
  [5 * MINUTE, '5 min'],
  [HOUR, '1 h'],
  [DAY, '1 d'],
  [7 * DAY, '7 d'],
  [30 * DAY, '30 d'],
  [180 * DAY, '6 mo'],
  [730 * DAY, '2 y'],
];
/** So that there is something to see of a server that has just started. */
const SHORTEST = 15 * MINUTE;
const SPACE_FOR_LABEL = 38;

export interface Tick {
  readonly x: number;
  readonly label: string;
}

export interface TimeScale {
  readonly width: number;
  /** In pixels from the left; what lies outside is at the edge. */
  x(at: number): number;
  readonly ticks: readonly Tick[];
}

/** Spans at least all of `instants`, with a little room at both ends. */
export function timeScale(instants: readonly number[], now: number, width: number): TimeScale {
  const first = Math.min(now - SHORTEST, ...instants);
  const last = Math.max(now + SHORTEST, ...instants);
  const [left, right] = [drawn(first - now) * 1.04, drawn(last - now) * 1.12];
  const x = (at: number) => Math.max(0, Math.min(1, (drawn(at - now) - left) / (right - left))) * width;
  return { width, x, ticks: [...ticks(x, now, -1), { x: x(now), label: 'now' }, ...ticks(x, now, 1)] };
}

function drawn(fromNow: number): number {
  return Math.sign(fromNow) * Math.log1p(Math.abs(fromNow) / UNIT);
}

/** Outwards from now, each where the one before leaves it room. */
function ticks(x: (at: number) => number, now: number, direction: -1 | 1): Tick[] {
  const found: Tick[] = [];
  let previous = x(now);
  const [low, high] = [x(Number.NEGATIVE_INFINITY), x(Number.POSITIVE_INFINITY)];
  for (const [milliseconds, label] of TICKS) {
    const at = x(now + direction * milliseconds);
    const isOutside = at <= low + 14 || at >= high - 14;
    if (isOutside || Math.abs(at - previous) < SPACE_FOR_LABEL) continue;
    found.push({ x: at, label: direction < 0 ? `−${label}` : `+${label}` });
    previous = at;
  }
  return found;
}
