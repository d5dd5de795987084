/** The session in React: a component that uses it is drawn again whenever somebody signs in or out, in whatever tab. */

import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { ClientState } from './client-state.js';
import type { SessionClient } from './session-client.js';

const UNKNOWN: ClientState = { kind: 'unknown' };

/**
 * The state of the client's session. `unknown` until the storage has been read, which this sees to, and wherever pages are
 * rendered on a server. `onFault` is told where the storage cannot be read.
 */
export function useSession(client: SessionClient, onFault: (fault: unknown) => void = report): ClientState {
  const state = useSyncExternalStore(
    useCallback((changed: () => void) => client.subscribe(changed), [client]),
    () => client.state,
    () => UNKNOWN,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another onFault is no reason to read the storage again.
  useEffect(() => {
    if (client.state.kind === 'unknown') client.start().catch(onFault);
  }, [client]);
  return state;
}

/** As an error that nobody caught. */
function report(fault: unknown): void {
  queueMicrotask(() => {
    throw fault;
  });
}
