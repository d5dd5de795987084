/**
 * What the server tells this session unasked, over a WebSocket for as long as somebody is signed in. The library for it is
 * loaded after the page has been drawn. Where no socket comes through, everything works but being told: requests find out.
 */

import { useEffect, useRef } from 'react';
import { socketOptions } from '../../../src/client/index.js';
import { SessionEventsDocument, type SessionEventsSubscription } from '../generated/graphql.js';
import { client, ENDPOINT } from './client.js';
import { createStore } from './emitter.js';
import { noteEnd } from './end-of-session.js';
import { noteReturn } from './returns.js';

export type SessionEvent = SessionEventsSubscription['sessionEvents'];
export type Liveness = 'off' | 'connecting' | 'live';

/** Whether this page is told of changes at once. */
export const liveness = createStore<Liveness>('off');
const listeners = new Set<(event: SessionEvent) => void>();
/** After a subscription that came to its end while the session goes on, such as of a machine that slept. */
const AGAIN_MS = 10_000;
/** Whoever waits for longer is told that there is no connection, while it goes on trying. */
const PATIENCE_MS = 4_000;
let stop: (() => void) | null = null;
let later: ReturnType<typeof setTimeout> | undefined;
let late: ReturnType<typeof setTimeout> | undefined;

/** Listens for as long as the component is there. */
export function useSessionEvents(listener: (event: SessionEvent) => void): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const hear = (event: SessionEvent) => latest.current(event);
    listeners.add(hear);
    return () => void listeners.delete(hear);
  }, []);
}

/** For as long as somebody is signed in; returns how to stop. */
export function listen(): () => void {
  connect();
  const again = () => {
    if (document.visibilityState === 'visible' && liveness.get() === 'off') connect();
  };
  addEventListener('online', again);
  document.addEventListener('visibilitychange', again);
  return () => {
    removeEventListener('online', again);
    document.removeEventListener('visibilitychange', again);
    disconnect();
  };
}

function connect(): void {
  disconnect();
  awaitConnection();
  let isWanted = true;
  stop = () => {
    isWanted = false;
  };
  import('graphql-ws').then(
    ({ createClient }) => {
      if (!isWanted) return;
      const { on, ...options } = socketOptions(client);
      const socket = createClient({
        url: ENDPOINT.replace(/^http/, 'ws'),
        ...options,
        on: {
          ...on,
          connected: (opened) => {
            on.connected(opened);
            clearTimeout(late);
            liveness.set('live');
            noteReturn();
          },
          closed: (event) => {
            if (isWanted) lose();
            on.closed(event);
          },
        },
      });
      const off = () => {
        if (!isWanted) return;
        liveness.set('off');
        later = setTimeout(connect, AGAIN_MS);
      };
      const unsubscribe = socket.subscribe<SessionEventsSubscription>(
        { query: String(SessionEventsDocument) },
        { next: ({ data }) => data && tell(data.sessionEvents), error: off, complete: off },
      );
      stop = () => {
        isWanted = false;
        unsubscribe();
        // It waits for a connection that is being made, and rejects where none comes of it.
        Promise.resolve(socket.dispose()).catch(() => {});
      };
    },
    () => liveness.set('off'),
  );
}

function awaitConnection(): void {
  liveness.set('connecting');
  clearTimeout(late);
  late = setTimeout(() => liveness.set('off'), PATIENCE_MS);
}

/** One that was there is mostly back in a moment; one that did not come about may never come. */
function lose(): void {
  if (liveness.get() === 'live') awaitConnection();
  else liveness.set('off');
}

function disconnect(): void {
  clearTimeout(later);
  clearTimeout(late);
  stop?.();
  stop = null;
  liveness.set('off');
}

function tell(event: SessionEvent): void {
  if (event.__typename === 'SessionsEndedEvent') noteEnd(event.reason);
  if (event.__typename === 'TokenReuseEvent' && event.current) noteEnd('REUSE');
  if (event.__typename === 'SessionEndedEvent' && event.current) {
    noteEnd(event.reason);
    // The socket is closed after this, which says the same; whoever comes first is right.
    void client.recheck();
  }
  for (const listener of listeners) listener(event);
}
