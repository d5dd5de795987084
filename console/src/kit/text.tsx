/** Small pieces of text with a meaning of their own: badges, instants, serial numbers. */

import type { ReactNode } from 'react';
import { useServerNow } from '../data/server-info.js';
import { absolute, relative } from '../data/times.js';
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

/** An instant, told from now by the server's clock and kept up to date; the exact time is in its title. `exact` shows that instead. */
export function Time({ at, exact = false }: { readonly at: string; readonly exact?: boolean }): ReactNode {
  const now = useServerNow(20_000);
  const full = absolute(at);
  return (
    <time dateTime={at} title={full}>
      {exact ? full : relative(Date.parse(at), now)}
    </time>
  );
}

/** An id as the number of a ticket: its last characters, with the whole of it in its title. */
export function Serial({ id, whole = false }: { readonly id: string; readonly whole?: boolean }): ReactNode {
  const shown = whole ? id : id.slice(-8);
  return (
    <span className="serial" title={id}>
      <span aria-hidden="true">№{'\u00a0'}</span>
      {shown}
    </span>
  );
}
