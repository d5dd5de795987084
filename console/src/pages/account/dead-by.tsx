/** How long what was ended may still be accepted: the honest remainder, before it is done. */

import type { ReactNode } from 'react';
import { duration } from '../../data/faults.js';
import { useQuery } from '../../data/use-query.js';
import { ServerInfoDocument } from '../../generated/graphql.js';

export function DeadBy(): ReactNode {
  const info = useQuery(ServerInfoDocument, {}).data?.serverInfo;
  if (info === undefined) return null;
  return (
    <p className="aside">
      This server refuses it at once, and every node of it within {duration(info.maxStaleness)}. A service
      that only reads public keys may accept its last access token for up to{' '}
      {duration(info.accessTokenLifetime)}.
    </p>
  );
}
