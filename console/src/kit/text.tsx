/** Small pieces of text with a meaning of their own: badges, instants, serial numbers. */

import { type ReactNode, useEffect, useState } from 'react';
import type { Tone } from './notice.js';

/** A word about a thing, such as "This device" or "Suspended". */
export function Badge({
  tone = 'info',
  children,
}: {
  readonly tone?: Tone | 'plain';
  readonly children: ReactNode;
}): ReactNode {
  return <span className={`badge badge--${tone}`}>{children}</span>;
}

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const ABSOLUTE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "3 minutes ago", "in 2 days", "just now". */
export function relative(at: number, now: number): string {
  const seconds = (at - now) / 1_000;
  for (const [unit, length] of UNITS)
    if (Math.abs(seconds) >= length) return RELATIVE.format(Math.round(seconds / length), unit);
  return seconds > 5 ? 'in a moment' : 'just now';
}

/** The instant in full, in the zone of whoever looks. */
export function absolute(at: string): string {
  return ABSOLUTE.format(new Date(at));
}

/** An instant, told from now and kept up to date; the exact time is in its title. `exact` shows that instead. */
export function Time({ at, exact = false }: { readonly at: string; readonly exact?: boolean }): ReactNode {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000);
    return () => clearInterval(timer);
  }, []);
  const full = absolute(at);
  return (
    <time dateTime={at} title={full}>
      {exact ? full : relative(Date.parse(at), Math.max(now, 0))}
    </time>
  );
}

/** An id as the number of a ticket: its last characters, with the whole of it in its title. */
export function Serial({ id, whole = false }: { readonly id: string; readonly whole?: boolean }): ReactNode {
  const shown = whole ? id : id.slice(-8);
  return (
    <span className="serial" title={id}>
      <span aria-hidden="true">№ </span>
      {shown}
    </span>
  );
}
