/**
 * How a store answers what an owner reads of the audit log. A long log and a long history of one user must cost no more
 * than the page that is asked for: an index gives its rows in their order, and nothing is sorted.
 */

import { identifierFromBytes, type UserId } from '../../../src/entities/identifier.js';
import type { Store } from '../../../src/store/ports/store.js';

const BUSY = identifierFromBytes<UserId>(Buffer.alloc(16, 1));
const PAGE = 20;

/** One page from the top, and the next. */
export async function readActivity({ audit }: Store): Promise<void> {
  const filter = { userId: BUSY, kind: null };
  const { items } = await audit.list(filter, { first: PAGE, after: null });
  await audit.list(filter, { first: PAGE, after: items.at(-1)?.cursor ?? '1' });
}

/** A log of `rows` rows, of which one in 300 is that user's: by SQL, as there are many. `hex` reads bytes. */
export function longLog(series: string, hex: (digits: string) => string, rows: number): string {
  const [busy, other] = ['01'.repeat(16), '02'.repeat(16)].map(hex);
  return `insert into audit_log (at, kind, user_id)
    with ${series} select n, 'login.succeeded', case when n % 300 = 0 then ${busy} else ${other} end from series
    where n <= ${rows}`;
}
