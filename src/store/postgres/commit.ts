/** Commits a transaction and knows whether that is durable. Called by `connection.ts`; holds nothing. */

import type pg from 'pg';
import { CommitUnknown } from './doubt.js';

/**
 * A server that is told to cancel a commit which waits for a synchronous standby warns and then says that it is done: it
 * is, but only here. So no timeout of the server may fall into the wait, and where somebody cancels it by hand the
 * warning counts as no answer. Our own timeout gives up the connection instead.
 */
export async function commit(client: pg.PoolClient): Promise<void> {
  let cancelled = false;
  const heed = (notice: { readonly routine?: string | undefined }) => {
    if (notice.routine === 'SyncRepWaitForLSN') cancelled = true;
  };
  client.on('notice', heed);
  try {
    // One round trip; the timeout that runs since the first statement stops with it.
    await client.query('set local statement_timeout = 0; commit');
  } catch (fault) {
    throw new CommitUnknown('', { cause: fault });
  } finally {
    client.off('notice', heed);
  }
  if (cancelled)
    throw new CommitUnknown('', { cause: new Error('timeout: the wait for a standby was cancelled') });
}
