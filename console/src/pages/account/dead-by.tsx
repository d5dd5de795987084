/** How long what was ended may still be accepted: the honest remainder, before it is done. */

import type { ReactNode } from 'react';
import { duration } from '../../data/faults.js';
import { useServerInfo } from '../../data/server-info.js';

export function DeadBy(): ReactNode {
  const info = useServerInfo();
  if (info === null) return null;
  return (
    <p className="aside">
      This server refuses what is logged out at once, and every node of it within{' '}
      {duration(info.maxStaleness)}. A service that only reads public keys may accept a last access token for
      up to {duration(info.accessTokenLifetime)}.
    </p>
  );
}
