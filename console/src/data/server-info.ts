/** What the server promises: the same for everybody, so it is asked once for all pages. */

import { useEffect } from 'react';
import { ServerInfoDocument, type ServerInfoQuery } from '../generated/graphql.js';
import { client } from '../session/client.js';
import { createStore, useStore } from '../session/emitter.js';

export type ServerInfo = ServerInfoQuery['serverInfo'];

const known = createStore<ServerInfo | null>(null);
let isAsking = false;

/** Null until it is known. Where it was not to be had, the next page that wants it asks again. */
export function useServerInfo(): ServerInfo | null {
  useEffect(() => {
    if (known.get() !== null || isAsking) return;
    isAsking = true;
    client
      .request(ServerInfoDocument, {})
      .then(({ serverInfo }) => known.set(serverInfo))
      .catch(() => {
        // Pages say less without it, and nothing wrong.
      })
      .finally(() => {
        isAsking = false;
      });
  }, []);
  return useStore(known);
}
