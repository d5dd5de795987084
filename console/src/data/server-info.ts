/** What the server promises, and its clock: the same for everybody, so they are asked once for all pages. */

import { useEffect } from 'react';
import { ServerInfoDocument, type ServerInfoQuery } from '../generated/graphql.js';
import { client } from '../session/client.js';
import { createStore, useStore } from '../session/emitter.js';
import { useReturn } from '../session/returns.js';
import { type Fault, faultOf } from './faults.js';
import { useNow } from './use-now.js';

export type ServerInfo = ServerInfoQuery['serverInfo'];

interface Known {
  readonly info: ServerInfo | null;
  /** How far the server's clock is ahead of this machine's, which may be wrong by any amount. */
  readonly aheadMs: number;
  /** Why there is none. */
  readonly fault: Fault | null;
}

const known = createStore<Known>({ info: null, aheadMs: 0, fault: null });
let isAsking = false;

async function learn(): Promise<void> {
  if (known.get().info !== null || isAsking) return;
  isAsking = true;
  try {
    const { serverInfo: info } = await client.request(ServerInfoDocument, {});
    known.set({ info, aheadMs: Date.parse(info.serverTime) - Date.now(), fault: null });
  } catch (error) {
    known.set({ ...known.get(), fault: faultOf(error) });
  } finally {
    isAsking = false;
  }
}

function useKnown(): Known {
  useEffect(() => void learn(), []);
  useReturn(learn);
  return useStore(known);
}

/** Null until it is known. Where it was not to be had, pages say less without it, and nothing wrong; the next asks again. */
export function useServerInfo(): ServerInfo | null {
  return useKnown().info;
}

/** Whether it keeps no list of devices, so that none can be shown and none be logged out from elsewhere. */
export function useIsStateless(): boolean {
  return useServerInfo()?.sessionModel === 'STATELESS';
}

/** For pages that are nothing without it. */
export function useServerInfoFault(): { readonly fault: Fault | null; readonly retry: () => Promise<void> } {
  return { fault: useKnown().fault, retry: learn };
}

/** Milliseconds since the epoch, by the server's clock, renewed as often as it is worth it. */
export function useServerNow(everyMs = 1_000): number {
  const { aheadMs } = useKnown();
  return useNow(everyMs) + aheadMs;
}

/** By the server's clock, as far as it is known. */
export function serverNow(): number {
  return Date.now() + known.get().aheadMs;
}
