/** The server's clock in a page, as far as it can be known: a learner's own may be wrong by any amount. */

import { useEffect, useMemo, useState } from 'react';
import { useQuery } from '../../data/use-query.js';
import { ServerInfoDocument, type ServerInfoQuery } from '../../generated/graphql.js';

export type ServerInfo = ServerInfoQuery['serverInfo'];

export function useServerInfo(): ServerInfo | null {
  return useQuery(ServerInfoDocument, {}).data?.serverInfo ?? null;
}

/** Milliseconds since the epoch, by the server's clock, once a second. */
export function useServerNow(info: ServerInfo | null): number {
  const ahead = useMemo(() => (info === null ? 0 : Date.parse(info.serverTime) - Date.now()), [info]);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now + ahead;
}
